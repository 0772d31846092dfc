"""What one looks after: given findings, and waivers that end soon."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import actions
from registry.models import Severity, Triage
from registry.upkeep import upkeep
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


def given(finding, person, state=Triage.State.IN_TRIAGE):
    return Triage.objects.create(
        artifact=finding.version.artifact,
        check_name=finding.check_name,
        path=finding.path,
        name=finding.name,
        state=state,
        assignee=person,
        note="Asked the vendor.",
        by=person,
    )


def whats(person):
    return [(item.what, item.why) for item in upkeep(person)]


def test_a_finding_that_one_looks_after_waits(clean, author, steward):
    given(found(clean, Severity.MEDIUM), steward)

    assert whats(steward) == [("You look after strange.Name in scorer", "Asked the vendor.")]
    assert upkeep(steward)[0].href == "/findings/?assignee=jonas&search=notes.txt"
    assert whats(author) == []


@pytest.mark.parametrize("over", ["cured", "false positive", "left the team"])
def test_what_is_over_does_not_wait(clean, steward, over):
    finding = found(clean, Severity.MEDIUM)
    triage = given(finding, steward)

    match over:
        case "cured":
            finding.closed_at = timezone.now()
            finding.save()
        case "false positive":
            triage.state = Triage.State.FALSE_POSITIVE
            triage.save()
        case "left the team":
            steward.memberships.all().delete()

    assert whats(steward) == []


@pytest.mark.parametrize(("days", "waits"), [(13, True), (15, False)])
def test_a_waiver_that_ends_soon_waits_for_its_giver_and_the_owner(clean, author, steward, days, waits):
    ends = timezone.now() + timedelta(days=days)
    actions.waive(found(clean, Severity.HIGH), reason="Known.", expires=ends, by=steward)

    said = (f"A waiver in scorer ends on {ends:%-d %B}", "notes.txt: strange.Name counts again after that.")

    assert (whats(steward), whats(author)) == (([said], [said]) if waits else ([], []))


def test_a_stranger_hears_of_none_of_it(clean, steward):
    given(found(clean, Severity.MEDIUM), steward)

    assert whats(factories.member(factories.team(), "steward")) == []
