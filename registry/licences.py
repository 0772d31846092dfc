"""Licences by their SPDX names."""

from __future__ import annotations

import re
from functools import cache

from django.core.exceptions import ValidationError
from license_expression import ExpressionError, Licensing, get_spdx_licensing

OWN = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")


@cache
def spdx() -> Licensing:
    """The list of SPDX, read at the first question: it takes a moment."""
    return get_spdx_licensing()


def check_licence(value: str) -> None:
    """A validator: an SPDX expression such as `Apache-2.0 OR MIT`, or `LicenseRef-…` for one's own."""
    try:
        info = spdx().validate(OWN.sub("MIT", value))
    except ExpressionError as error:
        raise ValidationError(NOT_SPDX) from error
    if info.errors:
        raise ValidationError(NOT_SPDX)


NOT_SPDX = "Give the licence by its SPDX name, such as Apache-2.0, or LicenseRef-Internal for your own."
