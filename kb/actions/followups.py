"""What is learned from a run: follow-ups with owner and day, and the article that tells how it went."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from governance import access
from governance.actions import cleaned, saved
from governance.audit import action
from governance.errors import Absent, Conflict
from governance.models import User
from kb.actions.articles import add_article
from kb.actions.run_parts import allowed, locked, noted, refuse, told
from kb.models import Article, FollowUp, Run
from kb.retrospects import LABEL, slug_of, text_of, title_of

MOST_FOLLOW_UPS = 100
LONGEST = timedelta(days=730)


@action("run.follow_up")
def add_follow_up(run: Run, text: str, *, owner: User, due_on: date, by: User) -> FollowUp:
    """Write down who does what until when, while it goes on or afterwards."""
    run = locked(run)
    allowed(by, "run.follow_up", run)
    if not text.strip():
        refuse("text", "Say what is to be done.")
    today = timezone.now().date()
    if not today <= due_on <= today + LONGEST:
        refuse("due_on", f"Choose a day from today on, at most {LONGEST.days} days ahead.")
    if not may_own(run, owner):
        refuse("owner", f"{owner} is nobody who may take part in this run.")
    if run.follow_ups.count() >= MOST_FOLLOW_UPS:
        raise Conflict(f"A run has at most {MOST_FOLLOW_UPS} follow-ups.")
    made = saved(cleaned(FollowUp(run=run, text=text.strip(), owner=owner, due_on=due_on, by=by)))
    noted("run.follow_up", run, by=by, after={"who": owner.username, "until": due_on.isoformat()})
    told(run, {owner} - {by}, f"{by} asked you for a follow-up of run {run.pk} until {due_on:%-d %B}.")
    return made


def may_own(run: Run, owner: User) -> bool:
    """Who sees the run: of a confidential one those who are named in it, of one about what is restricted
    those who may look into that."""
    if run.confidential:
        return owner.is_active and run.people.filter(user=owner.pk).exists()
    if owner.pk not in access.holders(run.team, "run.put") or owner.answered_by_id is not None:
        return False
    return not Run.objects.filter(access.hidden(owner, "subject"), pk=run.pk).exists()


@action("run.followed_up")
def settle_follow_up(run: Run, key: int, *, by: User) -> FollowUp:
    """Say that it is done."""
    run = locked(run)
    allowed(by, "run.followed_up", run)
    found = run.follow_ups.select_related("owner").filter(pk=key).first()
    if found is None:
        raise Absent("This run has no such follow-up.")
    if found.done_at is not None:
        raise Conflict("It is done already.")
    found.done_at, found.done_by = timezone.now(), by
    found.save(update_fields=["done_at", "done_by"])
    noted("run.followed_up", run, by=by, after={"who": found.owner.username})
    return found


@action("article.add")
def write_retrospective(run: Run, /, *, by: User) -> Article:
    """Begin the article about a run that is over: what happened in it and what is to follow. Who begins it
    owns it and writes what was learned."""
    run = locked(run)
    access.check(by, "article.add", run.team)
    if run.closed_at is None:
        raise Conflict("This run is not over yet.")
    if run.confidential:
        raise Conflict("What is in confidence is written down nowhere else.")
    if Article.objects.filter(team=run.team, slug=slug_of(run)).exists():
        raise Conflict(f"Its retrospective is there already: articles/{run.team.slug}/{slug_of(run)}.")
    return add_article(
        run.team, slug=slug_of(run), title=title_of(run), text=text_of(run), labels=[LABEL], by=by
    )
