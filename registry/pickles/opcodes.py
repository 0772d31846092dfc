"""The bytes of a pickle as operations: offset, code, argument.

Lenient with values and exact with lengths: where a real unpickler would stop and this one goes on,
more is looked at, never less. Source: CPython, Modules/_pickle.c and Lib/pickle.py (protocols 0 to 5).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import process_time
from typing import Final, Protocol

BLOCK = 1 << 16
LONGEST_LINE = 1 << 14  # beyond the longest text that is kept, however it is escaped
LONGEST_NAME = 256  # no module and no name in it is longer
LONGEST_TEXT = 1024  # of a text that is kept since somebody would run it
RUN = "\ndef "
LONGEST_BYTES = 64
HIGHEST_PROTOCOL = 5


class Unreadable(Exception):
    """What no unpickler would read either; the text ends a sentence that begins "The pickle "."""


class Spent(Unreadable):
    """What one file may cost to look into is used up."""


class Budget:
    """What looking into one file may cost, whatever it holds: steps, values kept, bytes unpacked, members.

    A small file may unpack to a lot of zeros, so there is a floor; above it the file's own size counts.
    """

    STEPS = 5_000_000  # about 3 s
    SEARCH = 1_000_000  # for places where no loader looks: these may be numbers, so no more is no finding
    WHOLE = 32 << 20  # bytes of members that are searched from end to end; of later ones the beginning is
    KEPT = 400_000  # values in a memo: about 60 MiB
    FLOOR = 384 << 20
    RATIO = 100
    MEMBERS = 12_000  # of all archives in it, folders too
    SECONDS, SECONDS_PER_MIB = 1.5, 3.0  # of one core, for what is unpacked

    def __init__(self, size: int = 0) -> None:
        self.steps = self.STEPS
        self.search = self.SEARCH
        self.whole = self.WHOLE
        self.unpacked = self.FLOOR + self.RATIO * size
        self.members = self.MEMBERS
        self.until = process_time() + self.SECONDS + self.SECONDS_PER_MIB * size / (1 << 20)

    @property
    def spent(self) -> bool:
        return self.steps < 0 or self.unpacked < 0

    def spend_bytes(self, size: int) -> None:
        self.unpacked -= size
        if self.unpacked < 0:
            raise Spent("unpacks to far more than it is.")
        if process_time() > self.until:
            self.unpacked = -1
            raise Spent("takes longer to look at than so small a file may.")

    def may_list(self, members: int) -> bool:
        """Asked before they are read, since reading a list costs too."""
        self.members -= members
        return self.members >= 0


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{0,2}|[0-7]{1,3}|.)", re.DOTALL)
LETTERS = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
LETTERS |= {b"\\": b"\\", b"'": b"'", b'"': b'"', b"\n": b""}


class Plain:
    """A value of no interest: a number, a long text, raw bytes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "PLAIN"


PLAIN: Final = Plain()


@dataclass(frozen=True, slots=True)
class Span:
    """Long constant bytes, or a long text in UTF-8: where they stand, so that they can be looked at alone.

    `held`: the bytes that a short text stands for."""

    offset: int
    size: int
    text: bool = False
    held: bytes = b""


Argument = str | bytes | int | bool | None | Plain | Span | tuple[str, str]


class Source:
    """Bytes read forwards, with a position; what is skipped is never held."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._block = b""
        self._at = 0
        self._start = 0  # of the block

    @property
    def position(self) -> int:
        return self._start + self._at

    def take(self, size: int) -> bytes:
        """Exactly so many bytes."""
        end = self._at + size
        if end > len(self._block):
            if not self._fill(size):
                raise Unreadable("is cut short.")
            end = self._at + size
        data = self._block[self._at : end]
        self._at = end
        return data

    def peek(self, size: int) -> bytes:
        """At most so many bytes, without moving."""
        self._fill(size)
        return self._block[self._at : self._at + size]

    def skip(self, size: int) -> None:
        """Move over so many bytes."""
        while size > len(self._block) - self._at:
            size -= len(self._block) - self._at
            self._at = len(self._block)
            if not self._fill(1):
                raise Unreadable("is cut short.")
        self._at += size

    def line(self) -> bytes:
        """Up to the next line feed, which is taken and not returned. Only the start of a long one is kept."""
        kept = b""
        while (end := self._block.find(b"\n", self._at)) < 0:
            kept += self._block[self._at :][: LONGEST_LINE - len(kept)]
            self._at = len(self._block)
            if not self._fill(1):
                raise Unreadable("is cut short.")
        kept += self._block[self._at : end]
        self._at = end + 1
        return kept[:LONGEST_LINE]

    def _fill(self, size: int) -> bool:
        """Hold at least so many bytes beyond the position, if there are as many."""
        pieces = [self._block[self._at :]]
        held = len(pieces[0])
        self._start += self._at
        self._at = 0
        while held < size and (piece := self._file.read(max(BLOCK, size - held))):
            pieces.append(piece)
            held += len(piece)
        self._block = b"".join(pieces)
        return held >= size


def operations(source: Source) -> Iterator[tuple[int, int, Argument]]:
    """Every operation up to and with STOP. `Unreadable` for a code that does not exist, or no more bytes."""
    while True:
        offset = source.position
        code = source.take(1)[0]
        argument = ARGUMENTS[code]
        if argument is None:
            raise Unreadable(f"holds a code that does not exist at byte {offset:,}.")
        yield offset, code, argument(source)
        if code == STOP:
            return


def nothing(source: Source) -> None:
    return None


def number(form: str) -> Callable[[Source], int]:
    packed = struct.Struct(form)

    def read(source: Source) -> int:
        return int(packed.unpack(source.take(packed.size))[0])

    return read


def short_number(source: Source) -> int:
    return source.take(1)[0]


def decimal(source: Source) -> int | bool | Plain:
    """A number in digits, on a line of its own; `I00` and `I01` are False and True."""
    line = source.line()
    if line in (b"00", b"01"):
        return line == b"01"
    return digits(line.rstrip(b"L"))


def digits(text: bytes) -> int | Plain:
    try:
        return int(text[:20]) if len(text) <= 20 else PLAIN
    except ValueError:
        return PLAIN


def index(source: Source) -> int:
    """A place in the memo, in digits."""
    found = digits(source.line())
    if isinstance(found, Plain) or found < 0:
        raise Unreadable("names a place in its memo that is no number.")
    return found


def line_of_no_interest(source: Source) -> Plain:
    source.line()
    return PLAIN


def quoted(source: Source) -> str | Plain:
    """`S'…'`: escapes are resolved, since a name may hide behind them."""
    line = source.line().strip()
    if len(line) > LONGEST_TEXT * 4:
        return PLAIN
    if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"'):
        raise Unreadable("holds a text without quotes.")
    return kept_text(ESCAPE.sub(unescaped, line[1:-1]).decode("latin-1"))


def unescaped(found: re.Match[bytes]) -> bytes:
    """Source: CPython, Objects/bytesobject.c, `_PyBytes_DecodeEscape`: what is none stays as it is."""
    what = found[1]
    if what[:1] == b"x":
        if len(what) < 3:
            raise Unreadable("holds a text with a broken escape.")
        return bytes([int(what[1:], 16)])
    if what.isdigit() and what < b"8":
        return bytes([int(what, 8) & 0xFF])
    return LETTERS.get(what, found[0])


def escaped(source: Source) -> str | Plain:
    """`V…`: escapes of code points are resolved."""
    line = source.line()
    if len(line) > LONGEST_TEXT * 10:
        return PLAIN
    try:
        return kept_text(line.decode("raw_unicode_escape"))
    except UnicodeDecodeError as error:
        raise Unreadable("holds a text with a broken escape.") from error


def kept_text(text: str) -> str | Plain:
    return (
        text if len(text) <= LONGEST_NAME or (len(text) <= LONGEST_TEXT and text.startswith(RUN)) else PLAIN
    )


def counted(
    count: Callable[[Source], int], encoding: str = ""
) -> Callable[[Source], str | bytes | Plain | Span]:
    """Bytes, or a text in an encoding, after their number. Long ones are skipped."""
    longest = 4 * LONGEST_TEXT if encoding else LONGEST_BYTES

    def read(source: Source) -> str | bytes | Plain | Span:
        size = count(source)
        if size < 0:
            raise Unreadable("holds a negative length.")
        if size > longest:
            span = Span(source.position, size, encoding == "utf-8")
            source.skip(size)
            return span
        span = Span(source.position, size, encoding == "utf-8")
        data = source.take(size)
        kept = kept_text(data.decode(encoding, "surrogatepass")) if encoding else data
        return span if kept is PLAIN and span.text else kept

    return read


def text(count: Callable[[Source], int]) -> Callable[[Source], str | bytes | Plain | Span]:
    read = counted(count, "utf-8")

    def decoded(source: Source) -> str | bytes | Plain | Span:
        try:
            return read(source)
        except UnicodeDecodeError as error:
            raise Unreadable("holds a text that is not UTF-8.") from error

    return decoded


def long_number(count: Callable[[Source], int]) -> Callable[[Source], int | Plain]:
    """A whole number in bytes, little-endian."""

    def read(source: Source) -> int | Plain:
        size = count(source)
        if size < 0:
            raise Unreadable("holds a negative length.")
        if size > 9:
            source.skip(size)
            return PLAIN
        return int.from_bytes(source.take(size), "little", signed=True)

    return read


def real_number(source: Source) -> Plain:
    source.skip(8)
    return PLAIN


def two_lines(source: Source) -> tuple[str, str]:
    """A module and a name in it."""
    module, name = source.line(), source.line()
    return module.decode("utf-8", "backslashreplace"), name.decode("utf-8", "backslashreplace")


byte, short, long, size, signed = short_number, number("<H"), number("<I"), number("<Q"), number("<i")

STOP, PROTO, FRAME = ord("."), 0x80, 0x95
READERS: dict[str, Callable[[Source], Argument]] = {
    "(0120lt}]dsu)aeQRob.": nothing,
    "N\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98": nothing,
    "I": decimal,
    "L": decimal,
    "gp": index,
    "K": byte,
    "M": short,
    "J": signed,
    "hq\x80\x82": byte,
    "\x83": short,
    "\x84": signed,
    "jr": long,
    "\x95": size,
    "F": line_of_no_interest,
    "G": real_number,
    "P": line_of_no_interest,
    "S": quoted,
    "V": escaped,
    "T": counted(signed, "latin-1"),
    "U": counted(byte, "latin-1"),
    "B": counted(long),
    "C": counted(byte),
    "\x8e\x96": counted(size),
    "X": text(long),
    "\x8c": text(byte),
    "\x8d": text(size),
    "\x8a": long_number(byte),
    "\x8b": long_number(signed),
    "ci": two_lines,
}
ARGUMENTS: list[Callable[[Source], Argument] | None] = [None] * 256
for codes, reader in READERS.items():
    for letter in codes:
        ARGUMENTS[ord(letter)] = reader
