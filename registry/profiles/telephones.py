"""Telephone numbers, with the plans of all countries at hand: the package would import each when it is
needed, and nothing can be imported any more where bytes are read."""

from __future__ import annotations

import phonenumbers

phonenumbers.PhoneMetadata.load_all()


def is_valid(text: str) -> bool:
    """Whether the plan of its country knows such a number; the text begins with + and the country's code."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))
