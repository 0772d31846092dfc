"""What is known of how a model was trained and evaluated, as the checks of evidence see it. A statement is a
record that somebody declared, bound to the digest of the dataset version that it names, if that is
registered; or it was evaluated: measured here, and signed, and outranks what is declared on the same data.

    figures.py   what a confusion matrix and folds give: metrics, means, intervals
    chances.py   exact binomial tails, quantiles of Student's t
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """One standing record, or one evaluation, by its number. `digest` is of the dataset version that it
    names; empty when that is unknown here. `at` is when it was declared, `about` the artifact, where there
    are several."""

    record: int
    data: dict[str, Any]
    digest: str = ""
    evaluated: bool = False
    at: datetime | None = None
    about: str = ""

    @property
    def place(self) -> str:
        return f"{'evaluation' if self.evaluated else 'record'} {self.record}"

    @property
    def key(self) -> str:
        """By which findings tell it from others; waivers hang on it."""
        return f"{'e' if self.evaluated else ''}{self.record}"


@dataclass(frozen=True, slots=True)
class Rival:
    """This version by one of its evaluations, and the version `number` on the same rows. `better` says by how
    much the other one is better at `metric`, `low` the lower end of its interval over paired rows; latencies
    are p95 of one row in milliseconds, costs those that are declared of 1,000 predictions."""

    key: str
    place: str
    number: int
    metric: str
    better: float
    low: float
    latencies: tuple[float, float]
    costs: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of one version. `evaluations` are those that count: what was evaluated, and what is declared on other
    data; `declared` are all that are declared. `opened` says how often each dataset, by its digest, was a
    hold-out for any version of the model; `rarest` the share of the rarest class of its target, where both
    are known; `limits` the thresholds that the team has set; `before` what was evaluated of the versions that
    it is derived from. `golden` is how far it is from golden predictions, `golden_of_others` by their digest
    the number of another version that was held against them; `rivals` are other versions on the same rows."""

    evaluations: tuple[Statement, ...] = ()
    declared: tuple[Statement, ...] = ()
    trainings: tuple[Statement, ...] = ()
    opened: dict[str, int] = field(default_factory=dict)
    rarest: dict[str, float] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    before: tuple[Statement, ...] = ()
    golden: tuple[Statement, ...] = ()
    golden_of_others: dict[str, int] = field(default_factory=dict)
    rivals: tuple[Rival, ...] = ()
