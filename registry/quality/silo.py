"""Whether a dataset is kept by one team while others ask for it."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Estate, Needs, quality
from registry.quality.ownership_coverage import named

DAYS = 180


@quality(
    "Silo",
    "a dataset of 180 days or more, fetched in these days by people of its own team alone, while somebody "
    "who only reads here, or is of another team, asked for it or was refused (low). What others fetch is no "
    "silo, however new it is",
    "the thresholds are our own; DAMA-DMBOK, Data integration and interoperability",
    about="team",
)
def run(estate: Estate) -> Iterator[Issue | Needs]:
    old = [each for each in estate.datasets if each.days >= DAYS]
    if not old and not any(each.fetched_elsewhere for each in estate.datasets):
        yield Needs(f"a dataset that has been here for {DAYS} days, or that somebody of another team fetched")
    kept = [each.label for each in old if each.asked_elsewhere and not each.fetched_elsewhere]
    if kept:
        text = (
            f"{named(kept)}: only {estate.team} reads it, and others asked for it. Release it, or grant it."
        )
        yield Issue("low", text, "kept")
