"""What every page needs: the theme, the answer to problems, the small pages without an app."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from governance import access, documents, keeping
from governance.errors import DATABASE_AWAY, Absent, Denied, Invalid, Problem, TooLarge, TooMany, Unavailable
from governance.models import User
from governance.themes import theme_of

MANY = "These are more than {} files: send fewer at once, or one zip where a zip is taken."


class Signed(HttpRequest):
    """A request of somebody who has signed in, as views behind `login_required` get it."""

    user: User
    htmx: HtmxDetails


def why_not(person: User, action: str, subject: object, **about: Any) -> str:
    """Every reason against an action as one line for its button; empty when there is none."""
    return " ".join(found.sentence for found in access.objections(person, action, subject, **about))


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Template variables of every page."""
    return {"theme": theme_of(request)}


def problem_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as a page, or as a problem document below /api/."""
    if request.path.startswith("/api/"):
        body = documents.document(problem)
        answer: HttpResponse = JsonResponse(body, content_type=documents.MEDIA_TYPE, status=problem.status)
        return with_headers(answer, problem)
    try:
        answer = render(request, "error.html", {"problem": problem}, status=problem.status)
        return with_headers(answer, problem)
    except (DatabaseError, InterfaceError):  # below 500 the navigation asks who this is
        return problem_page(request, Unavailable(DATABASE_AWAY))


def with_headers(answer: HttpResponse, problem: Problem) -> HttpResponse:
    if "retry_after" in problem.details:
        answer["Retry-After"] = str(problem.details["retry_after"])
    return answer


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What allauth answers to who asks for its pages too often."""
    return problem_page(
        request, TooMany("Too many requests from here. Wait a minute, then try again.", retry_after=60)
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_page(request, Absent("There is nothing here that you may see."))


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return problem_page(request, TooLarge(MANY.format(most)))
    return problem_page(request, Invalid("This request is malformed."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return keeping.again(request) or problem_page(
        request, Denied("This form is too old or came from elsewhere. Load the page and send it again.")
    )
