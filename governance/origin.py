"""Where a request or task came from, for events and for every log line."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Set for each request and each task."""

    request_id: str = ""
    address: str = ""
    token: str = ""


NOWHERE = Origin()
origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


class RequestId(logging.Filter):
    """Put the request's id on every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = origin.get().request_id or "-"
        return True
