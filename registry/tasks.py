"""Celery: find by id, call the function."""

from __future__ import annotations

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from config.celery import app
from registry import checking

logger = logging.getLogger("steward.checks")


@app.task(name="registry.run_checks")
def run_checks(version_id: int) -> None:
    checking.run(version_id)


def enqueue_checks(version_id: int) -> None:
    """After commit. A broker that is away loses nothing: the job `overdue_checks` reads the rows."""

    def send() -> None:
        try:
            run_checks.delay(version_id)
        except OperationalError as error:
            logger.warning("version %s waits for the broker: %s", version_id, type(error).__name__)

    transaction.on_commit(send)
