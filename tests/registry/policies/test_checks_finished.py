"""Nothing unchecked is used."""

from __future__ import annotations

import pytest

from registry import checks
from registry.models import CheckResult
from registry.policies.checks_finished import checks_finished
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_version_with_every_check_done_passes(clean, operator):
    assert checks_finished(operator, clean) is None


def test_one_that_waits_is_told_how_far_it_is(waiting, operator):
    wanted = len(checks.for_kind("model"))

    assert checks_finished(operator, waiting).sentence == f"0 of {wanted} checks have finished."


def test_a_draft_has_no_checks_that_could_finish(artifact, author, operator):
    objection = checks_finished(operator, factories.draft(artifact, author))

    assert (objection.sentence, objection.cure) == (
        "Version 1 is a draft: submit it first.",
        "who began it submits it.",
    )
    assert (objection.who, objection.link) == ("mara", "/models/fraud/scorer/versions/1/")


def test_who_can_check_again_is_named(clean, operator, author, steward):
    CheckResult.objects.filter(version=clean).update(outcome="failed")

    objection = checks_finished(operator, clean)

    assert (objection.who, objection.link) == ("jonas, mara or priya", "/models/fraud/scorer/versions/1/")


def test_nobody_has_to_do_anything_about_a_check_that_runs(waiting, operator):
    objection = checks_finished(operator, waiting)

    assert (objection.cure, objection.who) == ("wait until the others have.", "Steward, by itself")


def test_a_failed_check_is_not_a_pass(clean, operator):
    CheckResult.objects.filter(version=clean, check_name="file_type").update(
        outcome="failed", error="file_type stopped after 120 s."
    )

    assert (
        checks_finished(operator, clean).sentence
        == "file_type stopped after 120 s. Not evaluated is never a pass."
    )


@pytest.mark.parametrize(
    ("attempts", "cure"),
    [
        (2, "it is tried again by itself; or check the version again."),
        (3, "check the version again."),
    ],
)
def test_a_failed_check_says_whether_it_is_tried_again(clean, operator, attempts, cure):
    CheckResult.objects.filter(version=clean).update(outcome="failed", attempts=attempts)

    assert checks_finished(operator, clean).cure == cure


def test_one_that_waits_for_what_is_away_says_so(waiting, operator):
    CheckResult.objects.filter(check_name="file_type").update(error="The master key file is missing.")

    wanted = len(checks.for_kind("model"))
    assert (
        checks_finished(operator, waiting).sentence
        == f"0 of {wanted} checks have finished. The master key file is missing."
    )


def test_a_new_check_gates_at_once(clean, operator):
    CheckResult.objects.filter(version=clean, check_name="file_type").delete()

    wanted = len(checks.for_kind("model"))
    assert checks_finished(operator, clean).sentence == f"{wanted - 1} of {wanted} checks have finished."


def test_no_installed_check_is_never_a_pass(clean, operator, monkeypatch):
    monkeypatch.setattr(checks, "CHECKS", {})
    monkeypatch.setattr("registry.gate.for_kind", lambda kind: [])

    objection = checks_finished(operator, clean)

    assert objection.sentence == "No check is installed, and nothing unchecked is used."
    assert (objection.cure, objection.who) == ("install checks.", "whoever runs this server")
