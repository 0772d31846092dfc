"""Decisions are people's: no service account makes one, whatever its roles."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import User

SENTENCE = "A service account decides nothing: a person must do this."


@policy(
    "approval.approve",
    "approval.reject",
    "artifact.release_hold",
    "dataset.open",
    "finding.waive",
    "gate.confirm",
    "gate.reject",
    "grant.approve",
    "grant.reject",
    "name.add",
    "name.end",
    "run.waive",
    "signing_key.add",
    "signing_key.end",
    "version.reinstate",
)
def people_decide(person: User, subject: object, **_: object) -> Objection | None:
    if person.answered_by_id is None:
        return None
    return Objection(SENTENCE, "somebody who may decide acts.", who=str(person.answered_by))
