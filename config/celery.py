"""The Celery application. Tasks and jobs register themselves with it when their apps load."""

import os

from celery.worker import state

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def stopping() -> bool:
    """Whether this worker has been told to end: what takes long ends with it."""
    return state.should_stop not in {None, False}


app = broker.App("steward")
app.config_from_object("django.conf:settings", namespace="CELERY")
broker.without_scripts(app)
app.autodiscover_tasks()
