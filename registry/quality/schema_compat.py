"""Whether what reads a table of the version before can read this one, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue, Severity
from registry.contracts.compatibility import Change, breaks, changes, of_profile
from registry.quality import Needs, Stream, Table, quality
from registry.streams.changes import breaks as broken


@quality(
    "Schema change",
    "columns that came, went or changed their type since the version before, each backward compatible (new "
    "readers, old data), forward compatible (old readers, new data), both or neither. What breaks the mode "
    "of the contract is high; without a mode, what is not compatible both ways is medium, the rest info. A "
    "schema of a stream (Avro, JSON Schema) against all earlier versions, by the mode that the one before "
    "says (compatibility: backward, forward, full or none; backward where it says nothing)",
    "Avro 1.12, Schema resolution; modes as in Confluent's schema registry (BACKWARD_TRANSITIVE)",
    also="stream",
)
def run(table: Table | Stream) -> Iterator[Issue | Needs]:
    if isinstance(table, Stream):
        yield from of_stream(table)
        return
    if table.before is None:
        yield Needs("an earlier version with a table of the same path")
        return
    before, after = (of_profile(each, table.contract) for each in (table.before, table.profile))
    if before is None or after is None:
        yield Needs(f"at most {len(table.profile['columns']):,} columns in both versions")
        return
    mode = (table.contract or {}).get("compatibility", "")
    for change in changes(before, after):
        text = f"{change.said} Before is version {table.before_number}."
        yield Issue(severity(change, mode), text, f"{change.what}:{change.column}", change.column)


def severity(change: Change, mode: str) -> Severity:
    if mode:
        return "high" if breaks(change, mode) else "info"
    return "info" if change.backward and change.forward else "medium"


def of_stream(stream: Stream) -> Iterator[Issue | Needs]:
    """Each thing that breaks once, with the newest version whose readers or writers it stops."""
    if not stream.before:
        yield Needs("an earlier version with a schema of the same path")
        return
    mode = stream.before[0][1]["mode"]
    told: set[str] = set()
    for number, earlier in stream.before:
        for found in broken(earlier, stream.schema):
            name = f"{found.direction}:{found.place}"
            if name in told:
                continue
            told.add(name)
            place = f"{found.place}: " if found.place else ""
            if found.certain:
                against = mode in ("full", found.direction)
                text = f"{place}{found.why}. {STOPS[found.direction].format(number)}"
                yield Issue("high" if against else "info", text, name, found.place)
            elif mode in ("full", found.direction):
                yield Needs(f"rules that can be compared with version {number}: {place}{found.why}")


STOPS = {
    "backward": "What reads this one cannot read what was written with version {}.",
    "forward": "What reads version {} cannot read what is written with this one.",
}
