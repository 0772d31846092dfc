"""Zips that a worker left half-way are gone on with."""

from __future__ import annotations

import io

import pytest

from kb import actions
from kb.jobs.imports import imports
from kb.models import Import
from registry import storage
from tests.kb.test_archives import zipped

pytestmark = pytest.mark.django_db


def test_what_was_sent_and_never_read_is_read(fraud, mara, settings):
    stored = storage.store(io.BytesIO(zipped(("a.md", b"x"))))
    made = actions.send_import(fraud, "notes.zip", stored, by=mara)

    settings.CELERY_TASK_ALWAYS_EAGER = True
    imports()

    assert Import.objects.get(pk=made.pk).state == "read"
