"""The WSGI application that the web server runs.

The server ends threads that have been idle. Their database connections would stay open until the
garbage collector comes by, and after a few bursts PostgreSQL would take no more of them.
"""

import ctypes
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()
thread = threading.local()
# Everything is loaded before the first request, and what loading no longer needs goes back to the system.
get_resolver().url_patterns  # noqa: B018
ctypes.CDLL(None).malloc_trim(0)


class Goodbye:
    """Kept in a thread's own memory: when that is let go, its connections are closed."""

    def __init__(self) -> None:
        self.wrappers = connections.all()

    def __del__(self) -> None:
        for wrapper in self.wrappers:
            if wrapper.connection is not None:
                wrapper.connection.close()  # the driver's own: Django's refuses any other thread


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if not hasattr(thread, "goodbye"):
        thread.goodbye = Goodbye()
    return django_application(environ, start_response)
