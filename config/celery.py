"""The Celery application, with the schedule that the jobs declare."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("steward")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def schedule(sender: Celery, **_: Any) -> None:
    """Every job as an entry of the scheduler. A run that was not picked up in time is not run twice."""
    from governance.schedule import JOBS

    sender.conf.beat_schedule = {
        job.name: {
            "task": "governance.run_job",
            "schedule": job.seconds,
            "args": [job.name],
            "options": {"expires": job.seconds},
        }
        for job in JOBS.values()
    }


