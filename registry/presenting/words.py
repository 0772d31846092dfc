"""Counts, first lines and figures as a reader wants them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Func, Q, QuerySet

from registry.checking import FAILURE
from registry.models import Finding, Severity

# By severity, or -1 for what was not evaluated, or -2 for what is waived → how many
Counts = dict[int, int]
NOT_EVALUATED, WAIVED = -1, -2


def counted_by(which: Q, *fields: str | Func) -> dict[tuple[Any, ...], Counts]:
    """Open findings by some of their fields, then by how bad they are."""
    return added_up(grouped_by(which, *fields))


def grouped_by(which: Q, *fields: str | Func) -> QuerySet[Finding, Any]:
    """Rows for `added_up`: the fields, how bad, and how many."""
    found = Finding.objects.filter(which).open().with_waived().annotate(failed=Q(name=FAILURE)).order_by()
    return found.values_list(*fields, "severity", "failed", "waived_now").annotate(number=Count("pk"))


def added_up(groups: Iterable[Any]) -> dict[tuple[Any, ...], Counts]:
    counts: dict[tuple[Any, ...], Counts] = defaultdict(lambda: defaultdict(int))
    for *key, severity, failed, waived, number in groups:
        counts[tuple(key)][NOT_EVALUATED if failed else WAIVED if waived else severity] += number
    return counts


def in_words(counts: Counts) -> str:
    """The worst first; what was only observed is left out."""
    parts = [f"{counts[NOT_EVALUATED]} not evaluated"] if counts.get(NOT_EVALUATED) else []
    for severity in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW):
        if counts.get(severity):
            parts.append(f"{counts[severity]} {severity.label}")
    if counts.get(WAIVED):
        parts.append(f"{counts[WAIVED]} waived")
    return ", ".join(parts)


def first_line(text: str) -> str:
    """The first line of a description without its Markdown marks, at most 120 characters of it."""
    lines = (line.strip().lstrip("#>*- ").strip() for line in text.splitlines())
    line = next(filter(None, lines), "").replace("**", "").replace("`", "")
    return line if len(line) <= 120 else f"{line[:119].rstrip()}…"


def first_metric(metrics: Mapping[str, float]) -> tuple[str, str] | None:
    """The first metric's name and value."""
    return next(((name, number(value)) for name, value in metrics.items()), None)


def number(value: Any) -> str:
    """A figure as it is read: 0.842, 12,400, 3.1e-07."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or (abs(value) >= 1000 and value == int(value)):
        return f"{int(value):,}"
    return f"{value:.4g}"


def day(when: datetime) -> str:
    """27 November 2026."""
    return f"{when:%-d %B %Y}"
