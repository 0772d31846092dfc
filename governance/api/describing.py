"""How the description of the API is made. What this needs is large and loaded when somebody asks for it: the
library brings Django's whole test client into the process.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.urls import get_resolver
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema

from governance.api.base import DESCRIBED
from governance.tokens import TokenAuthentication

ABOUT = """Models, datasets and what a team knows: checked, approved, on the record.

Every address works with and without its last slash. Bodies are JSON objects; a field that is not known
is refused. Lists are paged: follow `next`. What goes wrong is a problem document (RFC 9457) whose `detail`
is the sentence that a page would show. What you may not see does not exist: 404."""


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "stw_…"}


@cache
def made() -> str:
    get_resolver().url_patterns  # noqa: B018  # the endpoints register when their addresses load
    for method, described in DESCRIBED:
        extend_schema(**described)(method)
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
