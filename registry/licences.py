"""Licences by their SPDX names."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from license_expression import ExpressionError, LicenseSymbol, Licensing, get_spdx_licensing

# The parser of expressions breaks on other characters instead of refusing them.
WRITTEN = re.compile(r"[\w.:+() -]*", re.ASCII)
OTHER_SIGNS = re.compile(r"[^A-Za-z0-9.]+")
OWN = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")


@cache
def spdx() -> Licensing:
    """The list of SPDX, read at the first question: it takes a moment."""
    return get_spdx_licensing()


def check_licence(value: str) -> None:
    """A validator: an SPDX expression such as `Apache-2.0 OR MIT`, or `LicenseRef-…` for one's own."""
    if not WRITTEN.fullmatch(value):
        raise ValidationError(NOT_SPDX)
    try:
        info = spdx().validate(OWN.sub("MIT", value))
    except (ExpressionError, AttributeError, IndexError) as error:  # of `MIT AND` and `()` its own
        raise ValidationError(NOT_SPDX) from error
    if info.errors:
        raise ValidationError(NOT_SPDX)


def check_one(value: str) -> None:
    """The same for a single licence, without `AND`, `OR` or `WITH`."""
    check_licence(value)
    found = spdx().parse(value)
    if not isinstance(found, LicenseSymbol) or found.is_exception:
        raise ValidationError(NOT_SPDX)


def spelled(said: str) -> str:
    """Its SPDX name, of one in small letters, too, as files have it; empty when it is none."""
    try:
        check_licence(said)
    except ValidationError:
        return ""
    found = spdx().parse(said)
    return str(found.render()) if found is not None else ""


def by_name(said: str) -> str:
    """The name of a licence as files say it: what has none in SPDX is somebody's own."""
    return spelled(said) or f"LicenseRef-{OTHER_SIGNS.sub('-', said).strip('-.')[:80]}"


def is_allowed(value: str, among: Collection[str]) -> bool:
    """Whether somebody who accepts these licences accepts an expression: all of `A AND B`, one of `A OR B`.
    An exception (`WITH`) only adds to what its licence allows. What has no licence is accepted by nobody."""
    accepted = {spdx().parse(name).key for name in among}
    return bool(value) and accepts(spdx().parse(value), accepted)


def accepts(part: Any, accepted: Collection[str]) -> bool:
    """The same of a parsed expression."""
    if isinstance(part, spdx().AND):
        return all(accepts(each, accepted) for each in part.args)
    if isinstance(part, spdx().OR):
        return any(accepts(each, accepted) for each in part.args)
    return getattr(part, "license_symbol", part).key in accepted


NOT_SPDX = "Give the licence by its SPDX name, such as Apache-2.0, or LicenseRef-Internal for your own."
