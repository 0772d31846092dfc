"""What was declared about a version, as its pages show it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from governance.models import User
from governance.prepared import prepared
from registry import records
from registry.actions.records import right_to_declare
from registry.models import Record, Version
from registry.presenting.addresses import of_version
from registry.presenting.operated import feeds
from registry.presenting.parts import role_says_no
from registry.quality import Quality

MOST_RECORDS = 10


@dataclass
class RecordRow:
    """One record, its data as text, where this person withdraws it, if they may, and the checks that it
    feeds."""

    record: Record
    title: str
    text: str
    withdraw: str
    feeds: list[Quality]


def newest(person: User, version: Version) -> list[RecordRow]:
    """One more than the page of a version shows."""
    return rows(person, version, first_of(version=version.pk))


@prepared
def first_of(*, version: Any) -> QuerySet[Record]:
    return of(version)[: MOST_RECORDS + 1]


def of(version: Any) -> QuerySet[Record]:
    return Record.objects.filter(version=version).select_related("by", "withdrawn_by")


def rows(person: User, version: Version, found: Iterable[Record]) -> list[RecordRow]:
    return [row(person, version, record) for record in found]


def row(person: User, version: Version, record: Record) -> RecordRow:
    href = of_version(version, "withdraw_record", pk=record.pk) if withdraws(person, version, record) else ""
    fed = feeds(record.kind, version.artifact.kind) if record.stands else []
    return RecordRow(record, title(record.kind), written(in_order(record)), href, fed)


def title(kind: str) -> str:
    """The name of a kind, also of one that is no more."""
    return records.KINDS[kind].title if kind in records.KINDS else kind


def in_order(record: Record) -> dict[str, object]:
    """What it holds as its schema has it: the database keeps no order."""
    known = records.KINDS[record.kind].schema["properties"] if record.kind in records.KINDS else ()
    return {**{name: record.data[name] for name in known if name in record.data}, **record.data}


def written(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)


def withdraws(person: User, version: Version, record: Record) -> bool:
    """As the policy has it, without a query for each row."""
    if not record.stands or role_says_no(person, "record.withdraw", version):
        return False
    return person.pk == record.by_id or not role_says_no(person, "finding.waive", version)


def offered(person: User, version: Version) -> list[str]:
    """The kinds that this person may declare."""
    rights = {kind: right_to_declare(kind) for kind in records.KINDS}
    may = {right for right in set(rights.values()) if not role_says_no(person, right, version)}
    return [kind for kind, right in rights.items() if right in may]
