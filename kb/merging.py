"""Two people changed the same text: a proposal that has both, made line by line from what both began with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 5000
MINE, BETWEEN, THEIRS = "<<<<<<< yours", "=======", ">>>>>>> theirs"


@dataclass(frozen=True)
class Merged:
    """The proposal, and at how many places both changed the same lines: there both stand, between marks."""

    text: str
    clashes: int


@dataclass(frozen=True)
class Span:
    """Lines of the base that one side replaced by others."""

    start: int
    end: int
    lines: tuple[str, ...]


def merge(base: str, mine: str, theirs: str) -> Merged:
    """What each changed, where only one did; both, where both did otherwise."""
    if mine == theirs or base == theirs:
        return Merged(mine, 0)
    if base == mine:
        return Merged(theirs, 0)
    old = base.splitlines()
    if max(len(old), mine.count("\n"), theirs.count("\n")) > MOST_LINES:
        return Merged("\n".join([MINE, mine, BETWEEN, theirs, THEIRS]), 1)
    lines: list[str] = []
    clashes, place = 0, 0
    for start, end, one, other in meetings(spans(old, mine), spans(old, theirs)):
        lines += old[place:start]
        ours, others = replaced(old, start, end, one), replaced(old, start, end, other)
        if not other or ours == others:
            lines += ours
        elif not one:
            lines += others
        else:
            clashes += 1
            lines += [MINE, *ours, BETWEEN, *others, THEIRS]
        place = end
    end_of_file = "\n" if mine.endswith("\n") or theirs.endswith("\n") else ""
    return Merged("\n".join([*lines, *old[place:]]) + end_of_file, clashes)


def spans(old: list[str], text: str) -> list[Span]:
    new = text.splitlines()
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [Span(i, j, tuple(new[k:m])) for tag, i, j, k, m in codes if tag != "equal"]


def meetings(mine: list[Span], theirs: list[Span]) -> Iterator[tuple[int, int, list[Span], list[Span]]]:
    """Places of the base that were changed, with what each side did there: changes that touch are one."""
    waiting = sorted(
        [(span.start, span.end, 0, span) for span in mine]
        + [(span.start, span.end, 1, span) for span in theirs],
        key=lambda each: each[:3],
    )
    while waiting:
        start, end, side, span = waiting.pop(0)
        sides: tuple[list[Span], list[Span]] = ([], [])
        sides[side].append(span)
        while waiting and (waiting[0][0] < end or waiting[0][0] == start):
            _, other_end, side, span = waiting.pop(0)
            sides[side].append(span)
            end = max(end, other_end)
        yield start, end, *sides


def replaced(old: list[str], start: int, end: int, spans: list[Span]) -> list[str]:
    """Lines of the base with what one side put there."""
    lines: list[str] = []
    for span in spans:
        lines += [*old[start : span.start], *span.lines]
        start = span.end
    return lines + old[start:end]
