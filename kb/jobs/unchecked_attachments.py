"""Check what was attached to articles and never looked at: a queue may lose messages, rows do not."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from governance.schedule import every
from kb import tasks
from kb.models import Attachment

SECONDS = 60
MOST = 200


@every(seconds=SECONDS)
def unchecked_attachments() -> None:
    """What nobody took up before the next run asks again is dropped."""
    before = timezone.now() - timedelta(seconds=SECONDS)
    rows = Attachment.objects.waiting().filter(added_at__lt=before).order_by("added_at")
    for pk in rows.values_list("pk", flat=True)[:MOST]:
        tasks.check_attachment.apply_async((pk,), expires=SECONDS)
