"""Whether an experiment with two versions was planned, kept to its plan, and shows this one to be no "
"worse."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, moment, percent, said
from registry.operating.chances import split_as_planned, two_shares, units_needed
from registry.quality import Needs, operation

ALPHA, POWER, MISMATCH = 0.05, 0.8, 0.001


@operation(
    "Experiment with two versions",
    "planned before it began; units were split as planned (chi-square: p < 0.001 is high, and nothing else "
    "counts); as many units as a power of 0.8 and 5 % significance takes for the smallest difference that "
    "was to be found (medium); not read before all planned units were there; then a z test of two shares: "
    "significantly worse is high. Without an experiment, pairs that were evaluated here by McNemar's test: "
    "significantly worse is high",
    "Kohavi, Tang and Xu 2020, Trustworthy online controlled experiments; Fleiss, Levin and Paik 2003, 4; "
    "McNemar 1947",
    reads=("experiment",),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    experiments = known.newest("experiment", "metric", "with")
    pairs = [
        (each, pair)
        for each in known.evaluations
        for pair in each.data.get("paired", {}).values()
        if "p" in pair
    ]
    if not experiments and not pairs:
        yield Needs(
            "a record of an experiment, or evaluations here of two versions on the same rows",
            page="experiment",
        )
    for experiment in experiments:
        yield from planned(experiment)
        yield from kept_to(experiment)
    for statement, pair in pairs:
        if pair["p"] < ALPHA and pair["difference"] < 0:
            text = (
                f"It is right in {percent(-pair['difference'])} of the rows less often than version "
                f"{pair['version']} on the same ones (McNemar, p = {pair['p']:.2g}), as evaluated here."
            )
            yield Issue("high", text, f"pairs:{pair['version']}:{statement.key}", statement.place)


def planned(experiment: Statement) -> Iterator[Issue | Needs]:
    planned_at, began = moment(experiment.data["planned_at"]), moment(experiment.data["began_at"])
    if planned_at is None or began is None:
        yield Needs("times of the plan and of the beginning that exist", page="experiment")
    elif planned_at >= began:
        text = "It was planned after it began: what is looked for has to be fixed before."
        yield said(experiment, "high", "planned", text)


def kept_to(experiment: Statement) -> Iterator[Issue | Needs]:
    data = experiment.data
    this, other = data["this"], data["other"]
    sides = (this["units"], this["successes"]), (other["units"], other["successes"])
    if any(not units or successes > units for units, successes in sides):
        yield Needs("units on both sides, and no more successes than units", page="experiment")
        return
    planned_share = data.get("planned_share", 0.5)
    chance = split_as_planned(this["units"], other["units"], min(max(planned_share, 1e-9), 1 - 1e-9))
    if chance < MISMATCH:
        text = (
            f"{this['units']:,} and {other['units']:,} units are not the planned split (p = {chance:.2g}): "
            "do not read it."
        )
        yield said(experiment, "high", "split", text)
        return
    yield from strong_enough(experiment)
    fewest = min(this["units"], other["units"])
    if fewest < data["planned_units"]:
        yield Needs(
            f"{data['planned_units']:,} units on each side, as planned: one has {fewest:,}", page="experiment"
        )
        return
    z, chance = two_shares(this["successes"], this["units"], other["successes"], other["units"])
    if chance < ALPHA and z < 0:
        text = (
            f"{data['metric']}: {percent(this['successes'] / this['units'])} against "
            f"{percent(other['successes'] / other['units'])} of the other version (z = {z:.3g}, p = "
            f"{chance:.2g}): it is worse."
        )
        yield said(experiment, "high", "worse", text)
    elif chance >= ALPHA:
        text = f"{data['metric']}: no difference is shown (z = {z:.3g}, p = {chance:.2g})."
        yield said(experiment, "info", "no_difference", text)


def strong_enough(experiment: Statement) -> Iterator[Issue | Needs]:
    data = experiment.data
    share = data["other"]["successes"] / data["other"]["units"]
    needed = units_needed(share, data["smallest_difference"], ALPHA, POWER)
    if needed is None:
        yield Needs("a smallest difference that the metric can have", page="experiment")
    elif data["planned_units"] < needed:
        text = (
            f"{data['planned_units']:,} units on each side were planned: to find a difference of "
            f"{100 * data['smallest_difference']:.3g} percentage points takes {needed:,}."
        )
        yield said(experiment, "medium", "power", text)
