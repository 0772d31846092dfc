"""Whether every cost belongs to a phase, the budget lasts, nothing runs unused, and no saving cost "
"quality."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, percent, said
from registry.quality import Needs, operation
from registry.quality.ownership_coverage import named
from registry.thresholds import threshold

UNMAPPED = threshold(__name__, "unmapped", 0.05, "share of the cost that belongs to no phase, at most")
MARGIN = threshold(__name__, "margin", 0.01, "how much worse a metric may be after a saving")
PHASES = ("prepare", "build", "train and tune", "deploy", "manage")
IDLE_MINUTES, IDLE_DAYS, FEWEST_REQUESTS = 60, 7, 1
TOLD = {"notebook": "idle_minutes", "endpoint": "requests_per_hour"}


@operation(
    "Cost by phase",
    "rows that belong to none of prepare, build, train and tune, deploy, manage are at most 5 % of the "
    "cost; month to date and run rate stay within the budget; no notebook runs unused for 60 minutes, no "
    "endpoint with less than one request an hour for 7 days; after each saving the lower end of the "
    "metric's difference is above -0.01, or it was reverted (each medium); the cost of 1,000 predictions "
    "and of an accepted version is told",
    "AWS, ML best practices for public sector organizations: five phases; the thresholds are our own",
    reads=("cost",),
    of=("model", "dataset"),
    team=True,
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    costs = known.newest("cost")
    if not costs:
        yield Needs("a record of costs", page="cost")
    for cost in costs:
        yield from mapped(cost, known)
        yield from budgeted(cost)
        yield from unused(cost)
        yield from guarded(cost, MARGIN.of(known))
        yield from unit_cost(cost)


def total(cost: Statement) -> float:
    return float(sum(row["EffectiveCost"] for row in cost.data["rows"]))


def phase(row: dict[str, Any]) -> str:
    found = str(row.get("phase") or row.get("Tags", {}).get("phase", ""))
    return found if found in PHASES else ""


def mapped(cost: Statement, known: Operation) -> Iterator[Issue | Needs]:
    """By what was charged: credits are costs below nothing, and are no cost that lacks a phase."""
    charged = sum(max(0, row["EffectiveCost"]) for row in cost.data["rows"])
    if charged <= 0:
        yield Needs("costs above nothing", page="cost")
        return
    lacking = sum(max(0, row["EffectiveCost"]) for row in cost.data["rows"] if not phase(row)) / charged
    if lacking > UNMAPPED.of(known):
        text = (
            f"{percent(lacking)} of the cost belongs to no phase: at most {percent(UNMAPPED.of(known))} may."
        )
        yield said(cost, "medium", "unmapped", text)


def budgeted(cost: Statement) -> Iterator[Issue | Needs]:
    budget, days = cost.data.get("budget"), days_of(cost)
    if budget is None or days is None:
        yield Needs("costs from the first of a month on, within that month, and its budget", page="cost")
        return
    so_far, of_month = days
    forecast = total(cost) / so_far * of_month
    if forecast > budget:
        text = (
            f"{total(cost):,.2f} {cost.data['currency']} in {so_far} of {of_month} days come to "
            f"{forecast:,.2f} in the month, and the budget is {budget:,.2f}."
        )
        yield said(cost, "medium", "budget", text)


def days_of(cost: Statement) -> tuple[int, int] | None:
    """Days so far and days of the month; nothing for days that do not exist, or of several months."""
    try:
        first, last = date.fromisoformat(cost.data["from"]), date.fromisoformat(cost.data["to"])
    except ValueError:
        return None
    if first.day != 1 or (first.year, first.month) != (last.year, last.month):
        return None
    return last.day, monthrange(first.year, first.month)[1]


def unused(cost: Statement) -> Iterator[Issue | Needs]:
    used = cost.data.get("used")
    if used is None:
        yield Needs("what was used (an empty list where no notebook and no endpoint ran)", page="cost")
        return
    silent = [each["resource"] for each in used if TOLD.get(each.get("is"), "resource") not in each]
    if silent:
        yield Needs(f"how long {named(silent)} ran unused, or was asked how often", page="cost")
    idle = [
        each["resource"]
        for each in used
        if each.get("is") == "notebook" and each.get("idle_minutes", 0) >= IDLE_MINUTES
    ]
    if idle:
        text = (
            f"{named(idle)}: a notebook that runs unused for {IDLE_MINUTES} minutes or more. Stop it by "
            "itself."
        )
        yield said(cost, "medium", "notebook", text)
    asked = [
        each["resource"]
        for each in used
        if each.get("is") == "endpoint"
        and each["days"] >= IDLE_DAYS
        and each.get("requests_per_hour", FEWEST_REQUESTS) < FEWEST_REQUESTS
    ]
    if asked:
        text = (
            f"{named(asked)}: an endpoint with less than one request an hour for {IDLE_DAYS} days. Retire it."
        )
        yield said(cost, "medium", "endpoint", text)


def guarded(cost: Statement, margin: float) -> Iterator[Issue | Needs]:
    """Every saving has a guard."""
    savings = cost.data.get("savings")
    if savings is None:
        yield Needs(
            "what was done to save, and the metric after each (an empty list where nothing was)", page="cost"
        )
        return
    worse = [each["what"] for each in savings if each["lower"] <= -margin and not each.get("reverted")]
    if worse:
        text = f"{named(worse)}: the metric may have got worse by more than {margin:g}. Revert it."
        yield said(cost, "medium", "saving", text)


def unit_cost(cost: Statement) -> Iterator[Issue]:
    spent, money = total(cost), cost.data["currency"]
    told = []
    if cost.data.get("predictions"):
        told.append(f"{1000 * spent / cost.data['predictions']:,.4g} {money} for 1,000 predictions")
    if cost.data.get("versions"):
        told.append(f"{spent / cost.data['versions']:,.4g} {money} for each accepted version")
    if told:
        yield said(cost, "info", "unit_cost", f"It comes to {' and '.join(told)}.")
