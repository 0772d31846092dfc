"""What a killed upload left is deleted, after its grace."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from registry import storage
from registry.jobs import sweep_blobs as job
from registry.models import Blob

pytestmark = pytest.mark.django_db


def names():
    return {name for name, _ in storage.names()}


def test_a_blob_without_a_row_is_deleted_when_its_grace_is_over(monkeypatch):
    storage.store(io.BytesIO(b"lost"), 4)
    monkeypatch.setattr(job, "GRACE", timedelta(seconds=-1))

    job.sweep_blobs()

    assert names() == set()


def test_one_that_is_young_is_kept():
    stored = storage.store(io.BytesIO(b"young"), 5)

    job.sweep_blobs()

    assert names() == {stored.name}


def test_one_that_a_row_knows_is_kept(waiting, monkeypatch):
    monkeypatch.setattr(job, "GRACE", timedelta(seconds=-1))

    job.sweep_blobs()

    assert names() == {Blob.objects.get().name}
