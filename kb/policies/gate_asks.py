"""What a gate asks for is not made easier by changing the playbook that it names."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import Team, User
from registry.models.gates import gates_of


@policy("playbook.set")
def gate_asks(person: User, team: Team, *, code: str = "", **_: object) -> Objection | None:
    """Gates are lowered by two people; a steward changes a playbook alone."""
    asking = [alias for alias, gate in gates_of(team).items() if code and gate.run == code]
    if not asking:
        return None
    return Objection(
        f"The gate of {asking[0]} asks for a finished run of {code}, so nobody changes it alone.",
        "have the gate ask for no run of it, which a second person confirms, and ask again afterwards.",
        link=f"/teams/{team.slug}/gate/",
    )
