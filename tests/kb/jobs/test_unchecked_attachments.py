"""What was attached and never looked at is picked up again."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from kb import actions
from kb.jobs.unchecked_attachments import unchecked_attachments
from kb.models import Attachment
from registry import storage
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def test_what_has_waited_is_checked_and_what_just_came_is_not(fraud, mara, settings):
    article = written(fraud, mara)
    settings.CELERY_TASK_ALWAYS_EAGER = True
    for name in ("old.txt", "new.txt"):
        actions.attach(article, name, storage.store(io.BytesIO(b"words")), by=mara)
    old = Attachment.objects.filter(name="old.txt")
    old.update(added_at=timezone.now() - timedelta(hours=1))

    unchecked_attachments()

    assert dict(Attachment.objects.values_list("name", "outcome")) == {"old.txt": "clean", "new.txt": ""}
