"""End waivers whose time is over, and tell whom it concerns 14 and 3 days before."""

from __future__ import annotations

from governance.models import User
from governance.schedule import every
from governance.templatetags.words import counted
from registry import actions
from registry.models import Waiver
from registry.models.findings import WaiverQuerySet

AHEAD = (3, 14)  # days; the nearer first, so that nobody is told of both at once
MOST = 500


@every(seconds=600)
def end_waivers() -> str | None:
    system = User.system()
    ended = sum(actions.end_waiver(waiver, by=system) for waiver in some(Waiver.objects.over()))
    told = sum(
        actions.announce_end(waiver, days) for days in AHEAD for waiver in some(Waiver.objects.ending(days))
    )
    said = [f"Ended {counted(ended, 'waiver')}."] if ended else []
    return " ".join([*said, f"Told of {counted(told, 'waiver')} ending soon."] if told else said) or None


def some(waivers: WaiverQuerySet) -> WaiverQuerySet:
    return waivers.select_related("artifact__team", "artifact__owner", "by").order_by("ends_at", "pk")[:MOST]
