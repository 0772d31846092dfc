"""Whether a metric does what it has never done at this time of the day or the week.

Without robust loops an odd value pulls its season along, so that the seasons beside it look odd,
too: those are told, and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, said
from registry.operating.seasons import residuals, robust_z
from registry.quality import Needs, operation
from registry.thresholds import threshold

MOST_Z = threshold(__name__, "z", 3.5, "robust z of a residual, at most", most=100)
MOST_SERIES = 10


@operation(
    "Anomaly of a metric",
    "residual of STL (trend and season taken away), robust z = 0.6745 (r - median) / MAD: beyond 3.5 on "
    "either side within the newest season high, before it info; needs two whole seasons",
    "Cleveland and others 1990, STL, as in statsmodels; Iglewicz and Hoaglin 1993",
    reads=("series",),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    listed = known.newest("series", "metric")
    if not listed:
        yield Needs("a record of a metric at even distances of time", page="series")
    if len(listed) > MOST_SERIES:
        yield Needs(f"at most {MOST_SERIES} metrics: only the newest are looked at", page="series")
    for series in listed[:MOST_SERIES]:
        yield from odd(series, MOST_Z.of(known))


def odd(series: Statement, most: float) -> Iterator[Issue | Needs]:
    values, period, metric = series.data["values"], series.data["period"], series.data["metric"]
    if period < 2 or len(values) < 2 * period:
        yield Needs(f"two whole seasons of {metric}, each of two values or more", page="series")
        return
    left = residuals(tuple(map(float, values)), period)
    found = robust_z(left, max(map(abs, values)))
    beyond = [place for place, z in enumerate(found) if abs(z) > most]
    newest = [place for place in beyond if place >= len(values) - period]
    if newest:
        worst = max(newest, key=lambda place: abs(found[place]))
        text = (
            f"{metric} was {values[worst]:,.6g} at value {worst + 1:,} of {len(values):,}: "
            f"{abs(found[worst]):.3g} robust deviations from what trend and season let expect."
        )
        yield said(series, "high", f"newest:{metric}", text)
    if len(beyond) > len(newest):
        text = f"{len(beyond) - len(newest):,} earlier values of {metric} were as odd."
        yield said(series, "info", f"earlier:{metric}", text)
