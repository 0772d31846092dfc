"""What only time, a setting or a known name changes opens and closes incidents, too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import actions
from registry.jobs.derive_incidents import derive_incidents
from registry.models import Incident, Severity
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


def test_what_nobody_derived_is_found_once(clean, operator):
    actions.promote(clean, "staging", by=operator)
    found(clean, Severity.HIGH)

    said = [derive_incidents(), derive_incidents()]

    assert said == ["Changed 1 incident.", None]
    assert Incident.objects.get().alias == "staging"


def test_what_a_team_knows_by_now_is_over(clean, operator, steward):
    actions.promote(clean, "staging", by=operator)
    finding = found(clean, Severity.HIGH)
    derive_incidents()
    actions.add_name(finding, reason="Our own class.", by=steward)

    derive_incidents()

    assert Incident.objects.get().how == "waived"


def test_the_end_of_a_waiver_opens_one(clean, operator, steward):
    finding = found(clean, Severity.HIGH)
    waiver = actions.waive(finding, reason="Read.", expires=timezone.now() + timedelta(days=1), by=steward)
    actions.promote(clean, "staging", by=operator)
    assert derive_incidents() is None
    type(waiver).objects.update(ends_at=timezone.now())

    derive_incidents()

    assert Incident.objects.open().count() == 1


def test_what_lies_in_the_bin_is_left_alone(clean, operator):
    actions.promote(clean, "staging", by=operator)
    found(clean, Severity.HIGH)
    type(clean.artifact).objects.update(deleted_at=timezone.now())

    assert derive_incidents() is None
