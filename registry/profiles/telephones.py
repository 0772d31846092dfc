"""Telephone numbers, with the plans of all countries at hand: the package would import each when it is
needed, and nothing can be imported any more where bytes are read."""

from __future__ import annotations

import phonenumbers

phonenumbers.PhoneMetadata.load_all()
REGIONS = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""Codes of two letters of the countries that have a plan (ISO 3166-1)."""


def is_valid(text: str) -> bool:
    """Whether the plan of its country knows such a number; the text begins with + and the country's code."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))


def international(text: str, region: str) -> str:
    """A valid number as E.164 has it, of a country where it does not say its own; empty when it is none."""
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
