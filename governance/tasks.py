"""Celery: run a job by its name."""

from __future__ import annotations

from celery import shared_task

from governance.schedule import JOBS


@shared_task(name="governance.run_job")
def run_job(name: str) -> None:
    JOBS[name].work()
