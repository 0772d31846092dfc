"""The Celery application. Tasks and jobs register themselves with it when their apps load."""

import os

from celery import Celery

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("steward")
app.config_from_object("django.conf:settings", namespace="CELERY")
broker.without_scripts(app)
app.autodiscover_tasks()
