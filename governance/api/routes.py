"""Addresses: each with and without its last slash, and what their parts look like."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, register_converter

from governance.api.base import View


class Part:
    """A part of an address, as text. One that looks otherwise is no address of ours: 404."""

    regex = ""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Slug(Part):
    regex = "[a-z0-9-]{1,60}"


class Name(Part):
    regex = "[A-Za-z0-9._-]{1,100}"


class Anything(Part):
    """Judged where it is used, with a sentence."""

    regex = "[^/]+"


class Number(Part):
    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:  # type: ignore[override]
        return int(value)


class Key(Number):
    regex = "[1-9][0-9]{0,17}"


register_converter(Slug, "team")
register_converter(Name, "name")
register_converter(Anything, "anything")
register_converter(Number, "version")
register_converter(Key, "key")


def route(
    address: str, view: type[View], also: dict[str, str] | None = None, **methods: str
) -> list[URLPattern]:
    """An address and, undocumented, its other form: with or without the last slash."""
    other = address.removesuffix("/") if address.endswith("/") else f"{address}/"
    return [
        path(address, view.as_view({**methods}), also),
        path(other, undescribed(view.as_view({**methods})), also),
    ]


def undescribed(view: Any) -> Any:
    """Said to the view and not to `as_view`, which would load all that describes."""
    view.initkwargs["schema"] = None
    return view
