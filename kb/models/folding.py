"""How text is prepared for being found: what is written with marks is found without them."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower

# Latin letters whose marks are no part of how people search for them. Beyond what Unicode takes apart:
ALSO = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ħ": "h",
    "\u0131": "i",
    "ŧ": "t",
    "æ": "a",
    "œ": "o",
    "ß": "s",
    "ð": "d",
}
COMBINING = "".join(map(chr, range(0x300, 0x370)))


def bare_letters() -> dict[str, str]:
    """Each letter with marks below U+1F00, and the letter that it is without them."""
    found = dict(ALSO)
    for code in range(0xC0, 0x1F00):
        letter = chr(code)
        bare = unicodedata.normalize("NFD", letter)[0]
        if bare != letter and bare.isascii() and bare.isalpha() and letter.islower():
            found[letter] = bare
    return found


BARE = bare_letters()
_table = str.maketrans({**BARE, **dict.fromkeys(COMBINING)})


def folded(text: str) -> str:
    """Lower case, without marks: “Naïve Précis” is “naive precis”. The same as `Folded` does."""
    return text.lower().translate(_table)


def query_of(text: str) -> str:
    """A query for what has words that begin like each of a text's first eight."""
    words = "".join(character if character.isalnum() else " " for character in folded(text)).split()[:8]
    return " & ".join(f"{word}:*" for word in words)


class Folded(models.Func):
    """`folded` in the database: lower, then letter by letter; combining marks have no letter and go."""

    function = "translate"

    def __init__(self, expression: Any, **extra: Any) -> None:
        marked, bare = "".join(BARE) + COMBINING, "".join(BARE.values())
        field = models.TextField()
        super().__init__(Lower(expression), Value(marked), Value(bare), output_field=field, **extra)
