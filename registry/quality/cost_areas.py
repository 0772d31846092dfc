"""Where money goes that need not: what nobody answers for, what is too large, idle, moved, or odd."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from math import inf
from statistics import median
from typing import Any

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, Stored, moment, percent, said
from registry.quality import Needs, operation
from registry.quality.ownership_coverage import named
from registry.thresholds import threshold

ALLOCATED = threshold(__name__, "allocated", 0.9, "share of the cost that has a tag, at least", looser="down")
BUSY = threshold(
    __name__, "busy", 0.4, "p95 of CPU and GPU of what has the right size, at least", looser="down"
)
EGRESS = threshold(__name__, "egress", 0.1, "share of the cost for the network, at most")
MOST_Z = threshold(__name__, "z", 3.5, "robust z of the cost of a day, at most", most=100)
LONG_ENOUGH, IDLE_DAYS, WEEKS = 14, 4, 4
ROUNDING = 0.01


@operation(
    "Where cost can be saved",
    "tagged cost is at least 90 % (medium); what ran for 14 days has p95 of CPU or GPU of 40 % or more "
    "(low); nothing has 4 idle days of 14, with 10 % CPU and 5 MB of traffic at most (medium); the network "
    "takes at most 10 % (low); a task has more requests a month than fixed cost / cost of one request "
    "(low); the cost of a day against the same weekday of the 28 days before: robust z at most 3.5 "
    "(medium); trials below the median of those that ran as long, in hours (info). Of a team, also "
    "versions that nothing refers to and nobody read for 90 days (low), and bytes that were pushed more "
    "than once (info: they are stored once)",
    "FinOps Foundation, FOCUS 1.2; AWS Trusted Advisor, low utilization: idle; Golovin and others 2017: "
    "median stopping; the other thresholds are our own",
    reads=("cost",),
    of=("model", "dataset"),
    team=True,
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    costs = known.newest("cost")
    if not costs:
        yield Needs("a record of costs", page="cost")
    for cost in costs:
        yield from shares(cost, known)
        yield from sizes(cost, known)
        yield from serverless(cost)
        yield from odd_days(cost, MOST_Z.of(known))
    for training in known.trainings:
        yield from trials(training)
    if known.stored is not None:
        yield from kept(known.stored)


def shares(cost: Statement, known: Operation) -> Iterator[Issue | Needs]:
    """Of what was charged: credits, below nothing, would make shares of more than everything."""
    rows = [row for row in cost.data["rows"] if row["EffectiveCost"] > 0]
    whole = sum(row["EffectiveCost"] for row in rows)
    if not whole:
        yield Needs("costs above nothing", page="cost")
        return
    tagged = (
        sum(row["EffectiveCost"] for row in rows if any(map(str.strip, row.get("Tags", {}).values()))) / whole
    )
    if tagged < ALLOCATED.of(known):
        text = (
            f"{percent(tagged)} of the cost has a tag: at least {percent(ALLOCATED.of(known))} should be "
            "somebody's."
        )
        yield said(cost, "medium", "allocation", text)
    network = sum(row["EffectiveCost"] for row in rows if row["ServiceCategory"] == "Networking") / whole
    if network > EGRESS.of(known):
        text = (
            f"{percent(network)} of the cost is for the network: put what talks together side by side, or "
            "cache."
        )
        yield said(cost, "low", "egress", text)


def sizes(cost: Statement, known: Operation) -> Iterator[Issue | Needs]:
    used: list[dict[str, Any]] = cost.data.get("used", [])
    seen = [each for each in used if each["days"] >= LONG_ENOUGH and {"p95_cpu", "p95_gpu"} & each.keys()]
    if not seen:
        yield Needs(f"what was used over {LONG_ENOUGH} days, with p95 of CPU or GPU", page="cost")
    large = [
        each["resource"]
        for each in seen
        if max(each.get("p95_cpu", 0), each.get("p95_gpu", 0)) < BUSY.of(known)
    ]
    if large:
        text = f"{named(large)}: p95 of CPU and GPU is below {percent(BUSY.of(known))}. Take a smaller one."
        yield said(cost, "low", "right_size", text)
    idle = [each["resource"] for each in used if each.get("idle_days", 0) >= IDLE_DAYS]
    if idle:
        text = f"{named(idle)}: idle on {IDLE_DAYS} of 14 days or more. Stop it, or have it stop by itself."
        yield said(cost, "medium", "idle", text)


def serverless(cost: Statement) -> Iterator[Issue]:
    for each in cost.data.get("serverless", ()):
        even = each["fixed_per_month"] / each["per_request"]
        if each["requests_per_month"] < even:
            text = (
                f"{each['task']} has {each['requests_per_month']:,.0f} requests a month, and a machine of "
                f"its own pays off from {even:,.0f} on: let it run without one."
            )
            yield said(cost, "low", f"serverless:{each['task']}", text)


def odd_days(cost: Statement, most: float) -> Iterator[Issue | Needs]:
    """The days of the newest week that have the same weekday in each of the four weeks before. What moves by
    less than one per cent is no anomaly, however alike the days before were."""
    days: dict[date, float] = defaultdict(float)
    for row in cost.data["rows"]:
        at = moment(row.get("ChargePeriodStart"))
        if at is not None:
            days[at.date()] += row["EffectiveCost"]
    newest = sorted(days)[-7:]
    compared = [(day, before) for day in newest if len(before := earlier(day, days)) == WEEKS]
    if not compared:
        yield Needs("costs by day, of 28 days and the one after", page="cost")
    for day, before in compared:
        middle = median(before)
        spread = max(median(abs(each - middle) for each in before), ROUNDING * abs(middle))
        apart = days[day] - middle
        z = 0.6745 * apart / spread if spread else inf if apart > 0 else 0.0  # nothing, four weeks long
        if z > most:
            text = (
                f"{day} cost {days[day]:,.2f} {cost.data['currency']}, and that weekday {middle:,.2f} before."
            )
            yield said(cost, "medium", f"day:{day}", text)


def earlier(day: date, days: dict[date, float]) -> list[float]:
    if day.toordinal() <= 7 * WEEKS:
        return []
    before = (day - timedelta(weeks=week) for week in range(1, WEEKS + 1))
    return [days[each] for each in before if each in days]


def trials(training: Statement) -> Iterator[Issue]:
    listed = [each for each in training.data.get("trials", ()) if "score" in each and each.get("hours")]
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for each in listed:
        groups[each.get("stopped_at_step")].append(each)
    better = 1 if training.data.get("greater_is_better", True) else -1
    lost = sum(
        each["hours"]
        for group in groups.values()
        for each in group
        if better * each["score"] < median(better * other["score"] for other in group)
    )
    if lost:
        hours = sum(each["hours"] for each in listed)
        text = (
            f"{lost:,.4g} of {hours:,.4g} hours of the search went into trials below the median of those as "
            "long."
        )
        yield said(training, "info", "trials", text)


def kept(stored: Stored) -> Iterator[Issue]:
    if stored.unused:
        text = (
            f"{named(list(stored.unused))}: nothing refers to it and nobody read it for 90 days "
            f"({stored.unused_bytes:,} bytes)."
        )
        yield Issue("low", text, "unused")
    if stored.again_bytes:
        text = (
            f"{stored.again_bytes:,} bytes were pushed more than once: they are stored once, and cost "
            "nothing here."
        )
        yield Issue("info", text, "again")
