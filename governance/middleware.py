"""Around every request: where it came from, and problems turned into pages."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, DataError, OperationalError
from django.db.utils import InterfaceError
from django.http import Http404, HttpRequest, HttpResponse

from governance import keeping
from governance import origin as where
from governance.errors import DATABASE_AWAY, Absent, Denied, Invalid, Problem, Unavailable, Unconfirmed
from governance.pages import problem_page

Answer = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
logger = logging.getLogger("steward.request")


def origin(answer: Answer) -> Answer:
    """Note the request's id and address for events and logs, and say the id back."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.headers.get("X-Request-Id", "")
        request_id = asked if REQUEST_ID.fullmatch(asked) else secrets.token_hex(8)
        mark = where.origin.set(where.Origin(request_id=request_id, address=address(request)))
        try:
            response = answer(request)
        finally:
            where.origin.reset(mark)
        response["X-Request-Id"] = request_id
        return response

    return middleware


def address(request: HttpRequest) -> str:
    """The client's address; behind a proxy the last one that the proxy itself added."""
    if settings.BEHIND_PROXY:
        forwarded: str = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:60]
    return str(request.META.get("REMOTE_ADDR", ""))[:60]


class Problems:
    """Turn problems that a page raises into a page of their own."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = [request.path, *(text for name, texts in request.GET.lists() for text in (name, *texts))]
        if any("\0" in text for text in sent):
            return problem_page(request, Invalid("An address holds no NUL character."))
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = as_problem(error)
        if isinstance(problem, Unconfirmed) and not request.path.startswith("/api/"):
            return keeping.confirm(request)
        return problem_page(request, problem) if problem else None


def as_problem(error: Exception) -> Problem | None:
    """Which sentence an exception is; None for what nobody foresaw."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return Absent("There is nothing here that you may see.")
    if isinstance(error, PermissionDenied):
        return Denied(str(error) or "You may not do this.")
    # The driver has no class for a server that hangs up while it is asked: it raises the bare one.
    if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
        logger.error("the database is away: %s", type(error).__name__)
        return Unavailable(DATABASE_AWAY)
    if isinstance(error, DataError):
        return Invalid("Something that was sent holds a value that cannot be stored.")
    return None


def unforeseen(request: HttpRequest, *_: Any) -> HttpResponse:
    """The answer to what nobody foresaw: no detail leaves the server."""
    return problem_page(
        request, Problem("This was not foreseen. The log has the details under the request id.")
    )
