"""How the runs of a playbook go, in words with units and as a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.urls import reverse
from django.utils.safestring import SafeString

from governance import access
from governance.markup import filled
from governance.models import User
from governance.templatetags.words import counted
from kb.measuring import Metrics
from kb.triggering import cause
from registry.presenting.histograms import drawn_bars

WIDTH, HEIGHT, TOP, BOTTOM = 320, 132, 16, 22
MOST_DRAWN = 24
UNITS = (("day", 86400.0), ("hour", 3600.0), ("minute", 60.0))


@dataclass(frozen=True)
class Figure:
    """One number: its name, the number with its unit, and what it is made of."""

    name: str
    value: str
    of: str
    href: str = ""


def lasting(time: timedelta) -> str:
    """“2.5 days”, “3 hours”: one place behind the point below ten."""
    seconds = time.total_seconds()
    unit, size = next((found for found in UNITS if seconds >= found[1]), UNITS[-1])
    number = seconds / size
    said = f"{number:.1f}".removesuffix(".0") if number < 10 else f"{number:.0f}"
    return f"{said} {unit}" if said == "1" else f"{said} {unit}s"


def figures(found: Metrics, person: User) -> list[Figure]:
    return [*of_time(found), *of_steps(found), *of_effects(found, person)]


def of_time(found: Metrics) -> Iterator[Figure]:
    runs = counted(found.finished, "finished run")
    if found.median is None or found.p90 is None:
        yield Figure("Cycle time", "Not evaluated", "No run was finished in a year.")
        return
    yield Figure("Cycle time, median", lasting(found.median), f"of {runs}")
    yield Figure("Cycle time, p90", lasting(found.p90), "nine of ten were finished in it")


def of_steps(found: Metrics) -> Iterator[Figure]:
    if found.slowest is not None:
        slow = found.slowest
        made_of = f"“{slow.step.title}”, median of {counted(slow.runs, 'run')} from when it could be done"
        yield Figure("Slowest step", lasting(slow.takes), made_of)
    if found.steps:
        closed = counted(found.finished + found.others, "closed run")
        rate = f"{100 * found.waived / found.steps:.1f} %"
        yield Figure("Waiver rate", rate, f"{found.waived:,} of {counted(found.steps, 'step')} in {closed}")


def of_effects(found: Metrics, person: User) -> Iterator[Figure]:
    """For whom the trail of the team is closed there is none."""
    for each in found.effects:
        if not access.can(person, "event.view", each.trigger):
            continue
        value = f"{each.before:.1f} → {each.after:.1f} in a week"
        made_of = f"{cause(each.trigger)}: {counted(each.days, 'day')} before it was on and since"
        yield Figure("Failures", value, made_of, reverse("kb:trigger", args=[each.trigger.pk]))


def drawn(times: Sequence[timedelta]) -> SafeString | None:
    """How long each of the newest finished runs took, the newest at the right, and half of them at most."""
    shown = [each.total_seconds() for each in times[-MOST_DRAWN:]]
    if len(shown) < 2:
        return None
    half, highest = median(shown), max(shown) or 1.0
    height = HEIGHT - TOP - BOTTOM
    y = round(TOP + height * (1 - half / highest), 1)
    longest, shortest = lasting(timedelta(seconds=max(shown))), lasting(timedelta(seconds=min(shown)))
    title = f"The last {len(shown)} finished runs took {shortest} to {longest}, the median of them "
    title += f"{lasting(timedelta(seconds=half))}."
    return filled(
        '<svg width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"><title>{title}</title>{bars}'
        '<path class="other-dash" d="M0 {y}H{w}"/><text class="axis" x="2" y="12">{longest}</text>'
        '<path class="grid" d="M0 {base}.5H{w}"/><text class="axis" x="2" y="{text}">older</text>'
        '<text class="axis" x="{w}" y="{text}" text-anchor="end">newest</text></svg>',
        w=WIDTH, h=HEIGHT, title=title, y=y, longest=longest, base=HEIGHT - BOTTOM, text=HEIGHT - 6,
        bars=drawn_bars(shown, 0, TOP, WIDTH, height),
    )  # fmt: skip
