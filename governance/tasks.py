"""Celery: find by id, call the function."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from governance import delivering, following, mailing, running
from governance.models import JobRun

HOLDS = timedelta(minutes=1)
logger = logging.getLogger("steward.jobs")


@app.task(name="governance.run_job")
def run_job(run_id: int) -> None:
    running.run(run_id)


def send_job(run_id: int) -> bool:
    """Whether the broker took it. A message that nobody took up in time is dropped and sent again."""
    try:
        run_job.apply_async((run_id,), expires=HOLDS.total_seconds())
    except OperationalError as error:
        logger.warning("run %s waits for the broker: %s", run_id, type(error).__name__)
        return False
    JobRun.objects.filter(pk=run_id).update(sent_at=timezone.now())
    return True


def enqueue_job(run_id: int) -> None:
    """After commit. A broker that is away loses nothing: the scheduler reads the rows."""
    transaction.on_commit(lambda: send_job(run_id))


@app.task(name="governance.send_mails")
def send_mails() -> None:
    mailing.send_due()


@app.task(name="governance.send_webhooks")
def send_webhooks() -> None:
    delivering.send_due()


@app.task(name=following.TASK)
def follow() -> None:
    following.catch_up()
