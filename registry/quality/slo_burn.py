"""Whether errors use up what was promised faster than they may."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue, Severity
from registry.evaluating import Statement
from registry.operating import Operation, said, share
from registry.quality import Needs, operation

# Rate, the long and the short window in minutes, and what that is: both have to burn as fast.
ALARMS: tuple[tuple[float, int, int, Severity, str], ...] = (
    (14.4, 60, 5, "high", "page somebody"),
    (6.0, 360, 30, "high", "page somebody"),
    (1.0, 4320, 360, "medium", "open a ticket"),
)


@operation(
    "Burn rate of the error budget",
    "share of errors / (1 - SLO), in a long window and in a short one: above 14.4 over 1 h and 5 min, or "
    "above 6 over 6 h and 30 min (page: high); above 1 over 3 d and 6 h (ticket: medium)",
    "Google, The site reliability workbook, 5: multiwindow, multi-burn-rate alerts",
    reads=("service-level",),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    levels = known.newest("service-level", "service")
    if not levels:
        yield Needs("a record of requests and errors by window", page="service-level")
    for level in levels:
        yield from burning(level)


def burning(level: Statement) -> Iterator[Issue | Needs]:
    rates = {each["minutes"]: rate(each, level.data["slo"]) for each in level.data["windows"]}
    told = False
    for most, long, short, severity, what in ALARMS:
        one, other = rates.get(long), rates.get(short)
        if one is None or other is None:
            yield Needs(f"requests in windows of {long:,} and {short:,} minutes", page="service-level")
        elif one > most and other > most and not told:
            told = True
            text = (
                f"The error budget burns {one:.3g} times as fast as it may over {long:,} minutes, and "
                f"{other:.3g} times over {short:,}: {what}."
            )
            yield said(level, severity, "burn", text)


def rate(window: dict[str, int], slo: float) -> float | None:
    """Nothing where nobody asked: no traffic is no success."""
    errors = share(window["errors"], window["requests"])
    return None if errors is None else errors / (1 - slo)
