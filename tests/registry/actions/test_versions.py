"""Writes below a version that meet others in the database."""

from __future__ import annotations

import io

import pytest
from django.db import transaction

from governance.errors import Conflict
from governance.models import User
from registry import actions, storage
from registry.models import Artifact, File
from tests import factories
from tests.registry.actions.meeting import beside, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_path_that_was_taken_meanwhile_is_a_conflict(artifact: Artifact, author: User):
    version = factories.draft(artifact, author)
    stored = storage.store(io.BytesIO(b"x"), 1)
    with transaction.atomic():
        File.objects.create(version=version, path="ẞ.txt", blob=version.files.get().blob, added_by=author)
        thread, came = beside(lambda: actions.add_file(version, "ß.txt", stored, by=author))
        until_somebody_waits()
    thread.join()

    assert [(type(error), error.sentence) for error in came] == [
        (Conflict, "There is already a file like ß.txt: look at the list again.")
    ]
