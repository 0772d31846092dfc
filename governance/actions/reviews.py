"""Teams are reviewed. A review proposes and never acts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from governance import access, audit, reviewing
from governance.audit import action
from governance.models import Review, Team, User
from governance.telling import holding, tell
from governance.templatetags.words import counted

KEPT = 12


@action("team.review")
def review_team(team: Team, *, by: User) -> Review:
    """Keep what may be cleaned up in a team. The stewards are told once a week, of anything at all."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    access.check(by, "team.review", team)
    now = timezone.now()
    found = reviewing.proposals(team, now)
    review, is_new = Review.objects.update_or_create(
        team=team, week=monday(now), defaults={"made_at": now, "proposals": found}
    )
    team.reviews.exclude(pk__in=list(team.reviews.values_list("pk", flat=True)[:KEPT])).delete()
    number = reviewing.number(found)
    audit.record("team.review", review, by=by, after={"proposals": number})
    if is_new and number:
        words = f"The weekly review of {team.slug} proposes {counted(number, 'thing')} to look at."
        tell("review", holding(team, "steward"), review, words)
    return review


def monday(now: datetime) -> date:
    """The first day of a week, in UTC."""
    day = now.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())
