"""A rollback goes back."""

from __future__ import annotations

import pytest

from governance.errors import Denied
from registry import actions
from registry.models import Gate, Severity
from registry.policies.held_before import held_before
from tests import factories
from tests.registry.conftest import found
from tests.registry.test_gates import settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(clean, operator):
    actions.promote(clean, "staging", by=operator)
    return clean


def test_a_version_that_held_the_alias_passes(held, operator):
    assert held_before(operator, held, alias="staging") is None


def test_one_that_never_did_is_refused(held, operator):
    objection = held_before(operator, held, alias="production")

    assert objection.sentence == "Version 1 never was production: promote it instead."
    assert objection.cure == "go back to a version that was production, or promote this one."
    assert (objection.who, objection.link) == ("priya", "/models/fraud/scorer/versions/1/")


def test_one_that_never_passed_its_gate_is_refused(clean, artifact, author, operator, steward):
    """Else whoever may push could point a name at anything, and have it back once the name has a gate."""
    actions.move_alias(clean, "canary", by=author)
    actions.move_alias(factories.checked(artifact, author), "canary", by=author)
    settings(clean.team, steward, canary=Gate(approvals=1))

    with pytest.raises(Denied) as refused:
        actions.roll_back(clean, "canary", reason="It was better.", by=operator)

    assert refused.value.sentence == "Version 1 was canary only while that had no gate: promote it instead."


def test_one_with_an_open_critical_finding_is_refused(held, operator, steward):
    finding = found(held, Severity.CRITICAL)

    objection = held_before(operator, held, alias="staging")

    assert objection.sentence == (
        "notes.txt: It names strange.Name. A version with an open critical finding stays out of use."
    )
    assert objection.cure.startswith("go back to another version, or a steward who is not the author waives")
    assert objection.who == "jonas"
    assert objection.link == f"/models/fraud/scorer/versions/1/findings/#finding-{finding.pk}"


def test_one_with_a_high_finding_may_come_back(held, operator):
    found(held, Severity.HIGH)

    assert held_before(operator, held, alias="staging") is None
