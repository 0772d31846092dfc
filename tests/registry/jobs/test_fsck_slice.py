"""A thirtieth of what is stored each night."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry.jobs import fsck_slice as job
from registry.models import Inspection

pytestmark = pytest.mark.django_db


def test_each_night_has_its_slice(waiting):
    number = datetime.now(UTC).toordinal() % 30 + 1

    said = job.fsck_slice()

    found = Inspection.objects.get()
    assert (found.slice, found.slices, found.quick) == (number, 30, False)
    assert said.endswith(f"of slice {number} of 30 looked at: nothing is broken.")


def test_a_slice_of_all_finds_all(waiting, monkeypatch):
    monkeypatch.setattr(job, "SLICES", 1)

    assert job.fsck_slice() == "1 file and 1 version looked at: nothing is broken."
