"""What a file is, told from a few of its bytes.

`recognise` asks for danger first: what could be loaded as a pickle is one, whatever else it could be.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from registry.formats import archives, packed, pickled, structured, texts
from registry.formats.signatures import MEDIA_TYPES, by_signature

BLOCK = 64 << 10
PROTOBUF_NAMES = frozenset({"pb", "model", "spm", "mlmodel"})

__all__ = ["BLOCK", "Ends", "ends", "media_type", "recognise"]


@dataclass(frozen=True, slots=True)
class Ends:
    """The first and the last bytes of a file of `size` bytes; they overlap in a small one."""

    head: bytes
    tail: bytes
    size: int
    name: str = ""

    @property
    def complete(self) -> bool:
        return len(self.head) == self.size

    @property
    def extension(self) -> str:
        """Lower case, without the dot: `gz` of `table.CSV.gz`; empty when there is none."""
        return ending(self.name)


@lru_cache(maxsize=64)
def ending(name: str) -> str:
    """Asked for by one check after the other."""
    base = name.rstrip("/").rpartition("/")[2]
    stem, _, last = base.rpartition(".")  # a path of pathlib takes fifty times as long
    return last.lower() if stem else ""


def ends(file: BinaryIO) -> Ends:
    """Read at most two blocks; the position is at the start afterwards."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(BLOCK)
    file.seek(max(0, size - BLOCK))
    tail = file.read(BLOCK)
    file.seek(0)
    return Ends(head, tail, size, str(getattr(file, "name", "")))


def recognise(found: Ends) -> str:
    """The name of the format, a key of `MEDIA_TYPES`; `unknown` for what nobody can read."""
    head, tail, size = found.head, found.tail, found.size
    if not size:
        return "empty"
    if pickled.is_pickle(head, found.complete):
        return "pickle"
    format = by_signature(head, tail)
    if format == "zip":
        return archives.kind_of_zip(head, tail)
    return (
        format
        or ("tar" if archives.is_tar(head) else "")
        or ("safetensors" if structured.is_safetensors(head, size) else "")
        or texts.kind_of_text(head, tail, found.complete)
        or ("onnx" if structured.is_onnx(head, size) else "")
        or ("zlib" if packed.opens(head, "zlib") else "")
        or ("protobuf" if is_named_protobuf(found) else "")
        or "unknown"
    )


def is_named_protobuf(found: Ends) -> bool:
    """Any bytes may look like a message by chance, so here alone the name counts too."""
    return found.extension in PROTOBUF_NAMES and structured.is_protobuf(found.head, found.size)


def media_type(format: str) -> str:
    return MEDIA_TYPES[format]
