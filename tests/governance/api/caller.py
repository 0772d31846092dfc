"""A program that uses the API and holds every answer against what the schema promises."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from governance import actions
from governance.api import schema
from governance.models import User

PROBLEM = "application/problem+json"


class Caller:
    """Somebody with a token, or nobody. Answers to `get`, `post`, `put`, `patch` and `delete` are checked."""

    def __init__(self, person: User | None = None, token: str = "") -> None:
        if person is not None and not token:
            _, token = actions.add_token(person, name="tests", by=person)
        self.token = token
        self.client = Client(raise_request_exception=False)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> HttpResponse:
        """`body` is JSON unless it is bytes. Header names as WSGI has them."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        if self.token:
            headers.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.token}")
        address = path if path.startswith("/") else f"/api/v1/{path}"
        answer = self.client.generic(method, address, sent, headers.pop("CONTENT_TYPE", kind), **headers)
        answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        hold(method, address.partition("?")[0], answer)
        return answer

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, body, **headers)

    def put(self, path: str, body: object, **headers: str) -> HttpResponse:
        return self.ask("PUT", path, body, **headers)

    def patch(self, path: str, body: object) -> HttpResponse:
        return self.ask("PATCH", path, body)

    def delete(self, path: str) -> HttpResponse:
        return self.ask("DELETE", path)

    def queries(self, path: str) -> int:
        """How many statements one look takes, once the token's use is noted."""
        self.get("me/")
        with CaptureQueriesContext(connection) as captured:
            assert self.get(path).status_code == 200
        return len(captured)


def said(answer: HttpResponse) -> tuple[int, str]:
    """The status and the sentence of a refusal."""
    return answer.status_code, answer.json()["detail"]


def rows(answer: HttpResponse, field: str) -> list[Any]:
    """One field of every row of a list."""
    return [row[field] for row in answer.json()["results"]]


# ------------------------------------------------------------------ against the schema


@cache
def described() -> dict[str, Any]:
    """The schema, made strict: answers have the fields that it names and no others."""
    found: dict[str, Any] = json.loads(schema.text())
    for component in found["components"]["schemas"].values():
        if component.get("type") == "object" and "properties" in component:
            component.setdefault("additionalProperties", False)
    return found


@cache
def addresses() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Every documented address as a pattern, those without parameters first."""
    paths = sorted(described()["paths"].items(), key=lambda item: item[0].count("{"))
    return [(pattern(path), methods) for path, methods in paths]


def pattern(path: str) -> re.Pattern[str]:
    parts = re.sub(r"\\{path\\}", ".+", re.escape(path.rstrip("/")))
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", parts) + "/?", re.S)


def operation(method: str, path: str) -> dict[str, Any] | None:
    methods = next((methods for found, methods in addresses() if found.fullmatch(path)), {})
    found: dict[str, Any] | None = methods.get("get" if method == "HEAD" else method.lower())
    return found


def hold(method: str, path: str, answer: HttpResponse) -> None:
    """Fail unless the schema promises this status, this kind of content and this body."""
    asked = operation(method, path)
    if asked is None:
        assert answer.status_code in {400, 404, 405}, (
            f"{method} {path} is not documented: {answer.status_code}"
        )
        return
    promised = asked["responses"].get(str(answer.status_code))
    assert promised is not None, f"{method} {path} answers {answer.status_code}, which is not documented."
    if method == "HEAD" or "content" not in promised:
        return
    kind = answer["Content-Type"].partition(";")[0]
    assert kind in promised["content"], f"{method} {path} answers {kind}, which is not documented."
    if kind.endswith("json"):
        validator(json.dumps(promised["content"][kind]["schema"])).validate(answer.json())


@cache
def validator(shape: str) -> Draft202012Validator:
    whole = Resource(contents=described(), specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:steward", whole)
    return Draft202012Validator(json.loads(shape.replace('"#/', '"urn:steward#/')), registry=registry)
