"""Files inside files: what is compressed or archived is opened as it is read, never written anywhere.

Yields everything that a loader might take for a pickle, whatever its name says.
"""

from __future__ import annotations

import ast
import io
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, Any

from registry.formats.archives import ends_as_zip, is_tar
from registry.parsers import Malformed, rows
from registry.parsers.zips import most_listed
from registry.pickles import zips
from registry.pickles.opcodes import Budget, Span, Unreadable
from registry.pickles.unpacking import BROKEN, Careful, Guarded, Opener, not_unpacked, unpacker

DEEPEST = 6
TOO_MANY = f"holds more than {Budget.MEMBERS:,} files"
HEAD = 512
TAIL = 66_000  # the end of a zip with the longest comment, and the last entry before it
HELD = 8 << 20  # what is small enough to be held, so that archives inside archives are read once
LONGEST_HEADER = 1 << 16
NPY = b"\x93NUMPY"
PICKLE_NAME = re.compile(
    r"(\.(pkl|pickle|joblib|sav|dill|pt|pth|ckpt|mar|nemo|p)|(^|[/!])(pickle|storages|tensors|data\.pkl|constants\.pkl))"
    r"(\.(gz|bz2|xz|lzma|z|zst|lz4|zip|tar))*$",
    re.IGNORECASE,
)
# A name that promises a pickle or an archive of pickles, and nothing else.
MUST = re.compile(r"\.(pkl|pickle|joblib|dill|pt|pth)(\.(gz|bz2|xz|lzma|z|zst|lz4))?$", re.IGNORECASE)
OBJECTS = re.compile(rb"O|object|\\")  # an escape may spell either
SCRIPT = re.compile(r"(^|[/!])(code/.+\.py|bytecode\.pkl)$")


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes to be looked at: where they are, how to read them anew, where a pickle would begin.

    `expected`: a loader would look for a pickle here; `named`: so says its name, `must`: of nothing else does
    its name speak. `script`: it belongs to a
    TorchScript archive. `size` as far as it is known beforehand, `depth`: how many things had to be opened to
    come here, `cheap`: going back costs nothing.
    """

    path: str
    open: Opener
    start: int = 0
    expected: bool = True
    named: bool = False
    must: bool = False
    script: bool = False
    size: int | None = None
    depth: int = 0
    cheap: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """Something that cannot be looked into; the text follows its path in a sentence."""

    path: str
    because: str


Inside = Iterator[Content | Closed]


def contents(file: IO[bytes], budget: Budget) -> Inside:
    """The file itself and everything in it."""
    end = file.seek(0, os.SEEK_END)

    def reopen() -> Any:
        file.seek(0)
        return file

    name = str(getattr(file, "name", ""))
    named, must = bool(PICKLE_NAME.search(name)), bool(MUST.search(name))
    for begin, size in rows.pieces(file, name):
        opened = partial(zips.stored, reopen, begin, size) if begin or size < end else reopen
        whole = Content("", opened, size=size, named=named, must=must, cheap=True)
        yield from within(whole, budget)


def is_leaf(content: Content) -> bool:
    """Whether there is something, and nothing in it that is looked at by itself."""
    if content.start:  # an array's bytes, behind the header that made somebody look here
        return content.expected
    try:
        head = content.open().read(HEAD)
    except (Unreadable, *BROKEN):
        return False
    return bool(head) and not not_unpacked(head) and opener(head) is None and behind(content, head) is None


def within(content: Content, budget: Budget) -> Inside:
    """This content, and what its first and last bytes say that it holds."""
    yield content
    try:
        head = content.open().read(HEAD)
    except (Unreadable, *BROKEN):
        return  # its beginning is not what its first bytes promised
    if closed := not_unpacked(head):
        yield Closed(content.path, f"is {closed}, which cannot be looked into")
    for inside in (opener(head), behind(content, head)):
        if inside is not None and content.depth >= DEEPEST:
            yield Closed(content.path, "is packed too many times over")
        elif inside is not None:
            yield from inside(content, budget)


def opener(head: bytes) -> Callable[[Content, Budget], Inside] | None:
    if (unpack := unpacker(head)) is not None:
        return partial(unpacked, unpack=unpack)
    if head.startswith(NPY):
        return partial(behind_header, head=head)
    if head.startswith(zips.STARTS):
        return zipped
    return tarred if is_tar(head) else None


def behind(content: Content, head: bytes) -> Callable[[Content, Budget], Inside] | None:
    """Readers of zips look from the end: one may hide behind anything."""
    if head.startswith(zips.STARTS) or not content.cheap or content.size is None:
        return None
    try:
        file = content.open()
        file.seek(max(0, content.size - TAIL))
        return zipped if ends_as_zip(file.read(TAIL)) else None
    except (Unreadable, *BROKEN):
        return None


def unpacked(content: Content, budget: Budget, *, unpack: Callable[[Any], Any]) -> Inside:
    guarded = partial(Guarded, lambda: unpack(content.open()), budget)
    inner = replace(content, open=guarded, size=None, depth=content.depth + 1, cheap=False)
    yield from within(held(inner), budget)


def held(content: Content) -> Content:
    """With its bytes in memory when they are few: unpacked once, read several times."""
    try:
        file = content.open()
        pieces, size = [], 0
        while size <= HELD and (data := file.read(HELD + 1 - size)):
            pieces.append(data)
            size += len(data)
    except (Unreadable, *BROKEN):
        return content
    if size > HELD:
        return content
    data = b"".join(pieces)
    return replace(content, open=partial(io.BytesIO, data), size=size, cheap=True)


def behind_header(content: Content, budget: Budget, *, head: bytes) -> Inside:
    """An array of objects is a pickle behind the header of its npy file. Source: numpy.lib.format."""
    wide = head[6:7] != b"\x01"
    begin = 12 if wide else 10
    size = int.from_bytes(head[8:begin], "little")
    header = content.open().read(begin + min(size, LONGEST_HEADER))[begin:]
    if size > LONGEST_HEADER or not describes_array(header):
        yield Closed(content.path, "has a header that describes no array")
    yield replace(content, start=begin + size, expected=bool(OBJECTS.search(header)))


def describes_array(header: bytes) -> bool:
    """A dictionary of constants with these three keys, which NumPy reads as Python. Older ones ran it.

    Python 2 wrote `3L` for a side.
    """
    try:
        found = ast.literal_eval(re.sub(r"(\d)L\b", r"\1", header.decode("latin-1").strip()))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    return isinstance(found, dict) and found.keys() == {"descr", "fortran_order", "shape"}


def zipped(content: Content, budget: Budget) -> Inside:
    try:
        if not budget.may_list(most_listed(content.open())):
            yield Closed(content.path, TOO_MANY)
            return
        found = list(zips.members(content.open))
    except (Malformed, Unreadable, *BROKEN):
        yield Closed(content.path, "is an archive that cannot be opened")
        return
    script = any(SCRIPT.search(member.name) for member in found)
    for member in found:
        inner = Content(
            inside(content.path, member.name),
            member.open,
            expected=bool(PICKLE_NAME.search(member.name)),
            named=bool(PICKLE_NAME.search(member.name)),
            must=bool(MUST.search(member.name)),
            script=script,
            size=member.size,
            depth=content.depth + 1,
            cheap=content.cheap and member.stored,
        )
        yield from [Closed(inner.path, member.closed)] if member.closed else opened(inner, budget)


def opened(member: Content, budget: Budget) -> Inside:
    """A member of an archive; one that cannot be opened is said to be closed."""
    if not member.cheap:
        member = replace(member, open=partial(Guarded, member.open, budget))
        if member.size is not None and member.size <= HELD:
            member = held(member)
    try:
        member.open().read(1)
    except (Unreadable, *BROKEN):
        yield Closed(member.path, "cannot be opened")
    else:
        yield from within(member, budget)


def tarred(content: Content, budget: Budget) -> Inside:
    """One member after the other, since what is packed is read forwards."""
    try:
        file: Any = Careful(content.open())
        archive: Any = tarfile.TarFile(fileobj=file)
        for entry in archive:
            if not budget.may_list(1):
                yield Closed(content.path, TOO_MANY)
                return
            if entry.isfile():
                yield from opened(tar_member(content, archive, entry), budget)
            archive.members = []  # it keeps each that it has seen
    except (Unreadable, *BROKEN):
        yield Closed(content.path, "is an archive that cannot be opened to its end")


def tar_member(content: Content, archive: Any, entry: tarfile.TarInfo) -> Content:
    return Content(
        inside(content.path, entry.name),
        partial(archive.extractfile, entry),
        expected=bool(PICKLE_NAME.search(entry.name)),
        named=bool(PICKLE_NAME.search(entry.name)),
        must=bool(MUST.search(entry.name)),
        size=entry.size,
        depth=content.depth + 1,
        cheap=content.cheap,
    )


def inside(path: str, name: str) -> str:
    return f"{path}!{name}" if path else name


def constant(content: Content, span: Span, budget: Budget) -> Inside:
    """Bytes that stand in a pickle and that a loader in it would load."""
    if content.depth >= DEEPEST:
        yield Closed(content.path, "is packed too many times over")
        return
    reader = Latin if span.text else Part
    opened = partial(io.BytesIO, span.held) if span.held else partial(reader, content.open, span)
    inner = Content(inside(content.path, f"byte {span.offset:,}"), opened, depth=content.depth + 1)
    yield from within(held(inner), budget)


class Part:
    """Some of the bytes of a content that can only be read forwards."""

    def __init__(self, open_content: Opener, span: Span) -> None:
        self._file = open_content()
        self._file.seek(span.offset)
        self._left = span.size

    def read(self, size: int, /) -> bytes:
        data: bytes = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data


class Latin(Part):
    """Bytes that an old protocol wrote as a text, one letter for each."""

    def read(self, size: int, /) -> bytes:
        data = super().read(size)
        while data and data[-1] & 0xC0 == 0xC0:  # the first half of a letter
            data += super().read(1) or b"?"
        try:
            return data.decode("utf-8").encode("latin-1")
        except UnicodeError as error:
            raise Unreadable("holds bytes that are none.") from error
