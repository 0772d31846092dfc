"""Whether a conflict was gone through as it should be: the process alone, never what was said, nor how."""

from __future__ import annotations

from collections.abc import Iterator

from governance.templatetags.words import counted
from registry.checks import Issue
from registry.quality import Needs, Process, quality

MOST_DAYS, MOST_REPEATS = 2, 2


@quality(
    "Conflict",
    "the facilitator is no party and nobody else sees it (critical); every named party confirmed a statement "
    "before anything was decided, and no step came before those that it waits for (high); the facilitator "
    "took it up within two working days, each follow-up has its day, and the same people were in fewer than "
    "two others within 90 days (medium)",
    "the thresholds are our own; ACAS, Managing conflict at work",
    about="process",
)
def run(process: Process) -> Iterator[Issue | Needs]:
    if process.facilitator_is_party:
        yield Issue(
            "critical", "The facilitator is a party: somebody who is not involved has to.", "facilitator"
        )
    if process.outsiders:
        text = f"{counted(process.outsiders, 'person', 'people')} with no part in it can see it."
        yield Issue("critical", text, "outsiders")
    if process.unheard:
        text = (
            f"It was decided before {counted(process.unheard, 'party', 'parties')} had confirmed a statement."
        )
        yield Issue("high", text, "unheard")
    for title in process.out_of_order:
        yield Issue("high", f"“{title}” came before what it waits for.", f"order:{title}")
    yield from of_days(process)
    yield from lacking(process)


def of_days(process: Process) -> Iterator[Issue]:
    if process.waited > MOST_DAYS:
        text = f"It was taken up after {counted(process.waited, 'working day')}: at most {MOST_DAYS}."
        yield Issue("medium", text, "late")
    for title in process.undated:
        yield Issue("medium", f"“{title}” has no day.", f"day:{title}")
    if process.repeats >= MOST_REPEATS:
        text = f"The same people were in {process.repeats} others within 90 days: report it further up."
        yield Issue("medium", text, "repeats")


def lacking(process: Process) -> Iterator[Needs]:
    if not process.taken_up:
        yield Needs("a first word of the facilitator")
    elif process.confirmed < process.parties:
        yield Needs("a confirmed statement of every party")
    elif not process.decided:
        yield Needs("a decision")
