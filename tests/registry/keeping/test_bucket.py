"""Backups of a bucket, and into one."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from registry import storage
from registry.models import Blob
from tests.registry.keeping.conftest import LARGE, emptied
from tests.registry.test_storage import in_bucket, s3  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def run(command: str, *words: object) -> list[str]:
    out = io.StringIO()
    call_command(command, *map(str, words), stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()


@pytest.mark.slow
def test_a_backup_of_a_bucket_is_restored_into_a_folder(request, lived_in, target, settings):
    """And the other way round: names, keys and sealed bytes are the same in both."""
    folder = settings.BLOBS
    run("backup", target)
    request.getfixturevalue("in_bucket")
    bucket = settings.BLOBS
    settings.BLOBS = folder
    emptied()
    settings.BLOBS = bucket

    run("restore", target)
    again = target.with_name("again")
    run("backup", again)
    for name, _ in list(storage.names()):
        storage.delete(name)
    settings.BLOBS = folder
    emptied()
    run("restore", again)

    large = Blob.objects.get(files__path="large.txt")
    assert b"".join(storage.pieces(large)) == LARGE
    assert run("fsck") == ["3 files and 1 version looked at: nothing is broken."]
