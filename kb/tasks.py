"""Celery: call the function."""

from __future__ import annotations

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from config.celery import app
from kb import attachments, importing, run_files
from kb.demo import loading
from kb.models.imports import TASK

logger = logging.getLogger("steward.demo")


@app.task(name="kb.load_demo")
def load_demo() -> None:
    loading.load()


@app.task(name=TASK)
def take_imports() -> None:
    importing.work()


@app.task(name="kb.check_attachment")
def check_attachment(pk: int) -> None:
    attachments.look(pk)


@app.task(name="kb.check_run_file")
def check_run_file(pk: int) -> None:
    run_files.look(pk)


def enqueue_run_file(pk: int) -> None:
    """After commit. A broker that is away loses nothing: the job `unchecked_run_files` reads the rows."""
    transaction.on_commit(lambda: send_run_file(pk))


def send_run_file(pk: int) -> None:
    try:
        check_run_file.delay(pk)
    except OperationalError as error:
        logger.warning("file %s of a run waits for the broker: %s", pk, type(error).__name__)


def enqueue_attachment(pk: int) -> None:
    """After commit. A broker that is away loses nothing: the job `unchecked_attachments` reads the rows."""
    transaction.on_commit(lambda: send_attachment(pk))


def send_attachment(pk: int) -> None:
    try:
        check_attachment.delay(pk)
    except OperationalError as error:
        logger.warning("attachment %s waits for the broker: %s", pk, type(error).__name__)


def enqueue_demo() -> None:
    """After commit. While the broker is away, the page says that nothing happens, and one asks again."""
    transaction.on_commit(send)


def send() -> None:
    try:
        load_demo.delay()
    except OperationalError as error:
        logger.warning("the demo waits for the broker: %s", type(error).__name__)
