"""Text becomes values, strictly: what is malformed is named in a sentence, nothing is guessed or dropped."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict
from rest_framework import serializers
from rest_framework.parsers import BaseParser

from governance.errors import Invalid, TooLarge
from governance.paging import MOST, SIZE
from governance.searching import MOST_WORDS

MOST_BYTES = 1 << 20
MOST_DEPTH = 32


class StrictJSONParser(BaseParser):
    """One JSON object of at most 1 MiB in UTF-8. No NaN, no name twice, no deep nests, no cut bodies."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        announced = int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
        if announced > MOST_BYTES:
            raise TooLarge("A JSON body has at most 1 MiB.")
        body = stream.read(announced)
        if len(body) < announced:
            raise Invalid(f"{announced} bytes were announced, {len(body)} were received.")
        return loads(body)


def loads(body: bytes) -> dict[str, Any]:
    """A JSON object, or `Invalid`."""
    try:
        found = json.loads(
            body.decode(),
            object_pairs_hook=once,
            parse_constant=refuse_constant,
            parse_float=finite,
            parse_int=whole,
        )
        if b"\\u" in body:
            json.dumps(found, ensure_ascii=False).encode()  # half a character cannot be stored
    except RecursionError:
        raise Invalid(f"This JSON is nested deeper than {MOST_DEPTH} levels.") from None
    except ValueError:
        raise Invalid("This body is not JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise Invalid("Send a JSON object, in braces.")
    if deeper(found, MOST_DEPTH):
        raise Invalid(f"This JSON is nested deeper than {MOST_DEPTH} levels.")
    return found


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Invalid(f"The field {name[:60]} is there twice.")
        found[name] = value
    return found


def refuse_constant(name: str) -> None:
    raise Invalid(f"{name} is not a number of JSON.")


def finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Invalid(f"{text[:20]} is too large a number.")
    return number


def whole(text: str) -> int:
    """Whole numbers of 64 bits: longer ones read differently on either side of the wire."""
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        raise Invalid(f"{text[:20]} is too large a number.")
    return int(text)


def deeper(value: Any, levels: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(deeper(entry, levels - 1) for entry in inside if isinstance(entry, dict | list))


# ------------------------------------------------------------------ fields


class Strict(serializers.Serializer[Any]):
    """Fields by name. One that is not known is refused, never ignored."""

    default_error_messages = {"invalid": "Send a JSON object, in braces."}

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            raise serializers.ValidationError({name[:60]: ["There is no such field."] for name in unknown})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A string as it was sent: a number is none, and nothing is trimmed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number as a number: "5" and 5.0 are none."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """true or false: words and numbers are neither."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Number(serializers.FloatField):
    """A number as a number, kept as it was sent: "5" and true are none."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return data


class Words(serializers.CharField):
    """A few words to look for."""

    default_error_messages = {"many": f"Search for at most {MOST_WORDS} words."}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if len(text.split()) > MOST_WORDS:
            self.fail("many")
        return text


class Nothing(Strict):
    """No fields at all."""


class Paged(Strict):
    """What every list takes."""

    cursor = serializers.CharField(required=False, help_text="From `next` or `previous` of a page before.")
    size = serializers.IntegerField(
        required=False, default=SIZE, min_value=1, max_value=MOST, help_text="How many rows a page has."
    )
    search = Words(
        required=False,
        max_length=100,
        help_text=f"At most {MOST_WORDS} words: each stands in a name or text of the row, in any case.",
    )


# ------------------------------------------------------------------ reading a request


def query_of(request: HttpRequest, form: type[Strict]) -> dict[str, Any]:
    """The query as values; a parameter that is not known, or is there twice, is refused."""
    given = request.GET
    if not given and form is Nothing:
        return {}
    return checked(form(data=single(given)))


def single(given: QueryDict) -> dict[str, str]:
    for name, values in given.lists():
        if len(values) > 1:
            raise Invalid(f"The parameter {name[:60]} is there twice.")
    return given.dict()  # type: ignore[return-value]


def checked(form: Strict) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
