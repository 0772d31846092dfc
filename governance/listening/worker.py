"""A worker that starts begins to beat, and so /readyz hears of it."""

from __future__ import annotations

import threading
from typing import Any

from celery.signals import worker_ready

from governance import health


@worker_ready.connect
def beat(**_: Any) -> None:
    threading.Thread(target=health.beat, daemon=True).start()
