"""An archived team is read-only."""

from __future__ import annotations

from django.urls import reverse

from governance.access import EVERY, SITE, Objection, policy, team_of
from governance.models import User
from governance.roles import LOOK

# What reads, and what may happen to an archived team: who is in it, who reads there no longer, who answers
# for its accounts, its return, and what keeps things safe: nothing vanishes, and what is dangerous stops.
LEFT = LOOK | frozenset(
    {
        "system.view",
        "member.set",
        "grant.end",
        "service.hand_over",
        "user.deactivate",
        "user.reactivate",
        "token.add",
        "token.revoke",
        "notification.set",
        "artifact.follow",
        "artifact.unfollow",
        "artifact.hold",
        "artifact.release_hold",
        "version.withdraw",
        "team.archive",
        "team.unarchive",
    }
)


@policy(EVERY)
def team_at_work(person: User, subject: object, *, action: str, **_: object) -> Objection | None:
    """Steward itself goes on: what was released is checked again, and waivers end."""
    team = team_of(subject)
    if team is None or team.archived_at is None or action in LEFT or person.username == person.SYSTEM:
        return None
    return Objection(
        f"{team.slug} is archived since {team.archived_at:%d %B %Y}: it is read-only.",
        "bring the team back.",
        who=SITE,
        link=reverse("governance:team", args=[team.slug]),
    )
