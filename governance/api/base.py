"""What every endpoint shares: who asks, strict bodies and queries, pages of lists, and true documentation."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db.models import Model, QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from governance import paging
from governance.api.lists import KeysetPagination
from governance.api.parsing import (
    Flag,
    Nothing,
    Number,
    Paged,
    Strict,
    Text,
    Whole,
    Words,
    checked,
    query_of,
)
from governance.documents import MEDIA_TYPE
from governance.errors import LengthRequired
from governance.models import User
from governance.searching import searched

__all__ = [
    "WRITES",
    "Flag",
    "Nothing",
    "Number",
    "Paged",
    "Strict",
    "Text",
    "View",
    "Whole",
    "Words",
    "endpoint",
    "in_path",
]

M = TypeVar("M", bound=Model)
Values = dict[str, Any]
Form = type[Strict]
Method = TypeVar("Method", bound=Callable[..., Any])


class JSONAlways(BaseContentNegotiation):
    """There is one representation of everything, so `Accept` has nothing to choose."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        only = next(iter(renderers))
        return only, only.media_type or ""


@dataclass(frozen=True)
class Endpoint:
    """What one method of one address takes."""

    query: Form
    body: Form | None


class View(ViewSet):
    """Endpoints of one noun. A method finds through `visible_to`, calls one action or query, answers."""

    pagination_class = KeysetPagination
    content_negotiation_class = JSONAlways
    metadata_class = None
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    search_fields: Sequence[str] = ()
    query: Values
    body: Values

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {**super().default_response_headers, "Cache-Control": "private, no-store"}

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            raise LengthRequired(
                "Announce how long the body is, with Content-Length: a cut one looks complete."
            )
        takes: Endpoint | None = getattr(getattr(self, self.action or "", None), "endpoint", None)
        if takes is not None:
            self.query = query_of(request._request, takes.query)
            self.body = body_of(request, takes.body)

    def page(self, rows: QuerySet[M], order: str) -> paging.Page[M]:
        """One page of rows, as the query asks."""
        return paging.page(rows, order, cursor=self.query.get("cursor", ""), size=self.query["size"])

    def listed(self, rows: QuerySet[M], order: str, row: Callable[[M], Values]) -> Values:
        """The same of those that are searched for in `search_fields`, answered row by row."""
        page = self.page(searched(rows, self.search_fields, self.query.get("search", "")), order)
        return self.paged(page, [row(found) for found in page.rows])

    def paged(self, page: paging.Page[Any], results: Sequence[Values]) -> Values:
        return {
            "results": results,
            "next": self.address(page.older),
            "previous": self.address(page.newer),
        }

    def address(self, cursor: str) -> str | None:
        """This list from another place on."""
        if not cursor:
            return None
        query = self.request.GET.copy()
        query["cursor"] = cursor
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


def body_of(request: Request, form: Form | None) -> Values:
    """The body as values. None means bytes, which the endpoint reads itself."""
    if form is None or request.method not in {"POST", "PUT", "PATCH"}:
        return {}
    if form is Nothing and not request.META.get("CONTENT_LENGTH"):
        return {}
    return checked(form(data=request.data, partial=request.method == "PATCH"))


# ------------------------------------------------------------------ documentation


class ObjectionAnswer(serializers.Serializer[Any]):
    """One reason to say no."""

    policy = serializers.CharField()
    sentence = serializers.CharField()
    cure = serializers.CharField(allow_blank=True)
    who = serializers.CharField(allow_blank=True, help_text="Who can cure it.")
    link = serializers.CharField(allow_blank=True, help_text="Where: an address of this site.")


class Problem(serializers.Serializer[Any]):
    """What went wrong (RFC 9457). `detail` is the sentence that a page would show."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # a field, not the serializer's own
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="By field."
    )
    objections = ObjectionAnswer(many=True, required=False)


SENTENCES = {
    400: "What was sent is malformed.",
    401: "No token, or one that is unknown, expired or revoked.",
    403: "A role or a policy says no.",
    404: "It does not exist, or you may not see it.",
    409: "It is not in a state in which this can happen.",
    411: "The body's length was not announced.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    416: "The range begins behind the end of the file.",
    500: "Nobody foresaw it. The log has the details under the request id.",
    503: "A named part is away; try again in a moment.",
    507: "The disk is full; nothing was kept.",
}
ALWAYS = (400, 401, 500, 503)
WRITES = (403, 409, 411, 413, 415)

DESCRIBED: list[tuple[Callable[..., Any], Values]] = []
"""Every endpoint and what is said of it, for `describing`."""

_in_path: dict[str, OpenApiParameter] = {}


def in_path(name: str, description: str, **schema: Any) -> None:
    """Say what a part of an address is, once for all endpoints that have it."""
    shown = {"pk": "id"}.get(name, name)
    _in_path[name] = OpenApiParameter(
        shown, {"type": "string", **schema}, OpenApiParameter.PATH, required=True, description=description
    )


in_path("team", "The team's slug.", pattern="[a-z0-9-]{1,60}")
in_path("username", "A person's name, in any case.", pattern="[A-Za-z0-9._-]{1,100}")
in_path("pk", "Its number, as the list shows it.", type="integer", minimum=1)


def endpoint(
    answer: Any = None,
    *,
    status: int = 200,
    query: Form = Nothing,
    body: Form | None = Nothing,
    headers: Sequence[OpenApiParameter] = (),
    problems: Sequence[int] = (),
    **described: Any,
) -> Callable[[Method], Method]:
    """Mark a method as an endpoint: what it takes is read before it runs, what it gives is documented.

    `answer` describes the dictionary that the method returns with `status`, or is a dictionary of answers
    by status; `problems` are its refusals. `body=None`: the method reads bytes.
    """

    def mark(method: Method) -> Method:
        names = sorted(inspect.signature(method).parameters.keys() - {"self"})
        codes = {*ALWAYS, *problems, *([404] if names else [])}
        answers = (
            answer if isinstance(answer, dict) else {status: answer or OpenApiResponse(description="Done.")}
        )
        refusals = {(code, MEDIA_TYPE): OpenApiResponse(Problem, SENTENCES[code]) for code in sorted(codes)}
        text = inspect.getdoc(method) or ""
        shown: Values = {
            "summary": text.partition("\n")[0].rstrip("."),
            "description": text,
            "parameters": [*(_in_path[name] for name in names), *headers, *asked_in(query)],
            "request": None if body is Nothing else body,
            "responses": {**answers, **refusals},
        }
        method.endpoint = Endpoint(query, body)  # type: ignore[attr-defined]
        answered = answering(method, status)
        DESCRIBED.append((answered, {**shown, **described}))
        return cast(Method, answered)

    return mark


def asked_in(query: Form) -> Sequence[Form]:
    return [] if query is Nothing else [query]


def answering(method: Callable[..., Any], status: int) -> Callable[..., HttpResponseBase]:
    """A method that returns values answers with them."""

    @functools.wraps(method)
    def answered(view: View, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = method(view, *args, **kwargs)
        return given if isinstance(given, HttpResponseBase) else Response(given, status=status)

    return answered
