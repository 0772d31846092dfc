"""Problem documents (RFC 9457): how the API says what went wrong, in the sentence that a page shows."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from governance.access import Objection
from governance.errors import Problem
from governance.origin import origin

MEDIA_TYPE = "application/problem+json"


def document(problem: Problem) -> dict[str, Any]:
    """A problem with everything it knows: the fields that are wrong, every objection."""
    return {
        **plain(problem.status, problem.sentence),
        **{key: shown(problem.details[key]) for key in problem.details},
    }


def plain(status: int, sentence: str) -> dict[str, Any]:
    """The title is the status' own, as a document of type about:blank has no other."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "request_id": origin.get().request_id,
    }


def shown(detail: Any) -> Any:
    if isinstance(detail, list):
        return [asdict(entry) if isinstance(entry, Objection) else entry for entry in detail]
    return detail
