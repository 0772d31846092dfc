"""One run of bytes, which may be no pickle, one, or several one after the other.

Two kinds of programs load the same bytes: a plain unpickler takes every byte for an operation, joblib
skips the raw bytes of arrays. Whatever either of them would do counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from registry.pickles.arrays import JoblibMachine
from registry.pickles.machine import Machine
from registry.pickles.opcodes import Readable, Source, Unreadable
from registry.pickles.values import Seen

Open = Callable[[], Readable]
EVIDENT_AFTER = 2  # operations, the announced protocol among them


@dataclass(slots=True)
class Reading:
    """What all pickles of one run of bytes would do.

    `sure` belongs to pickles beyond doubt. `maybe` comes from bytes that begin like one and do not end
    like one: only calls, and names known to be dangerous, are worth a word there. `error` says what is
    wrong with a pickle that is one beyond doubt, `left` where bytes begin that are none.
    """

    sure: Seen = field(default_factory=Seen)
    maybe: Seen = field(default_factory=Seen)
    pickles: int = 0
    evident: bool = False
    error: str = ""
    offset: int = 0
    left: int | None = None
    has_arrays: bool = False
    steps: int = 0


def read(open_bytes: Open, start: int = 0) -> Reading:
    """Read pickles from `start` on, until something is none."""
    plain = read_as(Machine, open_bytes, start)
    if not plain.has_arrays:
        return plain
    return both(plain, read_as(JoblibMachine, open_bytes, start))


def read_as(kind: type[Machine], open_bytes: Open, start: int) -> Reading:
    reading = Reading()
    source = Source(open_bytes())
    try:
        source.skip(start)
        while source.peek(1) and run_one(kind(source), reading):
            pass
    except Unreadable as error:  # of the packing around the pickle
        reading.error = reading.error or (str(error) if reading.evident else "")
    return reading


def run_one(machine: Machine, reading: Reading) -> bool:
    """One pickle; whether another one may follow."""
    begin, error = machine.source.position, ""
    try:
        machine.run()
    except Unreadable as unreadable:
        error = str(unreadable)
    evident = machine.announced and machine.steps >= EVIDENT_AFTER
    reading.has_arrays |= machine.has_arrays
    reading.steps += machine.steps
    if not evident and (error or not machine.seen.names):  # many a text begins like `N.` or `P….`
        reading.maybe.merge(machine.seen)
        reading.left = begin if error else None
        return not error
    reading.sure.merge(machine.seen)
    reading.pickles += 1
    reading.evident |= evident
    if error:
        reading.error, reading.offset = error, begin
    return not error


def both(plain: Reading, joblib: Reading) -> Reading:
    """What either reading found. One that comes to its end speaks for the file's being whole."""
    whole, other = (plain, joblib) if joblib.error else (joblib, plain)
    if other.error and not whole.error:
        whole.maybe.merge(other.sure)
    else:
        whole.sure.merge(other.sure)
    whole.maybe.merge(other.maybe)
    return whole
