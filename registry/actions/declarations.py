"""What people say about the columns of a dataset is declared, and its versions are judged anew."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from governance import access, audit
from governance.actions import saved
from governance.audit import action
from governance.errors import Invalid
from governance.models import User
from registry.actions.artifacts import lock
from registry.models import Artifact, CheckResult, Declaration, Kind, Version
from registry.models.declarations import MANY, ONE
from registry.profiles.formats import KINDS, parsed
from registry.tasks import enqueue_checks, enqueue_judging

MOST_JUDGED = 100
MOST_MEASURED = 10


@action("dataset.declare")
def declare(artifact: Artifact, /, *, by: User, **columns: Any) -> Declaration:
    """From now on this holds for every version: what is not named is not declared any more. The same again is
    what holds already."""
    artifact = lock(artifact.pk)
    access.check(by, "dataset.declare", artifact)
    if artifact.kind != Kind.DATASET:
        raise Invalid(f"{artifact.name} is no dataset: only the columns of a dataset are declared.")
    before = artifact.declarations.first()
    declaration = Declaration(artifact=artifact, number=before.number + 1 if before else 1, by=by)
    for name in ONE:
        setattr(declaration, name, str(columns.get(name) or "").strip())
    for name in MANY:
        setattr(declaration, name, list(dict.fromkeys(columns.get(name) or ())))
    refuse_unknown(declaration.formats)
    if before and described(before) == described(declaration):
        return before
    saved(declaration)
    audit.record(
        "dataset.declare",
        artifact,
        by=by,
        before=described(before) if before else None,
        after={"declaration": declaration.number, **described(declaration)},
    )
    judge_again(artifact)
    return declaration


def refuse_unknown(formats: list[str]) -> None:
    for entry in formats:
        if not parsed(entry)[1]:
            raise Invalid(
                f"{entry} says no format: write a column, a colon and one of {', '.join(KINDS)}, such as "
                "mobile: phone DE."
            )


def described(declaration: Declaration) -> dict[str, Any]:
    """What was said, without what was not."""
    said = {name: getattr(declaration, name) for name in (*ONE, *MANY)}
    return {name: value for name, value in said.items() if value}


def judge_again(artifact: Artifact) -> None:
    """The newest versions, after commit: a few are measured anew, too."""
    frozen = Version.objects.filter(artifact=artifact).exclude(submitted_at=None).order_by("-number")
    keys = list(frozen.values_list("pk", flat=True)[:MOST_JUDGED])
    again = CheckResult.objects.filter(version__in=keys[:MOST_MEASURED], check_name="profile")
    again.update(asked_at=timezone.now(), attempts=0)
    for pk in keys[:MOST_MEASURED]:
        enqueue_checks(pk)
    for pk in keys:
        enqueue_judging(pk)
