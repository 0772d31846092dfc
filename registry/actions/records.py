"""Records are declared, and withdrawn."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from governance import access, audit, subjects
from governance.actions import saved
from governance.audit import action
from governance.errors import Absent, Conflict, Invalid
from governance.models import User
from governance.names import plain_text
from registry import records
from registry.actions.artifacts import lock
from registry.actions.versions import there
from registry.models import Kind, Record, Version
from registry.tasks import enqueue_judging

MOST_RECORDS = 200


def right_to_declare(kind: str) -> str:
    """The action that a person needs to declare a record of a kind."""
    return "record.add_operated" if kind in records.OPERATED else "record.add"


@action("record.add")
def add_record(version: Version, kind: str, data: Any, *, by: User) -> tuple[Record, bool]:
    """Declare evidence about a version, a draft or a frozen one, and whether it is new: the same again is the
    record that stands already."""
    lock(version.artifact_id)
    version = there(version)
    known = records.kind_called(kind)
    access.check(by, right_to_declare(kind), version)
    kept, digest = records.checked(known, data)
    same = version.records.standing().select_related("by").filter(digest=digest).first()
    if same is not None:
        return same, False
    if version.records.count() >= MOST_RECORDS:
        raise Conflict(f"A version has at most {MOST_RECORDS} records, with those that were withdrawn.")
    about = {"dataset_digest": digest_of_dataset(str(kept.get("dataset", "")), by)}
    record = saved(Record(version=version, kind=kind, data=kept, digest=digest, by=by, **about))
    after = {"record": record.pk, "kind": kind, "sha256": digest}
    audit.record("record.add", version, by=by, after=after)
    judge_evidence(record)
    return record, True


def digest_of_dataset(label: str, by: User) -> str:
    """Of the version that is named, as far as its declarer sees it; empty for a draft and for what is
    elsewhere."""
    if subjects.match(label) is None:
        return ""
    try:
        kind, found = subjects.find(by, label)
    except Absent:
        return ""
    return found.digest if kind.name == "version" and found.artifact.kind == Kind.DATASET else ""


def judge_evidence(record: Record) -> None:
    """Models and datasets are judged by what is declared of them, too, after commit."""
    if record.version.artifact.kind != Kind.ASSET:
        enqueue_judging(record.version_id)


@action("record.withdraw")
def withdraw_record(record: Record, *, reason: str, by: User) -> Record:
    """Say that a record does not hold. It stays, struck out, with who withdrew it and why."""
    lock(record.version.artifact_id)
    record = Record.objects.select_related("version__artifact__team", "version__added_by", "by").get(
        pk=record.pk
    )
    access.check(by, "record.withdraw", record.version, record=record)
    if not record.stands:
        raise Conflict("This record was withdrawn already.")
    if not reason.strip():
        raise Invalid("To withdraw a record takes a reason.", errors={"reason": ["Say why."]})
    record.reason = plain_text(reason, "reason")
    record.withdrawn_at, record.withdrawn_by = timezone.now(), by
    record.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
    after = {"record": record.pk, "kind": record.kind, "sha256": record.digest}
    audit.record("record.withdraw", record.version, by=by, reason=reason, after=after)
    judge_evidence(record)
    return record
