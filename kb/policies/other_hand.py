"""Nobody waives a step of their own."""

from __future__ import annotations

from governance.access import Objection, able, policy
from governance.models import User
from kb.models import Run
from kb.proving import StepNow


@policy("run.waive")
def other_hand(person: User, run: Run, *, step: StepNow | None = None, **_: object) -> Objection | None:
    mine = {each.pk for each in step.people} if step is not None else set()
    if person.pk not in mine:
        return None
    who = able(run.team, "run.waive", but=mine)
    return Objection(
        "Someone who does not do this step must waive it.", "another steward waives it.", who=who
    )
