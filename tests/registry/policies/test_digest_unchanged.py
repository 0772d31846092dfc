"""What is promoted is what was submitted."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from registry.models import Blob, File
from registry.policies.digest_unchanged import digest_unchanged

pytestmark = pytest.mark.django_db


def test_untouched_files_pass(clean, operator):
    assert digest_unchanged(operator, clean) is None


def test_a_blob_row_that_says_something_else_is_noticed(clean, operator):
    Blob.objects.update(sha256="0" * 64)

    objection = digest_unchanged(operator, clean)

    assert objection.sentence == "The files are not the ones that were submitted."
    assert objection.cure == "push a new version, and tell a steward."
    assert (objection.who, objection.link) == ("mara", "/models/fraud/scorer/versions/new/")


def test_the_database_itself_refuses_to_change_a_frozen_file(clean):
    with pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
        File.objects.filter(version=clean).update(path="other.txt")

    assert [file.path for file in clean.files.all()] == ["notes.txt"]


def test_the_database_itself_refuses_to_change_a_frozen_version(clean):
    clean.digest = "0" * 64

    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        clean.save()
