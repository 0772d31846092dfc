"""Check what was put into runs and never looked at: a queue may lose messages, rows do not."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from governance.schedule import every
from kb import tasks
from kb.models import RunFile

SECONDS = 60
MOST = 200


@every(seconds=SECONDS)
def unchecked_run_files() -> None:
    """What nobody took up before the next run asks again is dropped."""
    before = timezone.now() - timedelta(seconds=SECONDS)
    rows = RunFile.objects.waiting().filter(added_at__lt=before).order_by("added_at")
    for pk in rows.values_list("pk", flat=True)[:MOST]:
        tasks.check_run_file.apply_async((pk,), expires=SECONDS)
