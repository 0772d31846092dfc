"""A figure, its limit and its goal; and how the two are taken side by side."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """`ratio` is value / limit. `least` is a goal for the ratio, `most` one for the value."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.limit if self.limit else None

    @property
    def goal(self) -> str | None:
        if self.least is not None:
            return f"ratio >= {self.least:g}"
        return f"value <= {self.most:g}" if self.most is not None else None

    @property
    def met(self) -> bool | None:
        if self.least is not None:
            return self.ratio is not None and self.ratio >= self.least
        return self.value <= self.most if self.most is not None else None

    def line(self) -> str:
        fields = {
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "limit": rounded(self.limit),
            "ratio": rounded(self.ratio),
            "goal": self.goal,
            "met": self.met,
        }
        return json.dumps(fields)


def rounded(number: float | None) -> float | None:
    """Three digits: more of them differ from run to run."""
    return None if number is None else float(f"{number:.3g}")


def alternately(value: Callable[[], float], limit: Callable[[], float], times: int) -> tuple[float, float]:
    """The median of each, taken in turns: whatever else this machine does meets both."""
    pairs = [(value(), limit()) for _ in range(times)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
