"""Two people changed the same text: a proposal that has both, made line by line from what both began with."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_LINES = 5000
MOST_PAIRS = (
    250_000  # of lines between two places that are sure: where there are more, nothing of it is alike
)
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


@dataclass(frozen=True)
class Chain:
    """A pair of lines, and those before it."""

    old: int
    new: int
    before: Chain | None

    def places(self) -> list[tuple[int, int]]:
        found = []
        link: Chain | None = self
        while link is not None:
            found.append((link.old, link.new))
            link = link.before
        return found[::-1]


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
    """What became of a text, between the lines that both have."""
    new = text.splitlines()
    found, i, j = [], 0, 0
    for here, there in [*alike(old, new), (len(old), len(new))]:
        if (i, j) != (here, there):
            found.append(Span(i, here, tuple(new[j:there])))
        i, j = here + 1, there + 1
    return found


def alike(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of lines that stayed, in order: first those that each text has once (Bram Cohen's patience
    diff), and between them the most that can be kept. So the time is bounded, whatever the lines are."""
    i = j = 0
    for here, there in [*sure(old, new), (len(old), len(new))]:
        for one, other in most_alike(old[i:here], new[j:there]):
            yield i + one, j + other
        if here < len(old):
            yield here, there
        i, j = here + 1, there + 1


def sure(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Of the lines that each text has once, the longest chain that stands in the same order in both."""
    once, again = Counter(old), Counter(new)
    places = {line: place for place, line in enumerate(new)}
    ends: list[int] = []  # the last place of the best chain of each length
    chains: list[Chain] = []
    for i, line in enumerate(old):
        if once[line] == again[line] == 1:
            length = bisect_left(ends, places[line])
            chain = Chain(i, places[line], chains[length - 1] if length else None)
            ends[length : length + 1], chains[length : length + 1] = [chain.new], [chain]
    return chains[-1].places() if chains else []


def most_alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest common subsequence; of very many lines only those at both ends."""
    most = min(len(old), len(new))
    head = next((place for place in range(most) if old[place] != new[place]), most)
    rest = most - head
    tail = next((place for place in range(rest) if old[-1 - place] != new[-1 - place]), rest)
    inner = old[head : len(old) - tail], new[head : len(new) - tail]
    between = common(*inner) if len(inner[0]) * len(inner[1]) <= MOST_PAIRS else []
    ends = [(len(old) - place, len(new) - place) for place in range(tail, 0, -1)]
    return [(n, n) for n in range(head)] + [(head + i, head + j) for i, j in between] + ends


def common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest common subsequence by Wagner and Fischer's table."""
    table = [[0] * (len(new) + 1)]
    for line in reversed(old):
        below, row = table[-1], [0]
        for column, other in enumerate(reversed(new)):
            row.append(below[column] + 1 if line == other else max(below[column + 1], row[-1]))
        table.append(row)
    table = [row[::-1] for row in reversed(table)]
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


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
