"""The Celery application. Tasks and jobs register themselves with it when their apps load."""

import os

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = broker.App("steward")
app.config_from_object("django.conf:settings", namespace="CELERY")
broker.without_scripts(app)
app.autodiscover_tasks()
