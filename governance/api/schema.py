"""The description of the API, and a page to read it on: from here alone, without inline script."""

from __future__ import annotations

import json
import threading
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

ABOUT = """Models, datasets and what a team knows: checked, approved, on the record.

Every address works with and without its last slash. Bodies are JSON objects; a field that is not known
is refused. Lists are paged: follow `next`. What goes wrong is a problem document (RFC 9457) whose `detail`
is the sentence that a page would show. What you may not see does not exist: 404."""

_making = threading.Lock()


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, as JSON (which is YAML, too)."""
    return HttpResponse(text(), content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people. One who has signed in can try it out."""
    return render(request, "governance/docs.html")


def text() -> str:
    """It is the same for everybody, takes a second to make, and is made by one thread: the generator
    mixes up two that begin at once."""
    with _making:
        return made()


@cache
def made() -> str:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    return json.dumps(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


def finish(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say what holds everywhere, name operations by their noun, and say that bodies take no other fields."""
    result["info"]["description"] = ABOUT
    for address, methods in result["paths"].items():
        for operation in methods.values():
            operation["tags"] = [noun(address)]
            operation["operationId"] = operation["operationId"].replace("root_", "artifacts_")
            operation["parameters"] = [
                given for given in operation.get("parameters", []) if is_in(address, given)
            ]
    for name, component in result["components"]["schemas"].items():
        if name.endswith("Request") and component.get("type") == "object":
            component["additionalProperties"] = False
    return result


def is_in(address: str, parameter: dict[str, Any]) -> bool:
    """Lists of a kind say which one in words, not by a parameter."""
    return parameter["in"] != "path" or f"{{{parameter['name']}}}" in address


def noun(address: str) -> str:
    """What an address is about: its first word that is no artifact."""
    words = [word for word in address.split("/")[3:] if word and not word.startswith("{")]
    return words[0] if words and words[0] not in {"models", "datasets", "assets"} else "artifacts"
