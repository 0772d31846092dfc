"""Only what every check of bytes has cleared is loaded."""

from __future__ import annotations

import pytest

from registry.models import Finding, Severity, Version
from registry.policies.cleared import cleared as policy
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


def test_what_is_cleared_is_loaded(author, clean):
    assert policy(author, clean) is None


def test_nothing_is_loaded_before_its_checks_end(author, waiting):
    objection = policy(author, waiting)

    assert objection.sentence == "The checks of version 1 have not finished: no model is loaded before."


def test_no_model_that_a_check_blocks_is_loaded(author, clean):
    found(clean, Severity.HIGH)

    assert policy(author, clean).sentence == (
        "No model with an open finding that blocks is loaded: notes.txt: It names strange.Name."
    )


def test_what_is_said_of_its_quality_keeps_nobody_from_measuring_it(author, clean: Version):
    Finding.objects.create(version=clean, check_name="beats_baseline", severity=Severity.HIGH, message="Bad.")

    assert policy(author, clean) is None
