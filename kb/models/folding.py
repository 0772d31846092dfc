"""How text is prepared for being found: what is written with marks is found without them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower

# Latin letters whose marks are no part of how people search for them, and that Unicode does not take apart.
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
MARKS = "[\u0300-\u036f]+"
_marks = re.compile(MARKS)
_also = str.maketrans(ALSO)


def folded(text: str) -> str:
    """Lower case, without marks: “Naïve Précis” is “naive precis”. The same as `Folded` does."""
    return _marks.sub("", unicodedata.normalize("NFKD", text.lower())).translate(_also)


def query_of(text: str) -> str:
    """A query for what has words that begin like each of a text's first eight."""
    words = "".join(character if character.isalnum() else " " for character in folded(text)).split()[:8]
    return " & ".join(f"{word}:*" for word in words)


class Normalized(models.Func):
    """Each letter apart from its marks."""

    function = "normalize"
    template = "%(function)s(%(expressions)s, NFKD)"


class Folded(models.Func):
    """`folded` in the database. A long `translate` looks through all its letters for each one: slow for a
    long article."""

    function = "translate"

    def __init__(self, expression: Any, **extra: Any) -> None:
        apart = Normalized(Lower(expression), output_field=models.TextField())
        bare = models.Func(apart, Value(MARKS), Value(""), Value("g"), function="regexp_replace")
        also = Value("".join(ALSO)), Value("".join(ALSO.values()))
        super().__init__(bare, *also, output_field=models.TextField(), **extra)


class Joined(models.Func):
    """What stands in a list, with blanks between. PostgreSQL's own function may not be kept in a column: it
    does not promise the same for every kind of list; for one of words it does."""

    function = "kb_joined"
    output_field = models.TextField()


class Titled(models.Func):
    """Of what is searched the words of the title, of headings and labels, which have an index of their own:
    whether a word stands there no index of all words tells."""

    function = "ts_filter"
    template = "%(function)s(%(expressions)s, '{a,b,c}')"
    output_field = SearchVectorField()
