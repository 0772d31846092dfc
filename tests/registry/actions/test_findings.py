"""What can be waived when a check failed: what it found before, not that it failed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.errors import Conflict
from governance.models import User
from registry import actions
from registry.checking import FAILURE
from registry.models import Finding, Severity, Version, Waiver
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(clean: Version) -> Version:
    clean.results.update(outcome="failed")
    return clean


def waive(finding: Finding, steward: User) -> Waiver:
    return actions.waive(finding, reason="Ours.", expires=timezone.now() + timedelta(days=9), by=steward)


def test_that_a_check_failed_is_not_waived(failed: Version, steward: User) -> None:
    finding = found(failed, Severity.CRITICAL, FAILURE)

    with pytest.raises(Conflict) as refused:
        waive(finding, steward)

    assert refused.value.sentence == (
        "A check that did not finish cannot be waived: check the version again."
    )


def test_what_a_check_found_before_it_failed_is_waived(failed: Version, steward: User) -> None:
    finding = found(failed, Severity.CRITICAL)

    waive(finding, steward)

    assert finding.waived


def test_that_a_check_failed_which_no_longer_exists_is_waived(failed: Version, steward: User) -> None:
    finding = found(failed, Severity.CRITICAL, FAILURE)
    Finding.objects.update(check_name="long_gone")
    failed.results.filter(check_name="pickle_imports").update(check_name="long_gone")

    waive(finding, steward)

    assert Waiver.objects.get().check_name == "long_gone"
