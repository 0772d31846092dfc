"""What nothing uses is deleted, after its grace: what a killed upload left, and what drafts gave up."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Event, User
from registry import actions, receiving, storage
from registry.actions.blobs import Store, free_blobs
from registry.jobs import sweep_blobs as job
from registry.keeping import tables
from registry.models import Blob
from tests import factories

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


@pytest.fixture
def given_up(artifact, author):
    """A draft with one file left, of which another was replaced and a third was taken out."""
    draft = factories.draft(artifact, author, {"kept": b"kept", "replaced": b"old", "removed": b"removed"})
    receiving.receive(draft, "replaced", io.BytesIO(b"kept"), 4, by=author)
    actions.remove_file(draft, "removed", by=author)
    return draft


def test_what_drafts_gave_up_is_deleted_with_its_row(
    given_up, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(job, "GRACE", timedelta(seconds=-1))

    with django_capture_on_commit_callbacks(execute=True):
        said = job.sweep_blobs()

    assert said == "Freed 2 blobs that no version uses."
    assert [blob.sha256 for blob in Blob.objects.all()] == [hashlib.sha256(b"kept").hexdigest()]
    event = Event.objects.get(action="blob.free")
    assert (event.actor, event.subject, event.after) == ("system", "site/blobs", {"blobs": 2, "size": 10})


def test_the_bytes_go_when_the_row_is_gone_for_certain(given_up, django_capture_on_commit_callbacks):
    before, unused = names(), {blob.name for blob in Blob.objects.filter(files=None)}

    with django_capture_on_commit_callbacks() as callbacks:
        freed = free_blobs(Store(), older_than=timezone.now(), by=User.system())
    until_then = names()
    for callback in callbacks:
        callback()

    assert (freed, until_then, before - names()) == (2, before, unused)


def test_what_a_draft_gave_up_lately_is_kept(given_up):
    assert job.sweep_blobs() is None
    assert Blob.objects.count() == 3


def test_nothing_is_swept_while_a_backup_copies_what_it_has_seen(monkeypatch):
    stored = storage.store(io.BytesIO(b"lost"), 4)
    monkeypatch.setattr(job, "GRACE", timedelta(seconds=-1))

    with tables.snapshot():
        job.sweep_blobs()

    assert names() == {stored.name}


def test_a_sweep_that_ended_lets_a_backup_begin():
    job.sweep_blobs()

    with tables.snapshot() as cursor:
        assert tables.migrations(cursor) != []
