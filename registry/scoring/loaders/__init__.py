"""How a model of each format is loaded and asked, in the model's child. One file is one format; each has
`load(file, words)`.

What is raised before any row was sent is a sentence of its own. After that a model could tell rows that not
everybody may see, so it may only say which of `REFUSALS` it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, BinaryIO

import numpy as np

from registry.scoring import MOST_CLASSES, Refused, Result, Unfit, lines
from registry.scoring.formats import BESIDE, format_of
from registry.scoring.wording import Words

Array = Any  # of numpy
Answer = Callable[[Any], Array]
Tabled = Callable[[list[str], bool], Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """`about` is what the other side has to know; `kind` is what `answer` gives; `table` makes rows what the
    model takes, from the names of columns and whether some are words."""

    about: Result
    kind: bytes
    answer: Answer
    table: Tabled


def load(file: BinaryIO, words: Words) -> Loaded:
    found = format_of(str(file.name))
    assert found is not None
    loaded: Loaded = import_module(found.module).load(file, words)
    return loaded


def numbers_only(columns: list[str], words: bool) -> Callable[[Any], Any]:
    """For what takes a table of numbers."""
    if words:
        raise Refused("words")
    return lambda rows: rows


def about(
    names: list[str] | None, width: int | None, classes: tuple[str, ...] = (), made_with: str = ""
) -> Result:
    found: Result = {"features": names, "width": width, "made_with": made_with}
    if not classes:
        return {**found, "task": "regression"}
    if not 2 <= len(classes) <= MOST_CLASSES:
        raise Unfit(f"It knows {len(classes):,} classes; 2 to {MOST_CLASSES} are scored here.")
    return {**found, "task": "classification", "classes": list(classes)}


def numbered(words: Words, number: int) -> tuple[str, ...]:
    """Names of so many classes: as said, else 0, 1, 2 and so on."""
    if words.classes and len(words.classes) != number:
        raise Unfit(f"{BESIDE} names {len(words.classes)} classes, and it knows {number}.")
    return words.classes or tuple(str(place) for place in range(number))


def column(values: Any) -> Array:
    return np.asarray(values, dtype="f8").reshape(len(values), -1)


def both(second: Any) -> Array:
    """Chances of two classes from those of the second."""
    chance = np.asarray(second, dtype="f8").reshape(-1)
    return np.column_stack([1 - chance, chance])


GIVEN = {"chances": lines.CHANCES, "logits": lines.CHANCES, "scores": lines.SCORES, "values": lines.VALUES}


def given(words: Words, wide: int) -> tuple[tuple[str, ...], bytes, Callable[[Array], Array]]:
    """Classes, what kind of answer the last `wide` numbers of a row are, and how they become that."""
    gives = words.gives or {"classification": "chances", "regression": "values"}.get(words.task, "")
    if (words.task == "regression") != (gives == "values") or not gives:
        raise Unfit(f"{BESIDE} has to say what its numbers are: task, and gives ({', '.join(GIVEN)}).")
    if gives in ("values", "scores") and wide != 1:
        raise Unfit(f"It gives {wide:,} numbers a row, and {gives} are one.")
    if gives == "values":
        return (), lines.VALUES, column
    classes = numbered(words, 2 if wide == 1 else wide)
    if gives == "scores":
        return classes, lines.SCORES, column
    if wide == 1:
        return classes, lines.CHANCES, (lambda said: both(logistic(said))) if gives == "logits" else both
    return classes, lines.CHANCES, softmax if gives == "logits" else column


def logistic(values: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(np.asarray(values, dtype="f8"), -700, 700)))


def softmax(values: Array) -> Array:
    wide = np.asarray(values, dtype="f8")
    raised = np.exp(wide - wide.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
