"""The directory of a zip archive, and every place where two readers of the same bytes might disagree.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.4. Loaders differ (Python's zipfile, miniz in PyTorch,
Java): some read the central directory, some the headers before each member, some the first entry of a name
and some the last. Where these agree a file means one thing, so every disagreement is told.
"""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from registry.parsers import Malformed
from registry.parsers.windows import Budget, Unpacked, Window, size_of

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
LONGEST_COMMENT = 65_535
LARGEST_DIRECTORY = 64 << 20
ENTRY = b"PK\1\2"
ENCRYPTED, DESCRIPTOR = 1, 8
STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
METHODS = {STORED, DEFLATED, BZIP2, LZMA}
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF
FULL = (FULL_16, FULL_32, FULL_32)  # of entries, length and offset: look into the larger record
BLOCK = 1 << 16
GZIP, ZLIB_OR_GZIP = b"\x1f\x8b", 47
STREAMS = (b"BZh", b"\xfd7zXZ\0")
UNKNOWN = Malformed("has no directory that can be read: pack it again.")


@dataclass(slots=True)
class Member:
    """One entry of the central directory."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int  # of its own header
    mode: int  # as Unix has it, zero when unknown
    made_by_unix: bool
    data: int = 0  # where its bytes begin
    odd: list[str] = field(default_factory=list)

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def is_encrypted(self) -> bool:
        return bool(self.flags & ENCRYPTED)


@dataclass(slots=True)
class Directory:
    """All members, and what is odd about the archive as a whole."""

    members: list[Member]
    before: int  # bytes before the archive begins
    after: int  # bytes behind its end
    gaps: list[tuple[int, int]]
    overlaps: int = 0


@dataclass(slots=True)
class Found:
    """The bytes of a directory, how many entries there are said to be, where it starts, and how many bytes
    there are before the archive and behind it."""

    listed: bytes
    entries: int
    start: int
    before: int
    after: int

    @property
    def most(self) -> int:
        return max(self.entries, self.listed.count(ENTRY))


def read(file: Any, budget: Budget) -> Directory:
    """`Malformed` when there is no directory that every reader would find."""
    found = found_directory(file)
    budget.list(found.most)
    members = list(central(found.listed))
    if len(members) != found.entries:
        raise Malformed(
            f"says that it holds {found.entries:,} files and lists {len(members):,}: pack it again."
        )
    spans = sorted(local(file, member, found.before, found.start) for member in members)
    gaps, overlaps = between(spans, found.start, found.before)
    return Directory(members, found.before, found.after, gaps, overlaps)


def most_listed(file: Any) -> int:
    """How many members it may list, without reading the list."""
    return found_directory(file).most


def found_directory(file: Any) -> Found:
    size = size_of(file)
    place, end = find_end(file, size)
    begin, entries, length, offset = wide_end(file, place, (end[4], end[5], end[6]))
    start = begin - length
    if start - offset < 0 or start < 0 or length > LARGEST_DIRECTORY:
        raise UNKNOWN
    file.seek(start)
    return Found(file.read(length), entries, start, start - offset, size - place - END.size - end[7])


def find_end(file: Any, size: int) -> tuple[int, tuple[Any, ...]]:
    """Where the end record is: the last one in the file, as every reader takes it."""
    base = max(0, size - LONGEST_COMMENT - END.size)
    file.seek(base)
    tail = file.read(size - base)
    at = tail.rfind(b"PK\5\6", 0, max(0, len(tail) - END.size + 4))
    if at < 0:
        raise UNKNOWN
    record = END.unpack_from(tail, at)
    if record[1] or record[2] or base + at + END.size + record[7] > size:
        raise UNKNOWN
    return base + at, record


def wide_end(file: Any, place: int, narrow: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The larger end record of an archive beyond 4 GiB or 65,535 members; PyTorch always writes one."""
    file.seek(max(0, place - LOCATOR.size))
    locator = file.read(LOCATOR.size)
    if not locator.startswith(b"PK\6\7"):
        return place, *narrow
    at = place - LOCATOR.size - END_64.size
    file.seek(max(0, at))
    record = file.read(END_64.size)
    if at < 0 or not record.startswith(b"PK\6\6"):
        raise UNKNOWN
    wide = END_64.unpack(record)[7:10]
    if any(value not in {said, full} for said, value, full in zip(wide, narrow, FULL, strict=True)):
        raise Malformed("has two directories, of which readers take different ones: pack it again.")
    return at, *wide


def central(data: bytes) -> Iterator[Member]:
    at = 0
    while at + CENTRAL.size <= len(data):
        values = CENTRAL.unpack_from(data, at)
        if values[0] != ENTRY:
            raise UNKNOWN
        name_size, extra_size, comment_size = values[10:13]
        begin = at + CENTRAL.size
        raw = data[begin : begin + name_size]
        extra = data[begin + name_size : begin + name_size + extra_size]
        at = begin + name_size + extra_size + comment_size
        if at > len(data):
            raise UNKNOWN
        size, packed, offset = widened(extra, values[9], values[8], values[16])
        unix = values[1] >> 8 in {3, 19}
        member = Member(
            decoded(raw, values[3]),
            values[3],
            values[4],
            values[7],
            packed,
            size,
            offset,
            values[15] >> 16 if unix else 0,
            unix,
        )
        if other_name(extra) not in {"", member.name}:
            member.odd.append("name")
        yield member
    if at != len(data):
        raise UNKNOWN


def decoded(raw: bytes, flags: int) -> str:
    """A name is in UTF-8 when it says so, else in the first PC's letters."""
    return raw.decode("utf-8", "replace") if flags & 0x800 else raw.decode("cp437")


def other_name(extra: bytes) -> str:
    """A second name, in UTF-8, which some readers take. Source: APPNOTE.TXT 4.6.9."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 0x7075:
            return extra[at + 9 : at + 4 + length].decode("utf-8", "replace")
        at += 4 + length
    return ""


def widened(extra: bytes, *values: int) -> tuple[int, ...]:
    """Sizes and offset; those of 64 bits lie in an extra field, in this order."""
    found = list(values)
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            wide = extra[at + 4 : at + 4 + length]
            for place, value in enumerate(values):
                if value == FULL_32 and len(wide) >= 8:
                    found[place] = int.from_bytes(wide[:8], "little")
                    wide = wide[8:]
            break
        at += 4 + length
    return tuple(found)


def local(file: Any, member: Member, before: int, start: int) -> tuple[int, int]:
    """Compare a member's own header with the directory; the span from its header to its last byte."""
    begin = before + member.offset
    if begin + LOCAL.size > start:
        raise Malformed("has a file that would lie outside of it: pack it again.")
    file.seek(begin)
    header = LOCAL.unpack(file.read(LOCAL.size))
    if header[0] != b"PK\3\4":
        raise Malformed("has a file without a header: pack it again.")
    name = decoded(file.read(header[9]), header[2])
    member.data = begin + LOCAL.size + header[9] + header[10]
    end = member.data + member.packed
    if end > start:
        raise Malformed("has a file that would lie outside of it: pack it again.")
    compare(member, name, header)
    return begin, end


def compare(member: Member, name: str, header: tuple[Any, ...]) -> None:
    """Every field that a loader might take from the header instead of from the directory."""
    if name != member.name:
        member.odd.append("name")
    if header[3] != member.method:
        member.odd.append("method")
    if (header[2] ^ member.flags) & ENCRYPTED:
        member.odd.append("encryption")
    for what, here, there in (
        ("checksum", header[6], member.crc),
        ("size", header[7], member.packed),
        ("size", header[8], member.size),
    ):
        later = header[2] & DESCRIPTOR and here == 0
        if here not in {there, FULL_32} and not later:
            member.odd.append(what)
    if member.method == STORED and member.packed != member.size and not member.is_encrypted:
        member.odd.append("size")


def between(spans: list[tuple[int, int]], start: int, before: int) -> tuple[list[tuple[int, int]], int]:
    """Bytes that belong to no member, and how many members share bytes."""
    gaps, overlaps, last = [], 0, before
    for begin, end in [*spans, (start, start)]:
        if begin < last:
            overlaps += 1
        elif begin > last:
            gaps.append((last, begin - last))
        last = max(last, end)
    return gaps, overlaps


def open_member(file: Any, member: Member, budget: Budget) -> Any:
    """Its bytes as a file that can seek; `Malformed` for what cannot be unpacked here."""
    if member.is_encrypted:
        raise Malformed("is encrypted.")
    if member.method == STORED:
        return Window(file, member.data, member.packed)
    if member.method not in METHODS:
        raise Malformed("is packed in a way that nobody here can read.")
    return Unpacked(lambda: unpacking(file, member), member.size, budget)


def unpacking(file: Any, member: Member) -> Any:
    packed = Window(file, member.data, member.packed)
    if member.method == DEFLATED:
        return Inflated(packed)
    return Pumped(packed, bz2.BZ2Decompressor() if member.method == BZIP2 else raw_lzma(packed))


def raw_lzma(packed: Window) -> lzma.LZMADecompressor:
    """LZMA in a zip has its settings in front. Source: APPNOTE.TXT 5.8.8."""
    head = packed.read(4)
    properties = packed.read(int.from_bytes(head[2:4], "little"))
    first = properties[:1] or b"\0"
    filters = [
        {
            "id": lzma.FILTER_LZMA1,
            "dict_size": min(int.from_bytes(properties[1:5], "little"), 64 << 20),
            "lc": first[0] % 9,
            "lp": first[0] // 9 % 5,
            "pb": first[0] // 45,
        }
    ]
    try:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
    except (lzma.LZMAError, ValueError) as error:
        raise Malformed("cannot be unpacked.") from error


class Inflated:
    """A deflated stream, a block at a time; it ends where the stream does, whatever the directory says.

    Several gzip streams one after the other are one, as every reader takes them. `rest` is what follows.
    """

    def __init__(self, packed: Any, wbits: int = -15) -> None:
        self._packed, self._wbits = packed, wbits
        self._machine = zlib.decompressobj(wbits)
        self.rest = b""

    def read(self, size: int) -> bytes:
        while not self._machine.eof or self._again():
            block = self._machine.unconsumed_tail or self.rest or self._packed.read(BLOCK)
            self.rest = b""
            try:
                data = self._machine.decompress(block, size)
            except zlib.error as error:
                raise Malformed("cannot be unpacked to its end.") from error
            if data:
                return data
            if not block:
                raise Malformed("cannot be unpacked to its end.")
        return b""

    def _again(self) -> bool:
        """Whether another stream begins where one ended."""
        self.rest = self.rest or self._machine.unused_data or self._packed.read(BLOCK)
        if self._wbits < ZLIB_OR_GZIP or not self.rest.startswith(GZIP):
            return False
        self._machine = zlib.decompressobj(self._wbits)
        return True


class Pumped:
    """Decompressors of the standard library's other kinds, a block at a time, stream after stream."""

    def __init__(self, packed: Any, machine: Any, fresh: Callable[[], Any] | None = None) -> None:
        self._packed, self._machine, self._fresh = packed, machine, fresh
        self.rest = b""

    def read(self, size: int) -> bytes:
        while not self._machine.eof or self._again():
            block = self.rest or (self._packed.read(BLOCK) if self._machine.needs_input else b"")
            self.rest = b""
            try:
                data: bytes = self._machine.decompress(block, size)
            except Exception as error:
                raise Malformed("cannot be unpacked to its end.") from error
            if data:
                return data
            if not block and self._machine.needs_input:
                if self._fresh is not None:
                    raise Malformed("cannot be unpacked to its end.")
                break
        return b""

    def _again(self) -> bool:
        self.rest = self.rest or self._machine.unused_data or self._packed.read(BLOCK)
        if self._fresh is None or not self.rest.startswith(STREAMS):
            return False
        self._machine = self._fresh()
        return True
