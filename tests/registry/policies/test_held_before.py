"""A rollback goes back."""

from __future__ import annotations

import pytest

from registry import actions
from registry.models import Severity
from registry.policies.held_before import held_before
from tests.registry.conftest import found

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
