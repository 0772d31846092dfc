"""A model is scored here: two children behind the walls, and a line between them.

    worker ──► warm parents ──fork──► the model's child: the model file and its key, features, no answers
       └──────────────────────────fork──► the table's child: the table and its key, answers, no model

The table's child reads rows, sends features over the line, gets scores back, holds them against the answers
and measures. So no model sees what it is measured by, and none measures itself: it can only be wrong, be
slow, or fail, and each is a sentence.

    lines.py       what travels between the two, each side looking at what the other says
    models.py      the model's child: loading, answering
    loaders/       how each format is loaded and asked, one file each; formats.py tells them by their names
    wording.py     what `scoring.json` says of a model whose file does not
    tables.py      the table's child: reading, sending, measuring
    measuring.py   metrics, curves, calibration, slices, baselines
    resampling.py  their bootstrap intervals
    comparing.py   paired tests of two evaluations on the same rows
    warming.py     how the two warm parents begin; warm_models.py and warm_tables.py are what they import
    running.py     the worker's side

None of them knows Django.
"""

from __future__ import annotations

from typing import Any

MODEL, TABLE = "score_model", "score_table"
TABLES = (".csv", ".tsv", ".parquet")
SECONDS = 300
GOLDEN = "golden"
"""The part of which the target holds what the model has to answer, not what came."""
SEED = 20
CONFIDENCE = 0.95
MOST_ROWS = 5_000_000
MOST_CLASSES = 50
MOST_FEATURES = 10_000
SMALL = 4 << 20
"""Bytes of a CSV file up to which Python reads it itself."""

Result = dict[str, Any]


class Unfit(Exception):
    """Why this cannot be evaluated, in a sentence for people. It quotes no value of the table."""


REFUSALS = {
    "missing": "It takes no missing values, and its features have some here.",
    "infinite": "It takes no infinite numbers, and its features have some here, or such as are too large.",
    "words": "It takes numbers, and some of its features are words here.",
    "names": "It takes columns by names that the features have not: name them as it does.",
    "classes": "Its classes are not 0, 1, 2 and so on: name them in scoring.json beside it.",
    "library": "The library that runs it refused the rows: are there as many features as it takes?",
}
"""All that a model's child says once it has seen rows: those are not everybody's, and it might quote them."""


class Refused(Exception):
    """Why rows cannot be answered: one of `REFUSALS`."""

    def __init__(self, why: str) -> None:
        super().__init__(REFUSALS[why])
        self.why = why


def is_table(path: str) -> bool:
    return path.lower().endswith(TABLES)


def canonical(label: Any) -> str:
    """A class as a model and a table both write it: 1, 1.0 and "1" are one class."""
    text = str(label).strip()
    if text.lower() in {"true", "false"}:
        return text.lower()
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
