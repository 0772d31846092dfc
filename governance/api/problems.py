"""What went wrong, as a problem document: ours, Django's and the framework's exceptions alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import SuspiciousOperation
from rest_framework import exceptions
from rest_framework.response import Response

from governance import documents
from governance.errors import Invalid, Problem, Unavailable
from governance.middleware import as_problem

NOBODY = "Sign in, or send a token: Authorization: Bearer stw_…"
FOREIGN = "A page of ours sends its CSRF token in X-CSRFToken. Programs send a token of their own instead."


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The framework's exception handler. What nobody foresaw goes on to Django, which logs it and answers
    with a document that says nothing of it."""
    if isinstance(error, exceptions.APIException):
        status, body, headers = of_framework(error)
    elif problem := of_ours(error):
        status, body, headers = problem.status, documents.document(problem), {}
        if isinstance(problem, Unavailable):
            headers = {"Retry-After": "2"}
        if "retry_after" in problem.details:
            headers = {"Retry-After": str(problem.details["retry_after"])}
    else:
        return None
    return Response(body, status=status, headers=headers, content_type=documents.MEDIA_TYPE)


def of_ours(error: Exception) -> Problem | None:
    if isinstance(error, SuspiciousOperation):
        return Invalid("This request is malformed.")
    return as_problem(error)


def of_framework(error: exceptions.APIException) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, document and headers of an exception of the framework."""
    if isinstance(error, exceptions.ValidationError):
        errors = dict(flat(error.detail))
        sentence = " ".join(
            f"{name}: {' '.join(said)}" if name else " ".join(said) for name, said in errors.items()
        )
        return 400, documents.document(Invalid(sentence, errors=errors)), {}
    return error.status_code, documents.plain(error.status_code, sentence_of(error)), headers_of(error)


def sentence_of(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.NotAuthenticated):
        return NOBODY
    if isinstance(error, exceptions.MethodNotAllowed):
        return "This address does not do that: see Allow."
    if isinstance(error, exceptions.UnsupportedMediaType):
        return "Send JSON, with Content-Type: application/json."
    if isinstance(error, exceptions.PermissionDenied) and str(error.detail).startswith("CSRF"):
        return FOREIGN
    return str(error.detail)


def headers_of(error: exceptions.APIException) -> dict[str, str]:
    headers = {
        "WWW-Authenticate": getattr(error, "auth_header", ""),
        "Retry-After": str(getattr(error, "wait", "") or ""),
    }
    return {name: value for name, value in headers.items() if value}


def flat(detail: Any, place: str = "") -> Iterator[tuple[str, list[str]]]:
    """Nested complaints by their place: `parents.0.kind`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from flat(inner, f"{place}.{name}".strip(".") if name != "non_field_errors" else place)
    elif any(isinstance(entry, dict | list) for entry in detail):
        for number, inner in enumerate(detail):
            yield from flat(inner, f"{place}.{number}")
    elif detail:
        yield place, [str(entry) for entry in detail]
