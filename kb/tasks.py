"""Celery: call the function."""

from __future__ import annotations

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from config.celery import app
from kb.demo import loading

logger = logging.getLogger("steward.demo")


@app.task(name="kb.load_demo")
def load_demo() -> None:
    loading.load()


def enqueue_demo() -> None:
    """After commit. While the broker is away, the page says that nothing happens, and one asks again."""
    transaction.on_commit(send)


def send() -> None:
    try:
        load_demo.delay()
    except OperationalError as error:
        logger.warning("the demo waits for the broker: %s", type(error).__name__)
