"""The model's child: load it, say what it is, answer rows. It has no network, no files, no answers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from resource import RUSAGE_SELF, getrusage
from time import monotonic
from typing import BinaryIO

from registry.checks import MIB, SCORING, Check, Fact, Issue
from registry.scoring import SECONDS, Refused, Result, Unfit, lines, loaders, wording
from registry.scoring.lines import Gone, Line

MEMORY = 2048 * MIB


def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    """One fact: how long it took to load and what it held, or why it is not scored."""
    line = Line(file.ends.line)  # type: ignore[attr-defined]
    try:
        yield Fact(answering(file, line))
    except Refused as refused:
        yield Fact({"refused": refused.why})
    except Unfit as unfit:
        yield Fact({"unfit": str(unfit)})


def answering(file: BinaryIO, line: Line) -> Result:
    warnings.simplefilter("ignore")
    before, begun = held(), monotonic()
    said = wording.words(str(file.declared.get("beside") or ""))  # type: ignore[attr-defined]
    model = loaders.load(file, said)
    seconds = monotonic() - begun
    line.say(lines.ABOUT, model.about)
    with suppress(Gone):
        head = line.take(lines.COLUMNS).words
        table = model.table(head["columns"], bool(head["cells"]))
        while (frame := line.take(lines.NUMBERS, lines.CELLS, lines.END)).kind != lines.END:
            rows = frame.numbers if frame.kind == lines.NUMBERS else frame.words["rows"]
            line.give(model.kind, model.answer(table(rows)))
    return {"load_seconds": round(seconds, 6), "memory": max(0, held() - before)}


def held() -> int:
    """The most bytes that this process had in memory at once."""
    return getrusage(RUSAGE_SELF).ru_maxrss * 1024


SCORING["score_model"] = Check("score_model", (), date(2026, 11, 28), SECONDS, MEMORY, "", ("polars",), run)
