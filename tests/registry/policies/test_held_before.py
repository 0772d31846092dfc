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
    assert (
        held_before(operator, held, alias="production")
        == "Version 1 never was production: promote it instead."
    )


def test_one_with_an_open_critical_finding_is_refused(held, operator):
    found(held, Severity.CRITICAL)

    assert held_before(operator, held, alias="staging") == (
        "notes.txt: It names strange.Name. A version with an open critical finding stays out of use."
    )


def test_one_with_a_high_finding_may_come_back(held, operator):
    found(held, Severity.HIGH)

    assert held_before(operator, held, alias="staging") is None
