"""A run is cancelled by who began it, who takes part in it, or a steward."""

from __future__ import annotations

from governance.access import Objection, holders, listed, policy
from governance.models import User
from kb.models import Run


@policy("run.cancel")
def takes_part(person: User, run: Run, **_: object) -> Objection | None:
    stewards = holders(run.team, "run.waive")
    inside = {run.started_by_id, *run.people.values_list("user", flat=True)}
    if person.pk in inside or person.pk in stewards:
        return None
    who = listed([str(run.started_by), *stewards.values()])
    return Objection(
        "Only who began this run, who takes part in it, or a steward may cancel it.",
        "one of them cancels it.",
        who=who,
    )
