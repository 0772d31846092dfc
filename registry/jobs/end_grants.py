"""End grants to read datasets whose time is over, and tell whom it concerns 14 days before."""

from __future__ import annotations

from governance.models import User
from governance.schedule import every
from governance.templatetags.words import counted
from registry import actions
from registry.models import Grant
from registry.models.grants import GrantQuerySet

AHEAD = 14  # days
MOST = 500


@every(seconds=600)
def end_grants() -> str | None:
    """What has ended gave nothing any more already: this puts it on the record."""
    system = User.system()
    ended = sum(actions.expire_grant(grant, by=system) for grant in some(Grant.objects.over()))
    told = sum(actions.announce_end_of_grant(grant, AHEAD) for grant in some(Grant.objects.ending(AHEAD)))
    said = [f"Ended {counted(ended, 'grant')}."] if ended else []
    return " ".join([*said, f"Told of {counted(told, 'grant')} ending soon."] if told else said) or None


def some(grants: GrantQuerySet) -> GrantQuerySet:
    return grants.order_by("ends_at", "pk")[:MOST]
