"""A file and everything in it: archives and compressed files are opened as they are read.

Every part is judged by its own bytes, whatever its name and whatever holds it. What cannot be opened is
told by the check `archives`, which asks for it with `closed`.
"""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from registry.formats import BLOCK, Ends, ends, recognise
from registry.formats.archives import ends_as_zip
from registry.formats.names import TENSOR, ZIPS
from registry.formats.packed import LARGEST_DICTIONARY
from registry.parsers import Malformed, rows, zips
from registry.parsers.windows import Budget, TooMuch, Unpacked, Window

DEEPEST = 5
UNMEASURED = 1 << 62
FEW = 4 << 10  # bytes of a tensor
LARGEST_IN_ARCHIVE = 32 << 20
LARGEST_TO_HOLD = 8 << 20  # of a member of a packed tar: going back in one begins it anew
LARGEST_TO_MEASURE = 8 << 20  # unpacked only to know its size; beyond, its end stays unseen


def unxz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(memlimit=LARGEST_DICTIONARY)


PACKED: dict[str, Callable[[Any], Any]] = {
    "gzip": partial(zips.Inflated, wbits=zips.ZLIB_OR_GZIP),
    "zlib": partial(zips.Inflated, wbits=15),
    "bzip2": lambda packed: zips.Pumped(packed, bz2.BZ2Decompressor(), bz2.BZ2Decompressor),
    "xz": lambda packed: zips.Pumped(packed, unxz(), unxz),
    "lzma": lambda packed: zips.Pumped(packed, unxz(), unxz),
}
BROKEN = (
    *(Malformed, tarfile.TarError, OSError, EOFError, ValueError, IndexError, lzma.LZMAError),
    RecursionError,  # headers of tar that are about one another
)


@dataclass(slots=True)
class Part:
    """The file itself (`path` is empty), or one inside it. `name` is its own, with folders."""

    path: str
    name: str
    file: Any
    ends: Ends
    format: str
    budget: Budget
    extension: str = field(init=False)
    base: str = field(init=False)  # the last part of its name, in lower case
    listed: zips.Directory | Malformed | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.extension = self.ends.extension
        self.base = self.name.replace("\\", "/").rpartition("/")[2].lower()

    @property
    def size(self) -> int:
        """Of a compressed file only what unpacking it to its end tells, so only who asks pays for it."""
        return self.ends.size if self.ends.size < UNMEASURED else int(self.file.size)

    @property
    def directory(self) -> zips.Directory:
        """Of a zip; read once, whoever asks. `Malformed` when it has none."""
        if self.listed is None:
            try:
                if isinstance(self.file, Unpacked):  # its directory lies at its end, its files before
                    self.file = io.BytesIO(whole(self, LARGEST_IN_ARCHIVE))
                self.listed = zips.read(self.file, self.budget)
            except Malformed as malformed:
                self.listed = malformed
        if isinstance(self.listed, Malformed):
            raise self.listed
        return self.listed


@dataclass(frozen=True, slots=True)
class Closed:
    """What cannot be looked into, and why; the text follows its path. `too_much`: there is too much of it."""

    path: str
    because: str
    too_much: bool = False


def parts(file: Any) -> Iterator[Part]:
    """Everything that can be opened."""
    return (found for found in everything(file) if isinstance(found, Part))


def everything(file: Any) -> Iterator[Part | Closed]:
    found = ends(file)
    budget = Budget(found.size)
    row = rows.pieces(file, found.name)
    if len(row) == 1:
        yield from within(Part("", found.name, file, found, recognise(found), budget), 0)
        return
    for begin, size in row:
        piece = Window(file, begin, size)
        one = member_ends(piece, found.name, size)
        yield from within(Part("", found.name, piece, one, recognise(one), budget), 0)


def within(part: Part, depth: int) -> Iterator[Part | Closed]:
    yield part
    inside = opener(part)
    if inside is None:
        return
    if depth >= DEEPEST:
        yield Closed(part.path, "is packed too many times over")
        return
    try:
        for name, size, open_member in inside(part):
            yield from member(part, name, size, open_member, depth)
    except BROKEN as error:
        yield Closed(part.path, because(error), isinstance(error, TooMuch))


def because(error: BaseException) -> str:
    return str(error).rstrip(".") if isinstance(error, Malformed) else "cannot be opened to its end"


Members = Iterator[tuple[str, int | None, Callable[[], Any]]]


def opener(part: Part) -> Callable[[Part], Members] | None:
    if part.format in ZIPS or ends_as_zip(part.ends.tail):
        return zipped
    if part.format == "tar":
        return tarred
    return unpacked if part.format in PACKED else None


def zipped(part: Part) -> Members:
    for found in part.directory.members:
        if not found.is_folder:
            yield found.name, found.size, partial(zips.open_member, part.file, found, part.budget)


def tarred(part: Part) -> Members:
    part.file.seek(0)
    with tarfile.TarFile(fileobj=part.file) as archive:
        for found in archive:
            part.budget.list(1)
            if found.isfile():
                at_once = isinstance(part.file, Unpacked) and found.size <= LARGEST_TO_HOLD
                yield found.name, found.size, partial(held if at_once else opened, archive, found)
            archive.members.clear()  # type: ignore[attr-defined]


def opened(archive: tarfile.TarFile, found: tarfile.TarInfo) -> Any:
    return archive.extractfile(found)


def held(archive: tarfile.TarFile, found: tarfile.TarInfo) -> Any:
    return io.BytesIO(opened(archive, found).read())


def unpacked(part: Part) -> Members:
    """One compressed file: the same name without what the packing added."""

    def fresh() -> Any:  # through a window: others read the same file meanwhile
        return PACKED[part.format](Window(part.file, 0, part.ends.size))

    stem, _, ending = part.name.rpartition(".")
    name = stem if ending.lower() in {"gz", "bz2", "xz", "lzma", "z", "zlib"} else part.name
    part.budget.list(1)
    yield (
        (name.removesuffix(".tgz") + ".tar" if ending.lower() == "tgz" else name),
        None,
        partial(Unpacked, fresh, None, part.budget),
    )


def member(
    part: Part, name: str, size: int | None, open_member: Callable[[], Any], depth: int
) -> Iterator[Part | Closed]:
    path = name if not part.path else f"{part.path}!{name}"
    if part.format in PACKED:
        path = part.path
    try:
        part.budget.go_on()
        file = open_member()
        found = few_ends(file, name, size, part.budget) or member_ends(file, name, size)
        file.seek(0)
    except TooMuch:
        raise
    except BROKEN as error:
        yield Closed(path, because(error))
        return
    yield from within(Part(path, name, file, found, recognise(found), part.budget), depth + 1)


def few_ends(file: Any, name: str, size: int | None, budget: Budget) -> Ends | None:
    """Of one tensor after many, if it is raw numbers: they cost as much as all other checks together. What is
    packed would have to be unpacked for its end."""
    if size is None or size <= FEW or not TENSOR.search(name) or isinstance(file, Unpacked):
        return None
    budget.tensors -= min(size, 2 * BLOCK)
    if budget.tensors >= 0:
        return None
    head = file.read(FEW)
    found = Ends(head, head, size, name)
    if recognise(found) == "unknown":
        file.seek(size - FEW)
        return Ends(head, file.read(FEW), size, name)
    file.seek(0)
    return None


def member_ends(file: Any, name: str, size: int | None) -> Ends:
    """Its first and last bytes. Of something large that would have to be unpacked, only the first."""
    head = file.read(BLOCK)
    if size is None:
        if len(head) < BLOCK:
            return Ends(head, head, len(head), name)
        return Ends(head, b"", UNMEASURED, name)
    if len(head) == size:
        return Ends(head, head, size, name)
    if len(head) < BLOCK:
        return Ends(head, head, len(head), name)
    if isinstance(file, Unpacked) and size > LARGEST_TO_MEASURE:
        return Ends(head, b"", size, name)
    file.seek(max(0, size - BLOCK))
    return Ends(head, file.read(BLOCK), size, name)


def whole(part: Part, most: int) -> bytes:
    """All bytes of a part, or `Malformed` when there are more than `most`."""
    part.file.seek(0)
    data: bytes = part.file.read(most + 1)
    if len(data) > most:
        raise Malformed(f"is larger than {most >> 20} MiB, which is more than is looked at here.")
    return data
