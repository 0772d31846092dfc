"""Versions are begun, filled, frozen and checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import IntegrityError
from django.db.models import Max, QuerySet, Value
from django.db.models.functions import Lower
from django.utils import timezone

from governance import access, audit
from governance.actions import saved
from governance.audit import action
from governance.errors import Absent, Conflict, Invalid
from governance.models import User
from governance.names import check_path, hidden, plain_text
from governance.prepared import prepared
from registry import tasks
from registry.actions.artifacts import lock, touch
from registry.actions.blobs import keep_blob
from registry.actions.follows import news
from registry.checks import for_kind
from registry.digests import digest_of
from registry.models import Artifact, Blob, CheckResult, File, Link, Version
from registry.storage import Stored

MOST_FILES = 10_000
MOST_VALUES = 1_000
NOT_ANNOUNCED = "The files are not those that were announced when version {} was begun: begin another one."

Parent = tuple[Version, str]


@action("version.add")
def add_version(
    artifact: Artifact,
    *,
    notes: str = "",
    metrics: Mapping[str, float] | None = None,
    parameters: Mapping[str, Any] | None = None,
    parents: Iterable[Parent] = (),
    by: User,
) -> Version:
    """A new draft. `parents` are (version, relation) pairs; the caller found them through `visible_to`."""
    artifact = lock(artifact.pk)
    access.check(by, "version.add", artifact)
    return begin(artifact, notes, numbers(metrics or {}), values(parameters or {}), parents, by=by)


def begin(
    artifact: Artifact,
    notes: str,
    metrics: dict[str, float],
    parameters: dict[str, Any],
    parents: Iterable[Parent],
    announced: str = "",
    *,
    by: User,
) -> Version:
    last = max(artifact.last_number, artifact.versions.aggregate(last=Max("number"))["last"] or 0)
    version = saved(
        Version(
            artifact=artifact,
            number=last + 1,
            notes=notes,
            metrics=metrics,
            parameters=parameters,
            announced=announced,
            added_by=by,
            answered_by=by.answered_by,
        )
    )
    for parent, relation in parents:
        add_parent(version, parent, relation)
    touch(artifact)
    audit.record("version.add", version, by=by, after={"notes": notes, "parents": lineage(version)})
    return version


def add_parent(version: Version, parent: Version, relation: str) -> None:
    if parent.is_draft:
        raise Conflict(f"{parent.label} is a draft: submit it before anything comes from it.")
    if relation not in Link.Relation.values:
        raise Invalid(f"A relation is one of {', '.join(Link.Relation.values)}.")
    if Link.objects.filter(version=version, parent=parent, relation=relation).exists():
        raise Invalid(f"{parent.label} is named twice.")
    saved(Link(version=version, parent=parent, relation=relation))


def lineage(version: Version) -> list[list[str]]:
    links = version.parents.select_related("parent__artifact__team").order_by("pk")
    return [[link.relation, link.parent.label] for link in links]


def numbers(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Metrics are an object of finite numbers."""
    for name, value in values(metrics).items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Invalid(f"The metric {name[:60]} is not a finite number.")
    return dict(metrics)


def values(given: Mapping[str, Any]) -> dict[str, Any]:
    if len(given) > MOST_VALUES or any(not 1 <= len(name) <= 120 for name in given):
        raise Invalid(
            f"At most {MOST_VALUES} metrics or parameters, each with a name of 1 to 120 characters."
        )
    if any(hidden(character) for name in given for character in name):
        raise Invalid("The name of a metric or parameter holds a character that cannot be seen.")
    for text in texts([*given.values()]):
        plain_text(text, "parameters")
    return dict(given)


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, however deep, and every name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from texts([*value, *value.values()])
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry)


# ------------------------------------------------------------------ files


@action("version.add_file")
def expect_file(version: Version, path: str, *, by: User) -> None:
    """Refuse what `add_file` would refuse, before anything is sent."""
    lock(version.artifact_id)
    expected(draft(version, by=by), check_path(path), by=by)


def expected(version: Version, path: str, *, by: User) -> None:
    if version.artifact.held_at is not None and at_path(version, path) is not None:
        access.check(by, "version.submit", version, loses=True)


@action("version.add_file")
def add_file(version: Version, path: str, stored: Stored, *, by: User) -> File:
    """Put stored bytes at a path of a draft, replacing what was there. The team's blob of the same
    content is used when there is one; the copy just written is then deleted after commit."""
    artifact = lock(version.artifact_id)
    version = draft(version, by=by)
    path = check_path(path)
    return place(version, path, keep(artifact, stored), by=by)


def place(version: Version, path: str, blob: Blob, *, by: User) -> File:
    """Put a blob at a path of a draft, on the record."""
    before = free_path(version, path)
    if before is not None and before.blob_id != blob.pk:
        access.check(by, "version.submit", version, loses=True)
    file = put(version, path, blob, by)
    audit.record(
        "version.add_file",
        version,
        by=by,
        before=before and {"path": path, "size": before.size, "sha256": before.sha256},
        after={"path": path, "size": blob.size, "sha256": blob.sha256},
    )
    return file


def free_path(version: Version, path: str) -> File | None:
    """The file that is replaced at a path, if there is one; `Conflict` when nothing can be put there."""
    before = at_path(version, path)
    if before is not None and before.path != path:
        raise Conflict(f"There is already a file {before.path}, which differs only in case.")
    if before is None and version.files.count() >= MOST_FILES:
        raise Conflict(f"A version holds at most {MOST_FILES:,} files: pack some of them.")
    return before


def at_path(version: Version, path: str) -> File | None:
    """The file that has this path, whatever its case: what that means is for the database to say, as in
    the constraint."""
    lowered = version.files.alias(lowered=Lower("path")).filter(lowered=Lower(Value(path)))
    return lowered.select_related("blob").first()


def put(version: Version, path: str, blob: Blob, by: User) -> File:
    new = {"blob": blob, "added_by": by, "answered_by": by.answered_by, "added_at": timezone.now()}
    try:
        file, _ = File.objects.update_or_create(version=version, path=path, defaults=new)
    except IntegrityError as error:
        raise Conflict(f"There is already a file like {path}: look at the list again.") from error
    return file


def keep(artifact: Artifact, stored: Stored) -> Blob:
    return keep_blob(artifact.team, stored)


@action("version.remove_file")
def remove_file(version: Version, path: str, *, by: User) -> None:
    """Take a file out of a draft. Its bytes are swept when nothing uses them."""
    lock(version.artifact_id)
    version = draft(version, by=by)
    access.check(by, "version.submit", version, loses=True)
    file = version.files.select_related("blob").filter(path=path).first()
    if file is None:
        raise Absent(f"This draft has no file {path[:120]}.")
    before = {"path": file.path, "size": file.size, "sha256": file.sha256}
    file.delete()
    audit.record("version.remove_file", version, by=by, before=before)


def own(version: Version, *, by: User) -> Version:
    """The version, read after the lock, when this person may submit it."""
    version = there(version)
    access.check(by, "version.submit", version)
    return version


def there(version: Version) -> Version:
    """The version, read after the lock; `Absent` when it was deleted meanwhile."""
    for found in standing(pk=version.pk):
        return found
    raise Absent("It was deleted meanwhile.")


@prepared
def standing(*, pk: Any) -> QuerySet[Version]:
    rows = Version.objects.select_related("artifact__team", "artifact__owner", "added_by")
    return rows.filter(pk=pk, deleted_at=None).order_by()


def draft(version: Version, *, by: User) -> Version:
    """The same, when it is a draft that may be changed."""
    version = own(version, by=by)
    if not version.is_draft:
        raise Conflict(f"Version {version.number} is frozen: begin a new one to change anything.")
    return version


# ------------------------------------------------------------------ freezing and checking


@action("version.submit")
def submit(version: Version, *, by: User) -> Version:
    """Freeze a draft under its digest and have it checked. What announced this digest may be submitted twice:
    a program that got no answer asks again, and nothing changes."""
    artifact = lock(version.artifact_id)
    version = own(version, by=by)
    if version.announced and version.announced == version.digest:
        return version
    version = draft(version, by=by)
    files = list(version.files.select_related("blob"))
    if not files:
        raise Conflict(f"Version {version.number} has no file yet: upload one first.")
    version.digest = digest_of(version)
    if version.announced not in {"", version.digest}:
        raise Conflict(NOT_ANNOUNCED.format(version.number))
    version.file_count = len(files)
    version.size = sum(file.size for file in files)
    version.submitted_at = timezone.now()
    version.save(update_fields=["digest", "file_count", "size", "submitted_at"])
    ask_for_checks(version)
    touch(artifact)
    audit.record("version.submit", version, by=by, after={"files": len(files), "size": version.size})
    news(version, f"{by} pushed version {version.number} of {artifact.name}.", by=by)
    tasks.enqueue_checks(version.pk)
    return version


@action("version.recheck")
def recheck(version: Version, *, queued: bool = True, by: User) -> Version:
    """Ask for every check again. What the last run found counts until the new one is in. Who does not have
    it `queued` runs the checks then."""
    artifact = lock(version.artifact_id)
    version = Version.objects.select_related("artifact__team").get(pk=version.pk)
    access.check(by, "version.recheck", artifact)
    if version.is_draft:
        raise Conflict(f"Version {version.number} is a draft: submit it, then it is checked.")
    ask_for_checks(version)
    audit.record("version.recheck", version, by=by)
    if queued:
        tasks.enqueue_checks(version.pk)
    return version


def ask_for_checks(version: Version) -> None:
    """One row for each file and check that has to run; those that exist are asked for again."""
    now = timezone.now()
    CheckResult.objects.bulk_create(
        [
            CheckResult(version=version, file=file, check_name=check.name, asked_at=now)
            for file in version.files.all()
            for check in for_kind(version.artifact.kind)
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["file", "check_name"],
        update_fields=["asked_at", "attempts"],
    )
