"""Whether a stream arrives in time, can be read, and brings nothing twice."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, percent, said, share
from registry.quality import Needs, operation
from registry.thresholds import threshold

LATE = threshold(__name__, "late", 0.01, "share of events beyond the watermark, at most")
DEAD = threshold(__name__, "dead_letters", 0.001, "share of events that could not be read, at most")
AGAIN = threshold(__name__, "duplicates", 0.0001, "share of events whose key came before, at most")
COUNTED = (
    ("late", LATE, "come later than the watermark"),
    ("dead_letters", DEAD, "cannot be read and are set aside"),
    ("duplicates", AGAIN, "come with a key that was there before"),
)


@operation(
    "Health of a stream",
    "p95 of the lag from when something happened is within what was promised; beyond the watermark at most "
    "1 % of the events, dead letters at most 0.1 %, keys that come again at most 0.01 % (each high)",
    "Akidau and others 2015, The dataflow model: event time and watermarks; the thresholds are our own",
    reads=("stream",),
    of=("dataset",),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    streams = known.newest("stream", "name")
    if not streams:
        yield Needs("a record of the stream with its lag and its counts", page="stream")
    for stream in streams:
        yield from late(stream)
        yield from counted(stream, known)


def late(stream: Statement) -> Iterator[Issue]:
    lag, limit = stream.data["p95_lag_seconds"], stream.data["limit_lag_seconds"]
    if lag > limit:
        text = f"p95 of the lag is {lag:,.4g} s, and {limit:,.4g} s were promised."
        yield said(stream, "high", "lag", text)


def counted(stream: Statement, known: Operation) -> Iterator[Issue | Needs]:
    events = stream.data["events"]
    for name, limit, what in COUNTED:
        found, most = share(stream.data[name], events), limit.of(known)
        if found is None:
            yield Needs(
                f"events that were counted, and no more of them ({name}) than there are", page="stream"
            )
        elif found > most:
            text = f"{percent(found)} of {events:,} events {what}: at most {percent(most)} may."
            yield said(stream, "high", name, text)
