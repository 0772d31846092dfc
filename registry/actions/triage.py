"""Findings are looked after: several at once, each on the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from governance import access, audit
from governance.audit import action
from governance.errors import Invalid
from governance.models import User
from governance.names import plain_text
from governance.telling import tell
from registry.models import Finding, Triage
from registry.models.findings import twins

MOST = 100


@action("finding.triage")
def triage(
    findings: Sequence[Finding],
    *,
    state: str = "",
    assignee: User | None = None,
    nobody: bool = False,
    note: str = "",
    by: User,
) -> list[Triage]:
    """Say what is thought of findings and who looks after them: all of them, or none when one is refused.
    What is not given stays as it is; `nobody` takes the assignee away. What other checks say of the same goes
    along."""
    check_number(findings)
    if not (state or assignee or nobody or note):
        raise Invalid("Say what becomes of them: a state, who looks after them, or a note.")
    if state and state not in Triage.State.values:
        raise Invalid(
            f"A finding is {', '.join(Triage.State.values)}.", errors={"state": ["Not one of them."]}
        )
    plain_text(note, "note")
    said = {"state": state, "assignee": assignee, "note": note}
    chosen = {finding.pk for finding in findings}
    each = sorted([*findings, *twins(findings)], key=in_turn)
    done = [(finding.pk, one(finding, said, nobody, by)) for finding in each]
    return [triage for pk, triage in done if pk in chosen]


def check_number(findings: Sequence[Finding]) -> None:
    if not findings:
        raise Invalid("Choose at least one finding.", errors={"findings": ["Choose at least one."]})
    if len(findings) > MOST:
        raise Invalid(f"At most {MOST} findings at once.", errors={"findings": [f"At most {MOST}."]})


def in_turn(finding: Finding) -> tuple[int, str, str, str, int]:
    """By what is locked, so that two people at once wait for each other in one order only."""
    key = finding.check_name, finding.path, finding.name
    return finding.version.artifact_id, *key, finding.pk


def one(finding: Finding, given: dict[str, Any], nobody: bool, by: User) -> Triage:
    version = finding.version
    access.check(by, "finding.triage", version)
    check_assignee(finding, given["assignee"])
    key = {name: getattr(finding, name) for name in ("check_name", "path", "name")}
    known, _ = Triage.objects.select_for_update(of=("self",)).get_or_create(
        artifact=version.artifact, **key, defaults={"by": by}
    )
    before = as_recorded(known)
    for name, value in given.items():
        if value:
            setattr(known, name, value)
    if nobody:
        known.assignee = None
    after = as_recorded(known)
    if before == after:
        return known
    known.by = by
    known.save()
    about = {"finding": finding.pk, "check": finding.check_name, "path": finding.path}
    audit.record(
        "finding.triage", version, by=by, reason=given["note"], before=before, after={**about, **after}
    )
    if known.assignee and known.assignee != by and before["assignee"] != after["assignee"]:
        sentence = f"{by} asks you to look after a finding of {finding.check_name} in {version}."
        tell("finding-assigned", [known.assignee], version, sentence)
    return known


def check_assignee(finding: Finding, person: User | None) -> None:
    """Whoever looks after it has to see it."""
    if person is not None and not Finding.objects.visible_to(person).filter(pk=finding.pk).exists():
        sentence = f"{person.username} may not see {finding.version}."
        raise Invalid(sentence, errors={"assignee": [sentence]})


def as_recorded(known: Triage) -> dict[str, Any]:
    assignee = known.assignee.username if known.assignee else None
    return {"state": known.state, "assignee": assignee, "note": known.note}
