"""A program or a script has no place among the files of a model or a dataset. An asset may be one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from registry.checks import MIB, Issue, check
from registry.formats.names import EXECUTABLE
from registry.parsers import Malformed
from registry.parsers.each_part import each_part
from registry.parsers.inside import UNMEASURED, Part

SCRIPTS = frozenset({"script"})
LIBRARIES = frozenset({"so", "exe", "dll", "dylib", "pyd", "com", "sys", "scr", "ko", "bundle", "node"})
# Native code, bytecode and links of systems that are no format of their own here.
STARTS = (
    b"BC\xc0\xde",  # LLVM bitcode
    b"\x1bLua",
    b"YARB",  # Ruby
    b"dex\n0",
    b"FOR1",  # Erlang
    b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F",  # a link of Windows
    b"!<arch>\n",
    b"MSCF\0\0\0\0",
    b"ITSF\x03",
    b"\xed\xab\xee\xdb",
    b"P\xed\x55\xba",  # CUDA
    b"#@~^",  # encoded VBScript and JScript
)
BEFORE = (b"#!", b"\x7fELF", b"MZ")
# A program behind other bytes: its header is long enough not to stand there by chance.
ELF = re.compile(rb"\x7fELF[\x01\x02][\x01\x02]\x01[\0\x03\x09]\0{4,8}")
STUB = re.compile(rb"This program (?:cannot be run in DOS mode|must be run under Win32)")
DOS = re.compile(rb"MZ.{58}(....)", re.DOTALL)
LARGEST = 4 * MIB
SEARCHED = frozenset(
    {
        "unknown",
        "png",
        "jpeg",
        "gif",
        "webp",
        "bmp",
        "tiff",
        "wav",
        "flac",
        "ogg",
        "mp4",
        "pdf",
        "npy",
        "safetensors",
        "gguf",
    }
)
LLAMAFILE = (b"MZqFpD='", b"jartsr='", b"APEDBG='")  # runs on every system. Source: justine.lol/ape.html

NEEDLESS = "which a model or a dataset does not need. Leave it out, or push it as an asset."


@check("model", "dataset", since=date(2026, 11, 24), timeout=30)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if is_program(part):
        text = f"This is a program, {NEEDLESS} Do not run it, and ask who made it."
        yield Issue("critical", text, "executable", part.path)
    elif part.format in SCRIPTS and not is_python(part):
        yield Issue("high", f"This is a script, {NEEDLESS}", "script", part.path)


def is_program(part: Part) -> bool:
    """By its bytes, or by a name under which a system would load it."""
    if part.format in EXECUTABLE - SCRIPTS or part.ends.head.startswith(LLAMAFILE + STARTS):
        return True
    if part.format == "hdf5" and part.ends.head.startswith(
        BEFORE
    ):  # in the bytes that are left to its author
        return True
    if part.format in SEARCHED and holds_program(part):
        return True
    return part.extension in LIBRARIES and part.format in {"unknown", "zip", "pickle"}


def holds_program(part: Part) -> bool:
    """In the first and the last bytes, or anywhere in a file of its own that is not large. What cannot be
    unpacked is told by others."""
    ends = any(in_bytes(data) for data in (part.ends.head, part.ends.tail))
    if ends or part.path or LARGEST < part.ends.size < UNMEASURED:
        return ends
    try:
        part.file.seek(0)
        return in_bytes(part.file.read(LARGEST))
    except Malformed:
        return False


def in_bytes(data: bytes) -> bool:
    return data.startswith(b"MZ\x90\0\x03\0\0\0") or any(
        WITHIN[found[0]](data, found.start()) for found in BEGINS.finditer(data)
    )


def is_windows(data: bytes, place: int) -> bool:
    """`MZ`, and where it points at the second header."""
    found = DOS.match(data, place)
    size = int.from_bytes(found[1], "little") if found else 0
    return 0 < size < 4096 and data.startswith(b"PE\0\0", place + size)


WITHIN: dict[bytes, Callable[[bytes, int], object]] = {
    b"\x7fELF": ELF.match,
    b"This program": STUB.match,
    b"MZ": is_windows,
}
BEGINS = re.compile(b"|".join(map(re.escape, WITHIN)))  # a fourth of what looking for each takes


def is_python(part: Part) -> bool:
    """A module that can be run as well: the check `source_code` reads it."""
    return part.extension == "py" and b"python" in part.ends.head.partition(b"\n")[0]
