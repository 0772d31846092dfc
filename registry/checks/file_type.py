"""What a file is, by its bytes against its name: nothing dangerous under an innocent name.

Reads the first and the last 64 KiB, whatever the size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath
from typing import BinaryIO

from registry.checks import Fact, Issue, check
from registry.formats import Ends, archives, ends, media_type, packed, pickled, recognise
from registry.formats.names import DANGEROUS, LOADED, PACKED, PICTURES, PROMISES, TEXT, TEXTS_BY_NAME, ZIPS
from registry.parsers import stated_licences

CARRIERS = frozenset({"tflite"})  # its own tools put labels behind it in a zip, which other checks look into
MEANT_TO_BE_EMPTY = frozenset({"__init__.py", ".gitkeep", ".keep", "py.typed"})


# Controls, marks that turn the direction of writing, signs without width. Source: Unicode TR36, 2.
UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@check("model", "dataset", "asset", since=date(2026, 11, 24), timeout=30)
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    """One fact, and at most one issue: the gravest that can be said."""
    found = ends(file)
    format = recognise(found)
    if UNSEEN.search(found.name):
        yield unseen()
    elif issue := judged(found, format):
        yield issue
    known = TEXTS_BY_NAME.get(found.extension, format) if format in TEXT else format
    about = {"type": known, "media_type": media_type(known), "size": found.size}
    if licence := stated_licences.stated(found, format):
        about["licence"] = licence
    yield Fact(about)


def unseen() -> Issue:
    return Issue(
        "high",
        "Its name has signs that cannot be seen, by which it looks like another. Push it under a plain name.",
        "hidden_name",
    )


def judged(found: Ends, format: str) -> Issue | None:
    """What the name promises against what was found."""
    if format == "empty":
        return empty(found)
    promised = PROMISES.get(found.extension)
    if hidden := hidden_danger(found, format, promised):
        return disguised(found, hidden)
    if format == "unknown" and promised in {None, LOADED}:
        return unknown()
    return None if promised is None or format in promised else mismatch(found, format)


def empty(found: Ends) -> Issue | None:
    if PurePosixPath(found.name).name in MEANT_TO_BE_EMPTY:
        return None
    return Issue("low", "The file is empty. Push the real one, or leave it out.", "empty")


def hidden_danger(found: Ends, format: str, promised: frozenset[str] | None) -> str:
    """What could run, or be loaded so that it runs, where the name does not say so."""
    if format not in ZIPS | CARRIERS and archives.ends_as_zip(found.tail):
        return "zip"
    if promised is None or format in promised:
        return ""
    if format in PACKED and pickled.is_pickle(packed.first_bytes(found.head, format), complete=False):
        return "pickle"
    return format if format in DANGEROUS else ""


def disguised(found: Ends, hidden: str) -> Issue:
    name = f"named .{found.extension}" if found.extension in PROMISES else "that begins as something else"
    return Issue(
        "high",
        f"This is a file {name}, but it can be opened as {a(hidden)}, which may run code when loaded."
        " Ask its author what it is, and push it under its true name or not at all.",
        "disguised",
    )


def unknown() -> Issue:
    return Issue(
        "medium",
        "Nobody here can read this format, so nothing in it was checked."
        " Push it in an open one (safetensors, ONNX, Parquet, CSV), or say in its card what reads it.",
        "unknown",
    )


def mismatch(found: Ends, format: str) -> Issue:
    """A name that promises what the bytes do not keep. Pictures open all the same."""
    promised = PROMISES[found.extension]
    alike = format in PICTURES and promised <= PICTURES
    nothing = "no text in UTF-8" if "text" in promised else "nothing that can be recognised"
    what = nothing if format == "unknown" else a(format)
    return Issue(
        "low" if alike else "medium",
        f"It is named .{found.extension} but holds {what}."
        " Give it its true name, or push it again if it was cut.",
        "mismatch",
    )


def a(format: str) -> str:
    """With its article: "an ELF file"."""
    shown = format.upper() if format in {"elf", "pe", "csv", "tsv", "json", "png", "gif", "xml"} else format
    article = "an" if shown[0].lower() in "aeiou" or format in {"mp4", "npy", "npz", "xml", "xz"} else "a"
    return f"{article} {shown} file"
