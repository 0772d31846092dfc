"""A look into compressed bytes: the first few, never more."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import Any

FEW = 4096
LARGEST_DICTIONARY = 64 << 20


def first_bytes(head: bytes, format: str) -> bytes:
    """What the first bytes unpack to; empty when they do not, or when nobody here can."""
    try:
        return bytes(unpacker(format).decompress(head, FEW))
    except (zlib.error, lzma.LZMAError, OSError, EOFError, KeyError, MemoryError):
        return b""


def unpacker(format: str) -> Any:
    match format:
        case "zlib":
            return zlib.decompressobj()
        case "gzip":
            return zlib.decompressobj(wbits=31)
        case "bzip2":
            return bz2.BZ2Decompressor()
        case "xz" | "lzma":
            return lzma.LZMADecompressor(memlimit=LARGEST_DICTIONARY)
    raise KeyError(format)


def opens(head: bytes, format: str) -> bool:
    """Whether this is really one: two bytes of a signature are too few to believe."""
    return head[:1] in {b"\x78", b"\x58", b"\x48"} and bool(first_bytes(head, format))
