"""Whether one of the sources that rows come from does not fit the others, or grew over night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating.chances import chi_square_beyond
from registry.quality import Needs, Table, quality
from registry.thresholds import threshold

JUMP = threshold(__name__, "jump", 0.10, "how much the share of a source may grow")
APART = 0.10
SIGNIFICANT = 0.05
FEWEST = 100

Counts = dict[str, dict[str, int]]


@quality(
    "Signs of poisoning",
    "share of a source of the rows: not more than 0.10 above that in the version before (medium). Classes "
    "of a "
    "source against those of all others: χ² with p above 0.05 over the number of sources (Bonferroni), or a "
    "total variation of 0.10 at most; only both together are told (medium); sources of 100 rows or more",
    "NIST AI 100-2e2025, Adversarial machine learning: poisoning; the shares are our own thresholds",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    if not table.declared.source:
        yield Needs("a declared source of the rows", page="declaration")
        return
    now = (table.profile.get("parts") or {}).get("sources")
    if now is None:
        yield Needs("at most 50 sources, measured since the source was declared: check the version again")
        return
    yield from jumps(table, shares(now))
    counts = by_source(now)
    if len(counts) < 2 or len({name for row in counts.values() for name in row}) < 2:
        yield Needs("a declared target of several classes, and several sources", page="declaration")
    for place, apart in odd_ones(counts):
        text = (
            f"The classes of source {place} of {table.declared.source} are not those of the others (total "
            f"variation {apart:.2f}): see who labelled it."
        )
        yield Issue("medium", text, f"classes:{place}", table.declared.source)


def odd_ones(counts: Counts) -> Iterator[tuple[int, float]]:
    """The one furthest from all others first; it is then left out, so that it does not make the others look
    odd. Of two the smaller one."""
    places = {source: place for place, source in enumerate(sorted(counts), start=1)}
    left = dict(counts)
    while len(left) > 1:
        found = {source: apart for source in left if (apart := stands_out(source, left)) is not None}
        if not found:
            return
        worst = max(found, key=lambda source: (round(found[source], 9), -sum(left[source].values())))
        yield places[worst], found[worst]
        del left[worst]


def jumps(table: Table, now: dict[str, float]) -> Iterator[Issue | Needs]:
    earlier = ((table.before or {}).get("parts") or {}).get("sources")
    if earlier is None:
        yield Needs("an earlier version that was measured with its sources")
        return
    before = shares(earlier)
    for place, source in enumerate(sorted(now), start=1):
        if now[source] - before.get(source, 0.0) > JUMP.of(table):
            text = (
                f"Source {place} of {table.declared.source} has {100 * now[source]:.3g} % of the rows, after "
                f"{100 * before.get(source, 0.0):.3g} % in version {table.before_number}: see where it "
                "comes from."
            )
            yield Issue("medium", text, f"share:{place}", table.declared.source)


def by_source(counted: list[list[object]]) -> Counts:
    """Rows of each source by class; without a target there is one class."""
    found: Counts = defaultdict(dict)
    for source, name, rows in counted:
        if name is not None and isinstance(rows, int):
            found[str(source)][str(name)] = rows
    return found


def shares(counted: list[list[object]]) -> dict[str, float]:
    rows: dict[str, int] = defaultdict(int)
    for source, _, number in counted:
        rows[str(source)] += number if isinstance(number, int) else 0
    total = sum(rows.values()) or 1
    return {source: number / total for source, number in rows.items()}


def stands_out(source: str, counts: Counts) -> float | None:
    """How far its classes are from those of all others, when that is neither chance nor little."""
    own = counts[source]
    others: dict[str, int] = defaultdict(int)
    for name, row in counts.items():
        for label, rows in row.items():
            others[label] += rows if name != source else 0
    mine, theirs = sum(own.values()), sum(others.values())
    if mine < FEWEST or theirs < FEWEST:
        return None
    labels = {*own, *others}
    apart = sum(abs(own.get(name, 0) / mine - others[name] / theirs) for name in labels) / 2
    chi = 0.0
    for name in labels:
        expected = (own.get(name, 0) + others[name]) / (mine + theirs)
        for number, rows in ((mine, own.get(name, 0)), (theirs, others[name])):
            chi += (rows - number * expected) ** 2 / (number * expected)
    unlikely = chi_square_beyond(chi, len(labels) - 1) < SIGNIFICANT / len(counts)
    return apart if unlikely and apart > APART else None
