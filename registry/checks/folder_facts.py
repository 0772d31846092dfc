"""What pictures, sounds and texts of a dataset are: how many of which format and size, and whether they can
be read. In archives also in which folder, and what is there twice.

A picture is decoded to its end. It judges nothing: that is done over all files of a version, by the checks of
quality that are about folders.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from registry.checks import MIB, Fact, Issue, check, library
from registry.formats.names import PICTURES, TEXT
from registry.parsers.inside import Part, opener, parts
from registry.profiles.sources import FEATHER, LINES, SEPARATORS, WORKBOOKS

SOUNDS = frozenset({"wav", "flac", "ogg", "mp4", "mp3"})
PLUGINS = ("Png", "Jpeg", "Gif", "WebP", "Bmp", "Tiff")
# Whatever is imported later than the walls is not imported.
LIBRARIES = ["PIL", "PIL.Image", *(f"PIL.{name}ImagePlugin" for name in PLUGINS)]
TABLES = frozenset({*SEPARATORS, *LINES, *FEATHER, *WORKBOOKS, "parquet", "pq"})
MOST_POINTS = 64_000_000  # of one picture
MOST_DECODED = 2_000_000_000  # of all in an archive
MOST_TEXT = 8 * MIB
MOST_FOLDERS = 500
BLOCK = 1 * MIB


@dataclass
class Told:
    """Of all files so far."""

    formats: Counter[str] = field(default_factory=Counter)
    folders: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    size: int = 0
    sides: list[int] = field(default_factory=list)
    decoded: int = 0
    undecoded: int = 0
    seen: set[bytes] = field(default_factory=set)
    repeated: int = 0

    def as_fact(self, *, packed: bool) -> dict[str, Any]:
        fact: dict[str, Any] = {
            "files": self.formats.total(),
            "formats": dict(self.formats.most_common()),
            "bytes": self.size,
            "unreadable": self.unreadable,
        }
        if self.sides:
            fact["sides"] = [min(self.sides), max(self.sides)]
        if self.undecoded:
            fact["not_decoded"] = self.undecoded
        if packed:
            fact["folders"] = [list(pair) for pair in sorted(self.folders.most_common(MOST_FOLDERS))]
            fact["repeated"] = self.repeated
        return fact


@check(
    "dataset",
    since=date(2026, 11, 28),
    timeout=300,
    memory=1024 * MIB,
    libraries=LIBRARIES,
    may_be_spared=True,
)
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    told, packed = Told(), False
    for part in parts(file):
        if opener(part) is not None:
            packed = True
        elif is_one(part):
            look(part, told, packed=packed)
    if told.formats:
        yield Fact(told.as_fact(packed=packed))


def is_one(part: Part) -> bool:
    if part.extension in TABLES:
        return False
    return part.format in PICTURES | SOUNDS | TEXT or part.extension in PICTURES | {"jpg", "tif"}


def look(part: Part, told: Told, *, packed: bool) -> None:
    told.formats[part.format] += 1
    told.size += part.size
    if packed:
        told.folders[part.path.replace("\\", "/").rpartition("/")[0][:200]] += 1
        digest = fingerprint(part.file)
        told.repeated += digest in told.seen
        told.seen.add(digest)
    if part.format in PICTURES or part.extension in PICTURES | {"jpg", "tif"}:
        picture(part, told)
    elif part.format in TEXT:
        part.file.seek(0)
        told.unreadable += not is_utf8(part.file.read(MOST_TEXT))


def fingerprint(file: Any) -> bytes:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.digest()


def picture(part: Part, told: Told) -> None:
    """Decoded to its end, while there are not too many points."""
    _, image, *_ = [library(name) for name in LIBRARIES]
    image.MAX_IMAGE_PIXELS = None  # counted here
    try:
        part.file.seek(0)
        found = image.open(part.file, formats=[name.upper() for name in PLUGINS])
        points = found.width * found.height
        told.sides += [min(found.size), max(found.size)]
        if points > MOST_POINTS or told.decoded + points > MOST_DECODED:
            told.undecoded += 1
            return
        told.decoded += points
        found.load()
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, MemoryError):
        told.unreadable += 1


def is_utf8(text: bytes) -> bool:
    """A text that is cut within a letter is one, too."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return len(text) == MOST_TEXT and error.start > len(text) - 4
    return True
