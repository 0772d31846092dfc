"""What is searched for in vain is kept, asked for when several people miss it, and put away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from governance import access, audit
from governance.audit import action
from governance.models import Membership, Team, User
from governance.telling import holding, settle, tell
from kb.models import Article, Miss, Wanted
from kb.ranking import rank
from kb.search import ARTICLES

KIND = "article-wanted"
SHORTEST = 3  # letters of what counts as searched for
KEPT = timedelta(days=90)
MOST_MISSES = 50  # of one person: the newest
MOST_WANTED = 50  # of one team that are open
PEOPLE = 2


def note_miss(person: User, text: str) -> None:
    """Keep what was searched for in vain, of each person a little. No event: nothing was said to anybody, and
    when two people of a team miss the same, the team is told what, not who."""
    said = " ".join(text.lower().split())[:200]
    if len(said) < SHORTEST:
        return
    Miss.objects.update_or_create(person=person, text=said, defaults={"at": timezone.now()})
    mine = Miss.objects.filter(person=person).order_by("-at", "-pk")
    Miss.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_MISSES:][:MOST_MISSES])).delete()


def forget_misses() -> None:
    Miss.objects.filter(at__lt=timezone.now() - KEPT).delete()


def ask_for_articles(team: Team) -> int:
    """Ask for what at least two people of a team missed lately and still nobody finds, once for each text;
    how many those are. Stewards are told what, not who."""
    asked = 0
    open_now = Wanted.objects.filter(team=team).open().count()
    for text, people in missed_by_several(team):
        if open_now + asked >= MOST_WANTED:
            break
        if rank(ARTICLES, [team.pk], text, 1).found:
            continue
        asked += want(team, text, people)
    return asked


@transaction.atomic
def want(team: Team, text: str, people: int) -> bool:
    """Ask for it and tell its stewards, or neither; whether that is new."""
    wanted, is_new = Wanted.objects.get_or_create(team=team, text=text, defaults={"people": people})
    if is_new:
        sentence = f"{people} people searched for “{text}” in vain: write an article, or put it away."
        tell(KIND, holding(team, "steward"), wanted, sentence)
    return is_new


def missed_by_several(team: Team) -> list[tuple[str, int]]:
    """What was not asked for before."""
    members = Membership.objects.filter(team=team, user__is_active=True).values("user")
    known = Wanted.objects.filter(team=team).values("text")
    rows = Miss.objects.filter(person__in=members, at__gt=timezone.now() - KEPT).exclude(text__in=known)
    counted: Any = rows.order_by().values("text").annotate(people=Count("person", distinct=True))
    several = counted.filter(people__gte=PEOPLE).order_by("-people", "text").values_list("text", "people")
    return list(several[: 2 * MOST_WANTED])


def close_wanted(article: Article) -> None:
    """What was asked for and an article has that all of its team read is not wanted any more."""
    for wanted in Wanted.objects.filter(team=article.team_id).open()[:MOST_WANTED]:
        if (
            Article.objects.filter(pk=article.pk, reach=article.team_id, archived_at=None)
            .matching(wanted.text)
            .exists()
        ):
            Wanted.objects.filter(pk=wanted.pk).update(closed_at=timezone.now())
            settle(KIND, wanted)


@action("wanted.dismiss")
def dismiss_wanted(wanted: Wanted, /, *, by: User) -> Wanted:
    """Say that no article is needed; it is not asked for again. A second time changes nothing."""
    wanted = Wanted.objects.select_for_update(of=("self",)).select_related("team").get(pk=wanted.pk)
    access.check(by, "wanted.dismiss", wanted)
    if wanted.closed_at is None:
        wanted.closed_at, wanted.dismissed_by = timezone.now(), by
        wanted.save(update_fields=["closed_at", "dismissed_by"])
        settle(KIND, wanted)
        audit.record("wanted.dismiss", wanted, by=by, after={"text": wanted.text})
    return wanted
