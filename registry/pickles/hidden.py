"""Pickles where no loader looks for one: in the middle of other bytes, or written as letters or digits.

Somebody cuts them out and loads them. Only what is known to be dangerous, or comes to its end and calls what
is not known, is worth a word here: any bytes may look like a pickle by chance.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Set
from functools import partial

from registry.formats.names import TENSOR
from registry.pickles import names
from registry.pickles.containers import Content
from registry.pickles.opcodes import ARGUMENTS, PROTO, Budget, Readable, Unreadable
from registry.pickles.reading import Reading, importable, read
from registry.pickles.unpacking import BROKEN
from registry.pickles.values import Global
from registry.pickles.written import LONGEST, written

WHOLE = 16 << 20  # a file that is not larger is searched from end to end
ENDS = 1 << 20
MEMBER = 1 << 16
TENSOR_OF_MANY = 1 << 12
MOST = 20_000  # places in one content
FEW = 512  # bytes at first: most places are none after one operation
FIRST = {code for code, argument in enumerate(ARGUMENTS) if argument is not None} - {PROTO}
# One expression finds all four protocols in a seventh of the time that looking for each takes.
BEGINS = re.compile(rb"\x80[\x02-\x05](?=[" + re.escape(bytes(sorted(FIRST))) + rb"])", re.DOTALL)
# A module and a name, a line each. The second line is looked for first, since numbers seldom hold one.
NAME = re.compile(rb"\n(?=[A-Za-z_][\w.]{0,60}\r?\n)")
MODULE = re.compile(rb"[ci](?=([A-Za-z_][\w.]{0,60})\r?\Z)")
LONGEST_MODULE = 63
TEXT_BEFORE = 1 << 20  # at each end: an expression over every byte costs more than to find two of them


def hidden(
    content: Content, budget: Budget, *, inside: bool, leaf: bool = True, named_at: Set[int] = frozenset()
) -> Iterator[tuple[int, Global]]:
    """Where, and what it would call. `inside`: all is looked at already, as pickles or as members. `leaf`:
    it has none. `named_at`: where a pickle was followed through a name: that was seen with all before it."""
    for begin, data in windows(content, budget):
        seen = {at - begin for at in named_at}
        for place in sorted(set(places(data, seen, every=leaf)))[:MOST]:
            if begin + place != content.start:
                reading = searched(partial(At, data, place), budget)
                yield from ((begin + place, found) for found in worth_a_word(reading, inside))
        for place, held in written(data):
            reading = searched(partial(io.BytesIO, held), budget)
            yield from ((begin + place, found) for found in worth_a_word(reading, False))


def searched(open_bytes: Callable[[], Readable], budget: Budget) -> Reading:
    """What is read here is counted apart."""
    if budget.search < 0:
        return Reading()
    own = Budget()
    own.steps = budget.search
    reading = read(open_bytes, budget=own, expected=False)
    budget.search = own.steps - 1
    return reading


class At:
    """Bytes from a place on, a few at first, without a copy of all of them."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._at, self._end = data, place, min(len(data), place + LONGEST)
        self._most = FEW

    def read(self, size: int, /) -> bytes:
        found = self._data[self._at : min(self._end, self._at + min(size, self._most))]
        self._at += len(found)
        self._most = LONGEST
        return found


def windows(content: Content, budget: Budget) -> Iterator[tuple[int, bytes]]:
    """The bytes that are searched. A member of an archive that is large, or comes after many, is read at its
    beginning only."""
    budget.whole -= min(content.size or 0, ENDS) if content.depth else 0
    late = content.size is None or content.size > ENDS or budget.whole < 0
    most = ENDS
    if content.depth and late:
        most = TENSOR_OF_MANY if TENSOR.search(content.path) and budget.whole < 0 else MEMBER
    size = content.size or most
    try:
        file = content.open()
        if not content.depth and size <= WHOLE:
            yield 0, file.read(size)
            return
        yield 0, file.read(most)
        if not content.depth and size > 2 * most:
            file.seek(size - most)
            yield size - most, file.read(most)
    except (Unreadable, *BROKEN):
        return


def places(data: bytes, named: Set[int], *, every: bool) -> Iterator[int]:
    """Where a pickle might begin: protocols from 2 on say so, older ones name something soon. `named`: where
    one that was followed names something; a line that it took for a module is none that begins another."""
    for found in BEGINS.finditer(data):
        if found.start() not in named:
            yield found.start()
    for found in NAME.finditer(data):
        if TEXT_BEFORE < found.start() < len(data) - TEXT_BEFORE:
            continue
        begin = max(0, found.start() - LONGEST_MODULE)
        modules = list(MODULE.finditer(data[begin : found.start()]))
        if named.isdisjoint(begin + module.start() for module in modules):
            others = modules[1:] if every else []  # letters before a module may begin like another one
            begun = [*modules[:1], *(module for module in others if importable(module[1].decode()))]
            yield from (begin + module.start() for module in begun)


def worth_a_word(reading: Reading, inside: bool) -> list[Global]:
    """Names that are called; `inside` another pickle, whose middle reads like a beginning, dangerous ones."""
    found = [*reading.sure.names.values(), *reading.maybe.names.values()]
    kinds = {"dangerous"} if inside or reading.error or not reading.pickles else {"dangerous", "unknown"}
    return [name for name in found if name.called and names.judge(*name.key).kind in kinds]
