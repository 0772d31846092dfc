"""Checks that are new since a version was submitted are asked for."""

from __future__ import annotations

import pytest

from registry.jobs.missing_checks import missing_checks
from registry.models import CheckResult

pytestmark = pytest.mark.django_db


def test_a_version_without_a_row_for_a_check_gets_one(clean):
    CheckResult.objects.filter(check_name="file_type").delete()

    missing_checks()

    assert CheckResult.objects.get(check_name="file_type").outcome == ""


def test_a_version_with_all_rows_is_left_alone(clean):
    before = list(CheckResult.objects.order_by("pk").values_list("pk", "asked_at"))

    missing_checks()

    assert list(CheckResult.objects.order_by("pk").values_list("pk", "asked_at")) == before
