"""One run of bytes, which may be no pickle, one, or several one after the other.

Two kinds of programs load the same bytes: a plain unpickler takes every byte for an operation, joblib
skips the raw bytes of arrays. Whatever either of them would do counts.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from registry.pickles import names
from registry.pickles.arrays import JoblibMachine
from registry.pickles.machine import Machine
from registry.pickles.opcodes import Budget, Readable, Source, Span, Spent, Unreadable
from registry.pickles.values import Seen

Open = Callable[[], Readable]
# Operations after which bytes are a pickle beyond doubt, the announced protocol among them: few where a
# loader would look for one, more where raw numbers begin like one by chance (one tensor in 60,000).
EVIDENT_AFTER, EVIDENT_ANYWHERE = 2, 12


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
    ended: int = 0  # that came to their end, whatever they are
    evident: bool = False
    first: bool | None = None  # whether the first is one beyond doubt
    error: str = ""
    offset: int = 0
    left: int | None = None
    has_arrays: bool = False
    steps: int = 0
    evident_after: int = EVIDENT_AFTER
    spent: str = ""  # why it was not read to its end

    @property
    def loaded(self) -> set[Span]:
        """Constant bytes that a known loader in it would load."""
        return self.sure.loaded | self.maybe.loaded


def read(open_bytes: Open, start: int = 0, *, budget: Budget | None = None, expected: bool = True) -> Reading:
    """Read pickles from `start` on, until something is none. `expected`: a loader would look for one here."""
    budget = budget or Budget()
    after = EVIDENT_AFTER if expected else EVIDENT_ANYWHERE
    plain = read_as(Machine, open_bytes, start, budget, Reading(evident_after=after))
    if not plain.has_arrays or plain.spent:
        return plain
    return both(plain, read_as(JoblibMachine, open_bytes, start, budget, Reading(evident_after=after)))


def read_as(kind: type[Machine], open_bytes: Open, start: int, budget: Budget, reading: Reading) -> Reading:
    try:
        source = Source(open_bytes())
        source.skip(start)
        while source.peek(1) and run_one(kind(source, budget), reading):
            pass
    except Spent as spent:
        reading.spent = str(spent)
    except Unreadable as error:  # of the packing around the pickle
        reading.error = reading.error or (str(error) if reading.evident else "")
    return reading


def run_one(machine: Machine, reading: Reading) -> bool:
    """One pickle; whether another one may follow."""
    begin, error = machine.source.position, ""
    try:
        machine.run()
    except Spent as spent:
        reading.spent = str(spent)
        reading.sure.merge(machine.seen)
        return False
    except Unreadable as unreadable:
        error = str(unreadable)
    evident = machine.announced and machine.steps >= reading.evident_after
    reading.first = evident if reading.first is None else reading.first
    reading.has_arrays |= machine.has_arrays
    reading.steps += machine.steps
    reading.ended += not error
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
    whole.spent = plain.spent or joblib.spent
    if other.error and not whole.error:
        whole.maybe.merge(other.sure)
    elif whole is joblib and not whole.error:
        whole.sure.merge(without_chance(other.sure, whole.sure))
    else:
        whole.sure.merge(other.sure)
    whole.maybe.merge(other.maybe)
    return whole


def without_chance(plain: Seen, joblib: Seen) -> Seen:
    """An array of objects is a pickle of its own to joblib; read as one with what stands around it, its memo
    names other texts, such as those of columns. What is no module that anybody has was named by chance."""
    for key in [key for key in plain.names if key not in joblib.names and not importable(key[0])]:
        del plain.names[key]
    return plain


def importable(module: str) -> bool:
    """Whether there may be such a module: in a package, in the standard library, or beside what is known."""
    top = module.partition(".")[0]
    return top != module or top in sys.stdlib_module_names or top in names.PACKAGES
