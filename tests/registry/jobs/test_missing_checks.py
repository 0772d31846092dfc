"""Checks that are new since a version was submitted are asked for."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.models import Event
from registry import actions
from registry.checks import CHECKS
from registry.jobs.missing_checks import missing_checks
from registry.models import CheckResult
from tests import factories

pytestmark = pytest.mark.django_db


def finished_today() -> None:
    """Every result is of the checks and lists of this release."""
    for check in CHECKS.values():
        results = CheckResult.objects.filter(check_name=check.name)
        results.update(revision=check.revision, list_version=check.list_version, finished_at=timezone.now())


def test_a_version_without_a_row_for_a_check_gets_one(clean):
    CheckResult.objects.filter(check_name="file_type").delete()

    missing_checks()

    assert CheckResult.objects.get(check_name="file_type").outcome == ""


def test_asking_is_on_the_record_as_the_systems_own_act(clean):
    CheckResult.objects.filter(check_name="file_type").delete()

    said = missing_checks()

    asked = Event.objects.filter(action="version.recheck").values_list("actor", "outcome", "subject")
    assert list(asked) == [("system", "done", clean.label)]
    assert said == "Asked for new checks of 1 version."


def test_a_result_of_an_older_revision_is_asked_for_again(clean):
    finished_today()
    CheckResult.objects.filter(check_name="file_type").update(revision=0)
    asked_at = CheckResult.objects.get(check_name="file_type").asked_at

    missing_checks()

    assert CheckResult.objects.get(check_name="file_type").asked_at > asked_at


def test_a_result_by_other_lists_is_asked_for_again_and_counts_until_then(clean):
    finished_today()
    CheckResult.objects.filter(check_name="pickle_imports").update(list_version="0" * 16)
    asked_at = CheckResult.objects.get(check_name="pickle_imports").asked_at

    missing_checks()

    result = CheckResult.objects.get(check_name="pickle_imports")
    assert (result.asked_at > asked_at, result.outcome, clean.state) == (True, "done", "ready")


def test_a_version_with_all_rows_is_left_alone(clean):
    finished_today()
    before = list(CheckResult.objects.order_by("pk").values_list("pk", "asked_at"))

    missing_checks()

    assert list(CheckResult.objects.order_by("pk").values_list("pk", "asked_at")) == before
    assert not Event.objects.filter(action="version.recheck").exists()


def test_what_is_in_use_comes_first_and_the_oldest_last(artifact, author):
    oldest, used, newest = (factories.checked(artifact, author) for _ in range(3))
    actions.move_alias(used, "nightly", by=author)
    CheckResult.objects.filter(check_name="file_type").delete()

    missing_checks()

    asked = Event.objects.filter(action="version.recheck").order_by("pk").values_list("subject", flat=True)
    assert [*asked] == [used.label, newest.label, oldest.label]
