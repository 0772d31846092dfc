"""The numbers by which checks of quality judge, and what a team has set otherwise.

A check says `MOST = threshold(__name__, "most", 0.01, "share of repeated rows, at most")` and asks
`MOST.of(table)`. What a team sets goes the way of its gates: one asks, says why, a second person confirms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from governance.errors import Invalid

Set = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Threshold:
    """`looser` says which way fewer findings lie; `least` and `most` what nobody goes beyond."""

    check: str
    name: str
    usual: float
    said: str
    looser: Literal["up", "down"]
    least: float
    most: float

    @property
    def key(self) -> str:
        return f"{self.check}.{self.name}"

    def of(self, subject: Any) -> float:
        """What holds for whose this is."""
        return float(subject.limits.get(self.key, self.usual))


THRESHOLDS: dict[str, Threshold] = {}


def threshold(
    module: str,
    name: str,
    usual: float,
    said: str,
    *,
    looser: Literal["up", "down"] = "up",
    least: float = 0.0,
    most: float = 1.0,
) -> Threshold:
    made = Threshold(module.rpartition(".")[2], name, usual, said, looser, least, most)
    THRESHOLDS[made.key] = made
    return made


def of_check(check: str) -> list[Threshold]:
    return [each for each in THRESHOLDS.values() if each.check == check]


def checked(given: Mapping[str, Any]) -> dict[str, float]:
    """Only what differs from the usual. `Invalid` for what is no threshold, or beyond its bounds."""
    kept = {}
    for key, value in given.items():
        known = THRESHOLDS.get(key)
        if known is None:
            refuse(f"There is no threshold {key[:80]}: the page of a check names its own.")
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not known.least <= value <= known.most
        ):
            refuse(f"{key} lies between {known.least:g} and {known.most:g}.")
        if float(value) != known.usual:
            kept[key] = float(value)
    return dict(sorted(kept.items()))


def loosens(key: str, before: float, after: float) -> bool:
    """Whether fewer findings come of it."""
    return after > before if THRESHOLDS[key].looser == "up" else after < before


def refuse(sentence: str) -> NoReturn:
    raise Invalid(sentence, errors={"thresholds": [sentence]})
