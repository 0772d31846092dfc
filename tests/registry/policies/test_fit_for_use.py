"""Who may fetch what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from registry import actions, checking, checks, storage
from registry.models import CheckResult, Severity, Version
from registry.policies.checks_finished import checks_finished
from registry.policies.fit_for_use import fit_for_use
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(clean, operator):
    actions.promote(clean, "staging", by=operator)
    return clean


@pytest.fixture
def people(team, author, steward, operator, reader):
    pusher = factories.member(team, "data-engineer", username="dana")
    auditor = factories.member(team, "auditor", username="aud")
    return {
        "author": author,
        "steward": steward,
        "pusher": pusher,
        "operator": operator,
        "auditor": auditor,
        "reader": reader,
    }


def who_may(people, version, **about):
    return {name for name, person in people.items() if fit_for_use(person, version, **about) is None}


EVERYBODY = {"author", "steward", "pusher", "operator", "auditor", "reader"}


def test_what_is_clean_is_open_to_all_who_see_it(people, clean):
    assert who_may(people, clean) == EVERYBODY


def test_a_high_finding_needs_somebody_who_pushes_and_knows(people, clean):
    found(clean, Severity.HIGH)

    assert who_may(people, clean) == set()
    assert who_may(people, clean, acknowledged=True) == {"author", "steward", "pusher"}


def test_a_critical_finding_leaves_author_and_stewards_who_know(people, clean):
    found(clean, Severity.CRITICAL)

    assert who_may(people, clean) == set()
    assert who_may(people, clean, acknowledged=True) == {"author", "steward"}


def test_what_is_not_evaluated_counts_as_critical(people, waiting):
    assert who_may(people, waiting, acknowledged=True) == {"author", "steward"}


def test_who_can_cure_it_is_named(people, clean):
    found(clean, Severity.CRITICAL)

    objection = fit_for_use(people["reader"], clean)

    assert objection.cure == "use another version, or wait until it is cured."
    assert (objection.who, objection.link) == ("jonas", "/models/fraud/scorer/versions/1/findings/")


def test_who_may_fetch_it_knowingly_is_told_where(people, clean):
    found(clean, Severity.HIGH)

    objection = fit_for_use(people["pusher"], clean)

    assert objection.cure == "say that you know (acknowledge=1); it goes on the record."
    assert (objection.who, objection.link) == ("you", "/models/fraud/scorer/versions/1/files/")


def test_checks_that_run_are_waited_for(people, waiting):
    assert fit_for_use(people["auditor"], waiting).who == "Steward, by itself"


def test_only_who_began_a_draft_ends_it(people, artifact, author):
    objection = fit_for_use(people["auditor"], factories.draft(artifact, author))

    assert (objection.who, objection.link) == ("mara", "/models/fraud/scorer/versions/1/")


def test_a_draft_counts_as_critical(people, artifact, author):
    assert who_may(people, factories.draft(artifact, author), acknowledged=True) == {"author", "steward"}


def test_a_release_with_a_high_finding_stays_in_use(people, released):
    found(released, Severity.HIGH)

    assert who_may(people, released) == EVERYBODY


def test_a_critical_finding_stops_a_release_at_once(people, released):
    found(released, Severity.CRITICAL)

    assert who_may(people, released, acknowledged=True) == {"author", "steward"}


def test_a_release_stays_in_use_while_it_is_checked_again(people, released, author):
    actions.recheck(released, by=author)

    assert who_may(people, released) == EVERYBODY


@pytest.fixture
def old_checks(monkeypatch):
    """Checks that no release has a week for any more."""
    for name, check in checks.CHECKS.items():
        monkeypatch.setitem(checks.CHECKS, name, replace(check, since=date(2020, 1, 1)))


def test_a_release_stays_in_use_when_a_recheck_fails(people, artifact, author, operator, old_checks):
    version = factories.checked(artifact, author)
    actions.promote(version, "staging", by=operator)
    fail_again(version, author)

    version = Version.objects.get(pk=version.pk)
    assert who_may(people, version) == EVERYBODY
    assert (version.state, checks_finished(operator, version) is None) == ("blocked", False)


def test_what_a_finished_check_found_stops_a_release_after_a_failed_recheck(
    people, artifact, author, operator
):
    version = factories.checked(artifact, author)
    actions.promote(version, "staging", by=operator)
    found(version, Severity.CRITICAL)
    fail_again(version, author)

    assert who_may(people, version, acknowledged=True) == {"author", "steward"}


@pytest.mark.slow
def test_what_was_never_released_is_closed_when_a_recheck_fails(people, artifact, author):
    version = factories.checked(artifact, author)
    fail_again(version, author)

    assert who_may(people, version, acknowledged=True) == {"author", "steward"}


def test_a_release_is_closed_by_a_required_check_that_never_finished(people, released, old_checks):
    CheckResult.objects.filter(check_name="file_type").update(outcome="failed")

    assert who_may(people, released, acknowledged=True) == {"author", "steward"}


def fail_again(version, by):
    """Check a version again while its bytes are lost."""
    for file in version.files.all():
        storage.delete(file.blob.name)
    actions.recheck(version, by=by)
    checking.run(version.pk)


def test_a_new_check_stops_a_release_after_a_week(people, released, monkeypatch):
    today = datetime.now(UTC).date()

    def add(since):
        new = replace(checks.CHECKS["file_type"], name="brand_new", since=since)
        monkeypatch.setitem(checks.CHECKS, "brand_new", new)

    add(today - timedelta(days=6))
    assert who_may(people, released) == EVERYBODY
    add(today - timedelta(days=7))
    assert who_may(people, released, acknowledged=True) == {"author", "steward"}


def test_a_failed_check_closes_what_was_never_released(people, clean):
    CheckResult.objects.filter(version=clean).update(outcome="failed")

    assert who_may(people, clean, acknowledged=True) == {"author", "steward"}
