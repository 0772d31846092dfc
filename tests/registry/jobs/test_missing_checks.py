"""Checks that are new since a version was submitted are asked for."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance import following
from governance.models import Event
from registry import actions
from registry.checks import CHECKS
from registry.engines import engine_of
from registry.jobs import missing_checks as job
from registry.jobs.missing_checks import missing_checks
from registry.models import CheckResult
from registry.pickles import names
from tests import factories

pytestmark = pytest.mark.django_db


def finished_today() -> None:
    """Every result is of the checks and lists of this release."""
    for check in CHECKS.values():
        results = CheckResult.objects.filter(check_name=check.name)
        judged = {"engine_version": engine_of(check), "list_version": check.list_version}
        results.update(**judged, finished_at=timezone.now())


def test_a_version_without_a_row_for_a_check_gets_one(clean):
    CheckResult.objects.filter(check_name="file_type").delete()

    missing_checks()

    assert CheckResult.objects.get(check_name="file_type").outcome == "done"


def test_asking_is_on_the_record_as_the_systems_own_act(clean):
    CheckResult.objects.filter(check_name="file_type").delete()

    said = missing_checks()

    asked = Event.objects.filter(action="version.recheck").values_list("actor", "outcome", "subject")
    assert list(asked) == [("system", "done", clean.label)]
    assert said == "Checked 1 version anew."


def test_a_result_by_other_code_is_asked_for_again(clean):
    finished_today()
    CheckResult.objects.filter(check_name="file_type").update(engine_version="0" * 16)
    asked_at = CheckResult.objects.get(check_name="file_type").asked_at

    missing_checks()

    assert CheckResult.objects.get(check_name="file_type").asked_at > asked_at


def test_a_result_by_other_lists_is_asked_for_again_and_counts_until_then(clean):
    finished_today()
    CheckResult.objects.filter(check_name="pickle_imports").update(list_version="0" * 16)
    asked_at = CheckResult.objects.get(check_name="pickle_imports").asked_at

    missing_checks()

    result = CheckResult.objects.get(check_name="pickle_imports")
    assert (result.asked_at > asked_at, result.list_version) == (True, names.VERSION)
    assert (result.outcome, clean.state) == ("done", "ready")


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


def test_the_queue_stays_free_for_what_people_push(clean, monkeypatch, django_capture_on_commit_callbacks):
    CheckResult.objects.filter(check_name="file_type").delete()

    with django_capture_on_commit_callbacks() as sent:
        missing_checks()

    asked = [each for each in sent if each != following.BELL.ring]
    assert (asked, clean.state) == ([], "ready")


def test_while_the_store_is_away_it_asks_for_no_more_than_one(artifact, author, settings):
    for _ in range(3):
        factories.submitted(artifact, author)
    CheckResult.objects.all().delete()
    settings.MASTER_KEYS_FILE.rename(settings.MASTER_KEYS_FILE.with_name("hidden"))

    said = missing_checks()

    assert (said, CheckResult.objects.values("version").distinct().count()) == ("Checked 1 version anew.", 1)


def test_it_ends_when_its_time_is_up_and_goes_on_the_next_time(artifact, author, monkeypatch):
    versions = [factories.submitted(artifact, author) for _ in range(2)]
    CheckResult.objects.all().delete()
    monkeypatch.setattr(job, "SECONDS", 0)

    said = [missing_checks() for _ in range(2)]

    assert said == [None, None]
    monkeypatch.setattr(job, "SECONDS", 50)
    assert missing_checks() == f"Checked {len(versions)} versions anew."
