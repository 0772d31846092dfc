"""Wiring: settings, addresses, the Celery application and the embedded servers."""
