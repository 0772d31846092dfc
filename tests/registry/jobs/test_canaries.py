"""The job sends canaries, and keeps its alarm on while the scanner is blind."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.errors import Unavailable
from registry.jobs.canaries import canaries
from registry.models import CanaryRound

pytestmark = pytest.mark.django_db


def test_it_sends_a_round():
    assert canaries() is None

    assert CanaryRound.objects.get().finished_at is None


def test_a_blind_scanner_is_an_alarm_and_another_round():
    CanaryRound.objects.create(missed=["a pickle"], known=5, finished_at=timezone.now())

    with pytest.raises(Unavailable, match="The last round let through: a pickle"):
        canaries()

    assert CanaryRound.objects.filter(finished_at=None).count() == 1
