"""What is critical or high must be cured or waived."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance import actions as governing
from registry import actions
from registry.gate import evidence
from registry.models import Severity, Waiver
from registry.policies.no_blocking_finding import no_blocking_finding
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


def test_a_clean_version_passes(clean, operator):
    assert no_blocking_finding(operator, clean) is None


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.HIGH])
def test_a_blocking_finding_is_told(clean, operator, severity):
    found(clean, severity)

    assert no_blocking_finding(operator, clean).sentence == "notes.txt: It names strange.Name."


def test_a_steward_can_also_say_that_an_unknown_name_is_the_teams(clean, operator, author, steward):
    found(clean, Severity.HIGH)

    assert no_blocking_finding(operator, clean).cure == (
        "push a version without it, or a steward who is not the author says that the name is the team's own, "
        "or waives it."
    )


def test_who_can_waive_it_is_named_and_where(clean, operator, author, steward):
    finding = found(clean, Severity.CRITICAL)

    objection = no_blocking_finding(operator, clean)

    assert objection.cure == (
        "push a version without it, or a steward who is not the author waives it with a reason and an end."
    )
    assert objection.who == "jonas"
    assert objection.link == f"/models/fraud/scorer/versions/1/findings/#finding-{finding.pk}"


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.LOW, Severity.INFO])
def test_a_lesser_one_does_not_block(clean, operator, severity):
    found(clean, severity)

    assert no_blocking_finding(operator, clean) is None


def test_a_closed_finding_does_not_block(clean, operator):
    found(clean, Severity.HIGH, closed_at=timezone.now())

    assert no_blocking_finding(operator, clean) is None


def test_a_waived_finding_does_not_block(clean, operator, steward):
    finding = found(clean, Severity.HIGH)
    actions.waive(finding, reason="Ours.", expires=timezone.now() + timedelta(days=30), by=steward)

    assert no_blocking_finding(operator, clean) is None


def test_a_waiver_covers_a_later_version(clean, operator, steward, artifact, author):
    actions.waive(
        found(clean, Severity.HIGH), reason="Ours.", expires=timezone.now() + timedelta(days=30), by=steward
    )
    later = factories.submitted(artifact, author)
    found(later, Severity.HIGH)

    assert no_blocking_finding(operator, later) is None


def test_a_waiver_does_not_cover_what_became_worse(clean, operator, steward, artifact, author):
    actions.waive(
        found(clean, Severity.HIGH), reason="Ours.", expires=timezone.now() + timedelta(days=30), by=steward
    )
    later = factories.submitted(artifact, author)
    found(later, Severity.CRITICAL)

    assert no_blocking_finding(operator, later) is not None


def test_a_waiver_does_not_cover_the_later_version_of_who_waived(clean, operator, steward, artifact):
    actions.waive(
        found(clean, Severity.HIGH), reason="Ours.", expires=timezone.now() + timedelta(days=30), by=steward
    )
    own = factories.submitted(artifact, steward)
    finding = found(own, Severity.HIGH)

    assert no_blocking_finding(operator, own).sentence == "notes.txt: It names strange.Name."
    assert (finding.waived, evidence(own, "production")["waivers"]) == (False, [])


def test_a_waiver_does_not_cover_a_version_with_a_file_of_who_waived(
    clean, operator, steward, artifact, author
):
    actions.waive(
        found(clean, Severity.HIGH), reason="Ours.", expires=timezone.now() + timedelta(days=30), by=steward
    )
    later = factories.draft(artifact, author)
    later.files.update(added_by=steward)
    actions.submit(later, by=author)
    found(later, Severity.HIGH)

    assert no_blocking_finding(operator, later).sentence == "notes.txt: It names strange.Name."


def test_a_waiver_does_not_cover_what_an_account_of_who_waived_pushed(clean, operator, steward, artifact):
    artifact.team.memberships.create(user=steward, role="data-engineer", granted_by=operator)
    account = governing.add_service(
        artifact.team, "ci", roles=["data-engineer"], answered_by=steward, by=steward
    )
    actions.waive(
        found(clean, Severity.HIGH), reason="Ours.", expires=timezone.now() + timedelta(days=30), by=steward
    )
    later = factories.submitted(artifact, account)
    finding = found(later, Severity.HIGH)
    mixed = factories.draft(artifact, operator_who_pushes(artifact.team))
    mixed.files.update(answered_by=steward)

    assert no_blocking_finding(operator, later).sentence == "notes.txt: It names strange.Name."
    assert (finding.waived, evidence(later, "production")["waivers"]) == (False, [])
    assert found(mixed, Severity.HIGH).waived is False


def operator_who_pushes(team):
    return factories.member(team, "data-engineer")


def test_a_waiver_of_somebody_else_covers_the_version_of_who_waived_first(clean, operator, steward, artifact):
    other = factories.member(artifact.team, "steward")
    until = timezone.now() + timedelta(days=30)
    actions.waive(found(clean, Severity.HIGH), reason="Ours.", expires=until, by=steward)
    own = factories.submitted(artifact, steward)

    actions.waive(found(own, Severity.HIGH), reason="Ours too.", expires=until, by=other)

    assert no_blocking_finding(operator, own) is None


def test_a_waiver_that_ended_covers_nothing(clean, operator, steward):
    actions.waive(
        found(clean, Severity.HIGH), reason="Ours.", expires=timezone.now() + timedelta(days=30), by=steward
    )
    Waiver.objects.update(ends_at=timezone.now())

    assert no_blocking_finding(operator, clean) is not None
