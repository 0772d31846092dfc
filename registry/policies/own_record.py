"""A record is withdrawn by who declared it, or by a steward."""

from __future__ import annotations

from governance import access
from governance.access import Objection, listed, policy
from governance.models import User
from registry.models import Record, Version
from registry.presenting.addresses import of_version


@policy("record.withdraw")
def own_record(person: User, version: Version, *, record: Record, **_: object) -> Objection | None:
    stewards = access.holders(version.team, "finding.waive")
    if person.pk == record.by_id or person.pk in stewards:
        return None
    return Objection(
        f"Only {record.by}, who declared it, or a steward may withdraw this record.",
        "who declared it, or a steward, withdraws it.",
        who=listed([str(record.by), *stewards.values()]),
        link=of_version(version, "records"),
    )
