"""What is declared of how a model was trained and evaluated, as the checks of evidence see it. Nothing of
it was measured here; each statement is a record, bound to the digest of the dataset version that it names,
if that is registered.

    figures.py   what a confusion matrix and folds give: metrics, means, intervals
    chances.py   exact binomial tails, quantiles of Student's t
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """One standing record. `digest` is of the dataset version that it names; empty when that is unknown
    here."""

    record: int
    data: dict[str, Any]
    digest: str = ""

    @property
    def place(self) -> str:
        return f"record {self.record}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of one version. `opened` says how often each dataset, by its digest, was a hold-out for any version
    of the model; `rarest` the share of the rarest class of its target, where both are known."""

    evaluations: tuple[Statement, ...] = ()
    trainings: tuple[Statement, ...] = ()
    opened: dict[str, int] = field(default_factory=dict)
    rarest: dict[str, float] = field(default_factory=dict)
