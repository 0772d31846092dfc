"""Celery: find by id, call the function."""

from __future__ import annotations

import logging

from celery.app.task import Task
from django.db import transaction
from kombu.exceptions import OperationalError

from config.celery import app
from registry import canaries, checking, evaluations

logger = logging.getLogger("steward.checks")


@app.task(name="registry.run_checks")
def run_checks(version_id: int) -> None:
    checking.run(version_id)


@app.task(name="registry.run_canaries")
def run_canaries(round_id: int) -> None:
    canaries.run(round_id)


@app.task(name="registry.judge")
def judge(version_id: int) -> None:
    checking.judge_again(version_id)


@app.task(name="registry.evaluate")
def evaluate(evaluation_id: int) -> None:
    """The message says that something waits. The next one asks again, after whatever else the queue holds."""
    if evaluations.run():
        send(evaluate, evaluation_id, "the next evaluation")


def enqueue_evaluation(evaluation_id: int) -> None:
    """After commit. A broker that is away loses nothing: the job `overdue_checks` reads the rows."""
    transaction.on_commit(lambda: send(evaluate, evaluation_id, f"evaluation {evaluation_id}"))


def enqueue_judging(version_id: int) -> None:
    """After commit, when what is declared has changed."""
    transaction.on_commit(lambda: send(judge, version_id, f"judging version {version_id}"))


def enqueue_checks(version_id: int) -> None:
    """After commit. A broker that is away loses nothing: the job `overdue_checks` reads the rows."""
    transaction.on_commit(lambda: send(run_checks, version_id, f"version {version_id}"))


def enqueue_canaries(round_id: int) -> None:
    """The same for a round of canaries."""
    transaction.on_commit(lambda: send(run_canaries, round_id, f"round {round_id} of canaries"))


def send(task: Task[[int], None], pk: int, what: str) -> None:
    try:
        task.delay(pk)
    except OperationalError as error:
        logger.warning("%s waits for the broker: %s", what, type(error).__name__)
