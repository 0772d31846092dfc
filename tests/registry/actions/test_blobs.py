"""Blobs are freed while somebody takes one up again: bytes that a file names are always there."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from governance.models import User
from registry import actions, receiving, storage
from registry.actions.blobs import Store, free_blobs
from registry.models import Blob, File, Version
from tests import factories
from tests.registry.actions.meeting import beside, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def given_up(artifact, author) -> Version:
    """A draft that had a file of these bytes."""
    draft = factories.draft(artifact, author, {"notes.txt": b"words"})
    actions.remove_file(draft, "notes.txt", by=author)
    return draft


def free() -> int:
    return free_blobs(Store(), older_than=timezone.now() + timedelta(hours=1), by=User.system())


def take_up(draft: Version, author: User) -> File:
    return receiving.receive(draft, "notes.txt", io.BytesIO(b"words"), 5, by=author)


def content(file: File) -> bytes:
    with storage.open_blob(Blob.objects.get(pk=file.blob_id)) as stream:
        return stream.read()


def names() -> list[str]:
    return [name for name, _ in storage.names()]


def test_what_is_being_freed_is_stored_anew(given_up, author):
    old = Blob.objects.get().name
    with transaction.atomic():
        freed = free()
        thread, came = beside(lambda: take_up(given_up, author))
        until_somebody_waits()
    thread.join()

    assert (freed, [content(file) for file in came]) == (1, [b"words"])
    assert names() == [Blob.objects.get().name] != [old]


def test_what_is_being_taken_up_is_not_freed(given_up, author):
    with transaction.atomic():
        file = take_up(given_up, author)
        thread, came = beside(free)
        thread.join()

    assert (came, content(file)) == ([0], b"words")
    assert names() == [Blob.objects.get().name]


def test_who_takes_up_and_who_frees_do_not_disturb_each_other(given_up, author):
    def free_all_the_time() -> int:
        return sum(free() for _ in range(60))

    thread, came = beside(free_all_the_time)
    seen = set()
    while thread.is_alive():
        seen.add(content(take_up(given_up, author)))
        actions.remove_file(given_up, "notes.txt", by=author)
    thread.join()

    assert (seen, came[0] > 0) == ({b"words"}, True)
