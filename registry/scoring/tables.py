"""The table's child: read rows, have the model answer them, and hold its answers against what came."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from time import monotonic
from typing import Any, BinaryIO

import numpy as np

from registry.checks import MIB, SCORING, Check, Fact, Issue
from registry.scoring import (
    CONFIDENCE,
    GOLDEN,
    MOST_FEATURES,
    MOST_ROWS,
    SECONDS,
    SEED,
    Result,
    Unfit,
    canonical,
    lines,
    measuring,
    resampling,
)
from registry.scoring.lines import Gone, Line, Odd
from registry.scoring.sources import Block, Column, Source, source

Array = Any  # of numpy
MEMORY = 2048 * MIB
KEPT_ROWS = 20_000
PIECE = 9_000
SINGLE, SINGLE_SECONDS = 30, 0.012
MOST_SLICED, MOST_VALUES = 10, 20
TELL_EVERY = 0.5
ARROW = ("pyarrow", "pyarrow.csv", "pyarrow.parquet", "pyarrow.compute")


def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    """One fact: what was measured, or why nothing was."""
    scoring: Scoring | None = None
    try:
        scoring = Scoring(file)
        yield Fact(scoring.result())
    except Unfit as unfit:
        yield Fact({"unfit": str(unfit)})
    except Odd as odd:
        yield Fact({"unfit": f"The model is not sound. {odd}"})
    except Gone:
        yield Fact({"gone": True, "sent": scoring is not None and scoring.sent})


class Scoring:
    """One table against one model."""

    def __init__(self, file: BinaryIO) -> None:
        self._ends = file.ends  # type: ignore[attr-defined]
        self._asked: Mapping[str, Any] = file.declared  # type: ignore[attr-defined]
        self._line = Line(self._ends.line)
        self._random = np.random.default_rng(SEED)
        self._target = str(self._asked["target"])
        self._only = (
            (str(self._asked["split"]), str(self._asked["only"])) if self._asked.get("only") else None
        )
        self._source = source(file, self._as_words())
        self._times: list[float] = []
        self._single: list[float] = []
        self._left_out = 0
        self._is_golden = self._asked.get("part") == GOLDEN
        self.sent = False
        """Whether the model has been told anything of the table."""

    def _as_words(self) -> list[str]:
        return [self._only[0]] if self._only else []

    def result(self) -> Result:
        begun = monotonic()
        model = self._line.take(lines.ABOUT).words
        loaded = monotonic() - begun
        self._kind = (Golden if self._is_golden else Kind).of(model)
        self._features = features(self._asked, model, self._source)
        sliced = self._sliced()
        truth, answers, places = self._scored(sliced)
        self._line.send(lines.END)
        found = self._kind.measured(truth, answers, self._asked, self._random)
        table = {
            "rows": len(truth),
            "left_out": self._left_out,
            "features": len(self._features),
            "load_seconds": round(loaded, 6),
            "made_with": str(model.get("made_with", ""))[:40],
            **self._speed(),
            "seed": SEED,
            "confidence": CONFIDENCE,
            "resamples": resampling.RESAMPLES,
        }
        slices = self._slices(places, truth, found.pop("said"))
        sealed = {
            "slices": [each.pop("value") for each in slices],
            "labels": self._kind.labels,
            "kept": kept(truth, found.pop("kept")),
        }
        return {"measured": {**table, **found, "slices": slices}, "sealed": sealed}

    # ------------------------------------------------------------------ rows

    def _sliced(self) -> list[str]:
        """Columns whose values are looked at one by one: those that were named, else words of few values."""
        if self._is_golden:
            return []
        named = [str(name) for name in self._asked.get("slices") or ()][:MOST_SLICED]
        known(named, self._source, "It names slices that are")
        others = [name for name in self._source.names if name in self._source.words and name != self._target]
        return named or others[:MOST_SLICED]

    def _scored(self, sliced: Sequence[str]) -> tuple[Array, Array, dict[str, Places]]:
        wanted = dict.fromkeys([*self._features, *sliced, self._target, *self._as_words()])
        truths: list[Array] = []
        answers: list[Array] = []
        places = {name: Places() for name in sliced}
        words = [name for name in self._features if name in self._source.words]
        self.sent = True
        self._line.say(lines.COLUMNS, {"columns": self._features, "cells": bool(words)})
        rows, told = 0, monotonic()
        for block in self._source.blocks(list(wanted)):
            truth, use = self._kind.truth(block[self._target], self._positions(block))
            self._left_out += len(use) - int(use.sum())
            if not use.any():
                continue
            chosen = {name: pick(block[name], use) for name in wanted}
            answers.append(self._asked_of(chosen, first=not answers))
            truths.append(truth[use])
            for name, found in places.items():
                found.add(chosen[name])
            rows += len(truths[-1])
            if rows > MOST_ROWS:
                raise Unfit(f"The table has more than {MOST_ROWS:,} rows, the most that are scored at once.")
            if monotonic() - told > TELL_EVERY:
                told = monotonic()
                self._ends.tell({"rows": rows})
        if not rows:
            raise Unfit("No row has an answer to hold the model against.")
        return np.concatenate(truths), np.concatenate(answers), places

    def _positions(self, block: Block) -> Array | None:
        if self._only is None:
            return None
        column, value = self._only
        return np.array([canonical(each) == canonical(value) for each in block[column]], dtype=bool)

    def _asked_of(self, rows: Block, *, first: bool) -> Array:
        number = len(rows[self._target])
        begun = monotonic()
        self._send(rows, number)
        answer = self._answer(number)
        self._times.append(monotonic() - begun)
        if first:
            self._alone(rows, number)
        return answer

    def _alone(self, rows: Block, number: int) -> None:
        """How long one row takes, of rows that were answered already."""
        until = monotonic() + SINGLE_SECONDS
        for place in range(min(number, SINGLE)):
            one = {name: rows[name][place : place + 1] for name in self._features}
            begun = monotonic()
            self._send(one, 1)
            self._answer(1)
            self._single.append(monotonic() - begun)
            if monotonic() > until:
                return

    def _send(self, rows: Block, number: int) -> None:
        if any(name in self._source.words for name in self._features):
            cells = {name: jsonable(rows[name]) for name in self._features}
            self._line.say(lines.CELLS, {"rows": cells})
        else:
            numbers: list[Any] = [rows[name] for name in self._features]
            self._line.give(lines.NUMBERS, np.column_stack(numbers))

    def _answer(self, number: int) -> Array:
        frame = self._line.take(*self._kind.answers, rows=number)
        found = frame.numbers
        if frame.width != self._kind.width(frame.kind):
            raise Odd(f"It answered {frame.width:,} numbers a row.")
        self._kind.said = frame.kind
        if not np.isfinite(found).all():
            bad = int((~np.isfinite(found)).any(axis=1).sum())
            raise Odd(f"It answered no number (NaN or infinite) for {bad:,} of {number:,} rows.")
        return found.copy()

    def _speed(self) -> dict[str, float]:
        milliseconds = {
            "row_p50": np.quantile(self._single, 0.5),
            "row_p95": np.quantile(self._single, 0.95),
            "batch_p50": np.quantile(self._times, 0.5),
            "batch_p95": np.quantile(self._times, 0.95),
        }
        return {name: round(float(value) * 1000, 4) for name, value in milliseconds.items()}

    def _slices(self, places: Mapping[str, Places], truth: Array, said: Array) -> list[Result]:
        found = []
        for name, each in places.items():
            if each.few:
                number = len(self._kind.labels)
                same = truth, said
                if number == 2 and self._kind.positive == 0:
                    same = 1 - truth, 1 - said
                rows = measuring.slices(name, np.concatenate(each.rows), number, *same)
                found += [{**row, "value": each.values[row["value"]][:200]} for row in rows]
        return found


class Places:
    """The values of one column as places in the list of its values, while they are few."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self.rows: list[Array] = []
        self.few = True

    @property
    def values(self) -> list[str]:
        return list(self._known)

    def add(self, column: Column) -> None:
        if self.few:
            known = self._known
            words = ["" if each is None else canonical(each) for each in column]
            self.rows.append(np.array([known.setdefault(word, len(known)) for word in words]))
            self.few = len(known) <= MOST_VALUES


# ------------------------------------------------------------------ kinds of models


class Kind:
    """What a model says of itself, and what that makes of truth and answers."""

    def __init__(self, labels: list[str]) -> None:
        self.labels = labels
        self.answers: tuple[bytes, ...] = (
            (lines.CHANCES, lines.SCORES, lines.LABELS) if labels else (lines.VALUES,)
        )
        self.said = b""
        self.positive = 1
        self._place = {label: number for number, label in enumerate(labels)}

    @classmethod
    def of(cls, model: Mapping[str, Any]) -> Kind:
        labels = model.get("classes") or []
        if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
            raise Odd("It names its classes in a way that nobody understands.")
        if len(labels) == 1 or len(labels) > measuring.CURVE or len(set(labels)) < len(labels):
            raise Odd("Its classes are not two or more different ones.")
        return cls(labels)

    def width(self, kind: bytes) -> int:
        return len(self.labels) if kind == lines.CHANCES else 1

    def truth(self, column: Column, use: Array | None) -> tuple[Array, Array]:
        """The answers of a block, and which rows have one."""
        if not self.labels:
            if isinstance(column, list):
                raise Unfit("The target holds words, and this model predicts numbers.")
            there = np.isfinite(column)
            return column, there if use is None else there & use
        missing = [each is None or each != each for each in column]
        there = ~np.array(missing, dtype=bool)
        there = there if use is None else there & use
        places = np.array(
            [
                self._place.get(canonical(each), -1) if ok else 0
                for each, ok in zip(column, there, strict=True)
            ],
            dtype=int,
        )
        if (places < 0).any():
            number = int((places < 0).sum())
            raise Unfit(f"The target of {number:,} rows is none of the classes that the model knows.")
        return places, there

    def measured(
        self, truth: Array, answers: Array, asked: Mapping[str, Any], random: np.random.Generator
    ) -> Result:
        if not self.labels:
            said = answers[:, 0]
            found = measuring.numbers(truth, said)
            found["intervals"] = resampling.of_numbers(truth, said, random)
            found["baseline"] = measuring.baseline_of_numbers(truth)
            return {"task": "regression", **found, "said": said, "kept": said}
        if self.said == lines.CHANCES:
            sums = answers.sum(axis=1)
            if (answers < -1e-6).any() or (np.abs(sums - 1) > 0.01).any():
                raise Odd("It answered chances that are none: below zero, or not one in all.")
            answers = np.clip(answers, 0, 1)
        if len(self.labels) == 2 and self.said != lines.LABELS:
            return self._of_two(truth, answers, asked, random)
        return self._of_several(truth, answers, random)

    def _of_two(
        self, truth: Array, answers: Array, asked: Mapping[str, Any], random: np.random.Generator
    ) -> Result:
        positive = self.positive = self._positive(asked)
        chances = self.said == lines.CHANCES
        score = answers[:, positive] if chances else answers[:, 0] * (1 if positive == 1 else -1)
        threshold = float(asked["threshold"]) if asked.get("threshold") is not None else 0.5 * chances
        right = truth == positive
        found = measuring.two_classes(right, score, threshold, chances=chances)
        found["intervals"] = resampling.of_two_classes(
            right, score, threshold, chances=chances, random=random
        )
        found["baseline"] = measuring.baseline_of_classes(right.astype(int), 2)
        said = np.where(score >= threshold, positive, 1 - positive)
        about = {"task": "classification", "classes": 2, "threshold": threshold, "chances": chances}
        about["positive_place"] = positive
        return {**about, **found, "said": said, "kept": score}

    def _positive(self, asked: Mapping[str, Any]) -> int:
        label = asked.get("positive")
        if not label:
            return 1
        if canonical(label) not in self._place:
            raise Unfit("The positive class that was named is none of the two that the model knows.")
        return self._place[canonical(label)]

    def _of_several(self, truth: Array, answers: Array, random: np.random.Generator) -> Result:
        number = len(self.labels)
        chances = answers if self.said == lines.CHANCES else None
        said = answers.argmax(axis=1) if chances is not None else answers[:, 0].astype(int)
        if ((said < 0) | (said >= number)).any():
            raise Odd("It answered a class that it does not know.")
        found = measuring.several(truth, said, chances, number)
        loss = resampling.log_losses(truth, chances) if chances is not None else None
        found["intervals"] = resampling.of_several(np.array(found["matrix"]), loss, random)
        found["baseline"] = measuring.baseline_of_classes(truth, number)
        if number == 2:
            positive = truth == 1
            found |= {"confusion": measuring.confusion(positive, said == 1), "positives": int(positive.sum())}
        return {"task": "classification", "classes": number, **found, "said": said, "kept": said}


class Golden(Kind):
    """The target holds what the model has to answer: a value, the chance of the positive class of two, or a
    class."""

    def truth(self, column: Column, use: Array | None) -> tuple[Array, Array]:
        self._by_number = not isinstance(column, list) and len(self.labels) in (0, 2)
        if isinstance(column, list) or not self._by_number:
            return super().truth(column, use)
        there = np.isfinite(column)
        return column, there if use is None else there & use

    def measured(
        self, truth: Array, answers: Array, asked: Mapping[str, Any], random: np.random.Generator
    ) -> Result:
        said = self._said(answers, asked)
        if self._by_number and self.said == lines.LABELS:
            truth = np.array([self._place.get(canonical(each), -1) for each in truth])
        apart = np.abs(said - truth) if self._by_number and self.said != lines.LABELS else said != truth
        largest, mean = float(np.max(apart)), float(np.mean(apart))
        metrics = {"largest_difference": largest, "mean_difference": mean}
        empty: Result = {"intervals": {}, "baseline": {}}
        return {"task": GOLDEN, "metrics": metrics, **empty, "said": said, "kept": said}

    def _said(self, answers: Array, asked: Mapping[str, Any]) -> Array:
        if not self.labels or self.said == lines.LABELS:
            return answers[:, 0]
        if self.said == lines.SCORES:
            return answers[:, 0] if self._by_number else (answers[:, 0] >= 0).astype(int)
        return answers[:, self._positive(asked)] if self._by_number else answers.argmax(axis=1)


# ------------------------------------------------------------------ columns


def features(asked: Mapping[str, Any], model: Mapping[str, Any], table: Source) -> list[str]:
    """Named by who asks, by the model, or all others where that is as many as the model takes."""
    target = str(asked["target"])
    known([target], table, "The target is")
    said = [str(name) for name in asked.get("features") or model.get("features") or ()]
    width = model.get("width")
    if not said:
        out = {target, str(asked.get("split") or "")}
        said = [name for name in table.names if name not in out]
    known(said, table, "The model wants")
    if target in said:
        raise Unfit("The target is among the features: then the model would be told what it is asked.")
    if isinstance(width, int) and width != len(said):
        raise Unfit(f"The model takes {width:,} features, and here are {len(said):,}: name them.")
    return said[:MOST_FEATURES]


def known(names: Sequence[str], table: Source, said: str) -> None:
    there = set(table.names)
    missing = [name for name in names if name not in there]
    if missing:
        more = f" and {len(missing) - 1:,} more" if len(missing) > 1 else ""
        raise Unfit(f"{said} not in the table: {missing[0][:80]}{more}.")


def pick(column: Column, use: Array) -> Column:
    if isinstance(column, list):
        return column if use.all() else [each for each, ok in zip(column, use, strict=True) if ok]
    return column[use]


def jsonable(column: Column) -> list[Any]:
    if isinstance(column, list):
        return column
    return [None if each != each else each for each in column.tolist()]


def kept(truth: Array, said: Array) -> Result:
    """Truth and answer of some rows, the same ones for everybody who is scored on this table: for tests of
    two versions row by row."""
    rows = np.arange(len(truth))
    if len(rows) > KEPT_ROWS:
        rows = np.sort(np.random.default_rng(SEED).choice(len(truth), KEPT_ROWS, replace=False))
    return {"rows": len(rows), "truth": packed(truth[rows]), "said": packed(said[rows])}


def packed(values: Array) -> list[str]:
    text = b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]


SCORING["score_table"] = Check(
    "score_table",
    (),
    date(2026, 11, 28),
    SECONDS,
    MEMORY,
    "",
    ARROW,
    run,
)
