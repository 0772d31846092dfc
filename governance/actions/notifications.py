"""How people like to be told."""

from __future__ import annotations

from collections.abc import Mapping

from governance import access, audit, mailing
from governance.audit import action
from governance.errors import Invalid
from governance.kinds import KINDS
from governance.models import Preference, User


@action("notification.set")
def set_ways(user: User, ways: Mapping[str, str], *, by: User) -> dict[str, str]:
    """How somebody is told of these kinds from now on; the others stay. All of them, as they are then."""
    access.check(by, "notification.set", user)
    for kind, way in ways.items():
        check_way(kind, way)
    before = mailing.ways_of(user)
    changed = {kind: way for kind, way in ways.items() if before[kind] != way}
    Preference.objects.bulk_create(
        [Preference(user=user, kind=kind, way=way) for kind, way in changed.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["way"],
    )
    if changed:
        was = {kind: before[kind] for kind in changed}
        audit.record("notification.set", user, by=by, before=was, after=changed)
    return {**before, **changed}


def check_way(kind: str, way: str) -> None:
    if kind not in KINDS:
        raise Invalid(f"Nobody is told of {kind[:60]}: choose from {', '.join(KINDS)}.")
    ways = KINDS[kind].ways
    if way not in ways:
        raise Invalid(f"{kind} reaches you by one of {', '.join(ways)}.", errors={kind: ["Choose one."]})
