"""Whether a choice between machines of one's own and the cloud is complete, and holds when a figure is "
"off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, percent, said
from registry.operating.money import break_even, cloud, on_premises
from registry.quality import Needs, operation
from registry.thresholds import threshold

SWING = threshold(
    __name__, "swing", 0.2, "by which each figure is changed, either way", looser="down", most=0.5
)
USED = threshold(__name__, "reserved", 0.8, "coverage and use of reservations, at least", looser="down")
YEARS = (3, 5)
Side = dict[str, Any]


@operation(
    "Total cost of ownership",
    "over 3 and 5 years: capex + Σ (kW · PUE · 8760 · price + staff + maintenance) / (1 + r)ᵗ - residual "
    "against Σ (usage · rate + egress + management) / (1 + r)ᵗ; break-even of use: a year of one's own "
    "machine / (hour in the cloud · 8760). None of the four factors is empty on either side; the chosen "
    "side is the cheaper one and stays so when each figure is 20 % off, or notes say why it was chosen; "
    "reservations cover 80 % and are used to 80 % (each medium)",
    "question 19 of the twenty; FinOps Foundation, Commitment discounts; the thresholds are our own",
    reads=("ownership-cost",),
    of=("model", "dataset"),
    team=True,
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    listed = known.newest("ownership-cost")
    if not listed:
        yield Needs("a record of the cost of ownership on both sides", page="ownership-cost")
    for statement in listed:
        yield from complete(statement)
        yield from stays(statement, SWING.of(known))
        yield from reserved(statement, USED.of(known))


def complete(statement: Statement) -> Iterator[Issue]:
    factors = statement.data["factors"]
    empty = [
        f"{name}, {side.replace('_', ' ')}"
        for name in factors
        for side in ("on_premises", "cloud")
        if not factors[name][side].strip()
    ]
    if empty:
        yield said(
            statement,
            "medium",
            "empty",
            f"Nothing is said of {'; '.join(empty)}: four factors, two sides each.",
        )


def stays(statement: Statement, swing: float) -> Iterator[Issue | Needs]:
    data, noted = statement.data, bool(statement.data.get("notes", "").strip())
    for years in YEARS:
        here, there = costs(data, years)
        cheaper = "on premises" if here < there else "cloud"
        if here == there == 0:
            yield Needs("figures that are not all nothing", page="ownership-cost")
            return
        figures = f"{here:,.0f} on premises and {there:,.0f} in the cloud ({data['currency']}, {years} years)"
        at = break_even(data["on_premises"], data["cloud"], data["rate"], years)
        even = f"; break-even at {percent(at)} of the hours of a year" if at is not None else ""
        if cheaper != data["chosen"] and not noted:
            text = (
                f"{data['chosen'].capitalize()} was chosen, at {figures}{even}: notes say why, or choose the "
                "other."
            )
            yield said(statement, "medium", f"dearer:{years}", text)
            continue
        turning = list(turns(data, years, swing, cheaper))
        if turning and not noted:
            text = (
                f"At {figures}{even}, {percent(swing)} more or less of {', '.join(turning[:4])} turns it "
                "round: notes say why."
            )
            yield said(statement, "medium", f"turns:{years}", text)


def costs(data: dict[str, Any], years: int) -> tuple[float, float]:
    rate = data["rate"]
    return on_premises(data["on_premises"], rate, years), cloud(data["cloud"], rate, years)


def turns(data: dict[str, Any], years: int, swing: float, cheaper: str) -> Iterator[str]:
    """Figures that turn the answer round when they alone are off by so much (a tornado)."""
    for side in ("on_premises", "cloud"):
        for name, value in data[side].items():
            for factor in (1 - swing, 1 + swing):
                here, there = costs({**data, side: {**data[side], name: value * factor}}, years)
                if here != there and ("on premises" if here < there else "cloud") != cheaper:
                    yield name.replace("_", " ")
                    break


def reserved(statement: Statement, least: float) -> Iterator[Issue]:
    for name, value in (statement.data.get("reservations") or {}).items():
        if value < least:
            text = (
                f"{name.capitalize()} of reservations is {percent(value)}: at least {percent(least)} pays "
                "off."
            )
            yield said(statement, "medium", name, text)
