"""A worker that starts begins to beat, and so /readyz hears of it."""

from __future__ import annotations

import threading
import time
from typing import Any

from celery.signals import worker_ready

from governance import health


@worker_ready.connect
def begin(**_: Any) -> None:
    threading.Thread(target=keep_beating, daemon=True).start()


def keep_beating() -> None:
    while True:
        health.beat(health.WORKER)
        time.sleep(health.EVERY)
