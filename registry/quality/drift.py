"""Whether the columns of a table have moved from the version before."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.profiles.drift import drifts
from registry.quality import Needs, Profile, Table, quality
from registry.thresholds import threshold

WATCH = threshold(__name__, "watch", 0.10, "PSI of a column that is stable, below", most=10)
ACT = threshold(__name__, "act", 0.25, "PSI above which one acts", most=10)


@quality(
    "Drift of a column",
    "PSI = Σ (a - e) ln(a / e) over ten bins of the quantiles of the version before, and of the one in "
    "production: below 0.10 stable, to 0.25 watch (low), above act (high); needs 1,000 values on both sides",
    "the convention of credit scoring: scorecard::perf_psi of R, populationStabilityIndex of MathWorks",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    """Small steps from version to version add up: what is in use is looked at, too."""
    if table.before is None:
        yield Needs("an earlier version with a table of the same path")
    else:
        yield from moved(table, table.before, f"version {table.before_number}", "column")
    if table.in_use is not None:
        since = f"version {table.in_use_number}, which is in production"
        yield from moved(table, table.in_use, since, "production")


def moved(table: Table, before: Profile, since: str, key: str) -> Iterator[Issue | Needs]:
    found = list(drifts(table.profile, before))
    if not any(row.psi is not None for row in found):
        yield Needs("columns with 1,000 values in both versions")
    for row in found:
        psi = row.psi or 0.0
        if WATCH.of(table) <= psi <= ACT.of(table):
            text = f"{row.column} has moved a little from {since} (PSI {row.psi:.2f}): watch it."
            yield Issue("low", text, f"{key}:{row.column}", row.column)
        if psi > ACT.of(table):
            text = (
                f"{row.column} has moved far from {since} (PSI {row.psi:.2f}, above {ACT.of(table):g}): "
                "find out why, and train or validate anew."
            )
            yield Issue("high", text, f"{key}:{row.column}", row.column)
