"""What a gate asks for is not made easier by changing the playbook that it names."""

from __future__ import annotations

import pytest

from governance.errors import Denied
from kb import actions
from kb.playbooks import PLAYBOOKS
from kb.policies.gate_asks import gate_asks
from registry import actions as registering
from registry.models import Gate
from tests import factories
from tests.kb.running import steward, team

__all__ = ["steward", "team"]

pytestmark = pytest.mark.django_db


def test_a_playbook_that_no_gate_asks_for_may_be_changed(team, steward):
    assert gate_asks(steward, team, code="PB-03") is None


def test_one_that_a_gate_asks_for_may_not(team, steward):
    gates = {"staging": Gate(), "production": Gate(approvals=1, run="PB-03")}
    asked = registering.request_gates(team, gates, by=steward)
    registering.confirm_gates(asked, by=factories.member(team, "steward"))
    shipped = PLAYBOOKS["PB-03"]

    with pytest.raises(Denied) as denied:
        actions.set_playbook(team, "PB-03", f"{shipped.text}# x", based_on=shipped.digest, by=steward)

    assert denied.value.sentence == (
        "The gate of production asks for a finished run of PB-03, so nobody changes it alone."
    )
