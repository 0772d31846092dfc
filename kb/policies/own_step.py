"""A step is done by who was named for it. Where nobody was, by anybody who takes part in runs."""

from __future__ import annotations

from governance.access import Objection, listed, policy
from governance.models import User
from kb.models import Run
from kb.proving import StepNow


@policy("run.put")
def own_step(person: User, run: Run, *, step: StepNow | None = None, **_: object) -> Objection | None:
    if step is None or not step.people or person.pk in {each.pk for each in step.people}:
        return None
    who = listed([str(each) for each in step.people])
    cure = "they do it, or somebody hands the run over."
    return Objection(f"This step is {who}'s.", cure, who=who, link=f"/{run.label}/")
