"""Metrics over the versions of an artifact, as charts that are drawn here: places and words, no colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

from django.db.models import QuerySet

from governance.models import User
from governance.prepared import prepared
from registry.models import Version
from registry.presenting.words import number as figure

WIDTH, HEIGHT = 320, 168
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 12, 36
MOST_CHARTS, MOST_POINTS, MOST_READ = 4, 12, 100
MOST_LINES = 5
TINY = 1e-290


@dataclass
class Point:
    """One version: where it is drawn, and what it says. `kind`: this, production or other."""

    x: float
    y: float
    number: int
    value: str
    kind: str


@dataclass
class Chart:
    name: str
    title: str
    points: list[Point]
    path: str
    lines: list[tuple[float, str]]
    """Where a line lies across, and the value that it stands for."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


Series = list[tuple[int, float]]
Known = Mapping[int, Mapping[str, Any]]
"""Metrics by the numbers of versions, the newest first."""


def charts(version: Version, production: Version | None, known: Known) -> list[Chart]:
    """Of the first metrics of a version, those that another version has too: one value has no course."""
    names = [name for name, value in version.metrics.items() if drawable(value)][:MOST_CHARTS]
    marks = {version.number: "this"}
    rows = dict(known)
    if production is not None:
        marks.setdefault(production.number, "production")
        rows[production.number] = production.metrics
    found = ((name, series(name, sorted(rows.items()), marks)) for name in names)
    return [chart(name, course, marks) for name, course in found if len(course) > 1]


def known(person: User, version: Version) -> Known:
    """This version and the newest before it that this person may see, with their metrics."""
    rows = before(person, artifact=version.artifact_id, number=version.number)
    return {version.number: version.metrics, **dict(rows)}


@prepared
def before(person: User, *, artifact: Any, number: Any) -> QuerySet[Version, tuple[int, Mapping[str, Any]]]:
    seen = Version.objects.visible_to(person).filter(artifact=artifact, number__lt=number)
    return seen.order_by("-number").values_list("number", "metrics")[:MOST_READ]


def series(name: str, known: Sequence[tuple[int, Mapping[str, Any]]], marks: Mapping[int, str]) -> Series:
    """The newest that have it, and those that are marked however old."""
    having = [(number, each[name]) for number, each in known if drawable(each.get(name))]
    newest = {number for number, _ in having[-MOST_POINTS:]}
    return [(number, value) for number, value in having if number in newest or number in marks]


def drawable(value: Any) -> bool:
    """Whether it has a place: a difference of larger numbers overflows."""
    return isinstance(value, int | float) and abs(value) < 1e300


def chart(name: str, course: Series, marks: Mapping[int, str]) -> Chart:
    ticks = scale([value for _, value in course])
    low, high = ticks[0], ticks[-1]
    step = (WIDTH - LEFT - RIGHT) / len(course)
    height = HEIGHT - TOP - BOTTOM

    def y(value: float) -> float:
        return round(TOP + height * (high - value) / (high - low), 1)

    points = [
        Point(
            round(LEFT + step * (place + 0.5), 1), y(value), number, figure(value), marks.get(number, "other")
        )
        for place, (number, value) in enumerate(course)
    ]
    path = "M" + " L".join(f"{point.x} {point.y}" for point in points)
    return Chart(name, title(name, points), points, path, [(y(value), figure(value)) for value in ticks])


def title(name: str, points: Sequence[Point]) -> str:
    """What the picture says: “f1 is 0.98 in version 3, 0.97 in version 1, which is in production.”"""
    this = next(point for point in points if point.kind == "this")
    other = next((point for point in points if point.kind == "production"), None)
    said = f"{name} is {this.value} in version {this.number}"
    if other is None:
        before = [point for point in points if point.number < this.number]
        return f"{said}, {before[-1].value} in version {before[-1].number}." if before else f"{said}."
    return f"{said}, {other.value} in version {other.number}, which is in production."


def scale(values: Sequence[float]) -> list[float]:
    """Round figures around all values, a few of them: steps of 1, 2 or 5 times a power of ten."""
    low, high = min(values), max(values)
    spread = next(size for size in (high - low, abs(high) * 0.1, 1.0) if size > TINY)
    rough = spread / (MOST_LINES - 2) * (1 - 1e-9)
    power = 10.0 ** floor(log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)
    first, last = floor(low / step), -floor(-high / step)
    return [round(place * step, 12) for place in range(first, max(last, first + 1) + 1)]
