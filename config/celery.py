"""The Celery application. Tasks and jobs register themselves with it when their apps load."""

import os
from typing import Any

from celery import signals
from celery.app.task import Task
from celery.worker import state
from django.db import close_old_connections

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def stopping() -> bool:
    """Whether this worker has been told to end: what takes long ends with it."""
    return state.should_stop not in {None, False}


@signals.task_prerun.connect
@signals.task_postrun.connect
def keep_connections(task: Task[..., Any], **_: object) -> None:
    """A thread's connection serves its next task, too, unless it broke: a new one for each task costs more
    than most tasks, for PostgreSQL plans its first queries without having looked at a table before."""
    if not task.request.is_eager:
        close_old_connections()


app = broker.App("steward")
app.config_from_object("django.conf:settings", namespace="CELERY")
broker.without_scripts(app)
app.autodiscover_tasks()
