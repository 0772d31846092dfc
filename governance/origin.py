"""Where a request or task came from, for events and for every log line."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Set for each request and each task. A task has the request's id that asked for it."""

    request_id: str = ""
    address: str = ""
    token: str = ""
    task_id: str = ""


NOWHERE = Origin()
origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


class Ids(logging.Filter):
    """Put the ids of request and task on every log line; `id` is the one that a short line has room for."""

    def filter(self, record: logging.LogRecord) -> bool:
        here = origin.get()
        record.request_id, record.task_id = here.request_id, here.task_id
        record.id = here.request_id or here.task_id or "-"
        return True
