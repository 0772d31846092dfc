"""What a file is, by its bytes against its name: nothing dangerous under an innocent name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath
from typing import BinaryIO

from registry.checks import MIB, Fact, Issue, check
from registry.formats import FORMATS, Format, recognise

TEXT = frozenset({"text", "json", "jsonl", "csv", "tsv", "markdown", "python", "script"})
PACKED = frozenset({"gzip", "bzip2", "xz", "zlib", "zstd", "lz4"})
ZIPPED = frozenset({"zip", "npz"})


def endings(words: str, *slugs: str) -> dict[str, frozenset[str]]:
    return {f".{word}": frozenset(slugs) for word in words.split()}


# What an ending promises. Those that stand for nothing certain (.bin, .dat, .model, .pt, .pth, .ckpt) are
# left out: whatever is in them is expected.
PROMISED: dict[str, frozenset[str]] = {
    **endings("csv tsv txt md json jsonl ndjson yaml yml toml ini cfg log rst tex sql xml html svg", *TEXT),
    **endings("py ipynb sh r jl js css c h cpp rs java", *TEXT),
    **endings("pkl pickle p pk sav dill joblib", "pickle", "torch", *PACKED),
    **endings("parquet pq", "parquet"),
    **endings("arrow feather ipc", "arrow"),
    **endings("npy", "npy"),
    **endings("npz zip keras whl jar docx xlsx pptx", *ZIPPED, "torch"),
    **endings("h5 hdf5 hdf", "hdf5"),
    **endings("gz tgz", "gzip"),
    **endings("bz2", "bzip2"),
    **endings("zst", "zstd"),
    **endings("jpg jpeg", "jpeg"),
    **endings("tif tiff", "tiff"),
    **endings("db sqlite sqlite3", "sqlite"),
    **{
        f".{slug}": frozenset({slug}) for slug in FORMATS.keys() - TEXT - {"torch", "pickle", "zlib", "macho"}
    },
}
PROMISED.update(endings("npz zip", *ZIPPED, "torch"))
LOADS_CODE = frozenset({"pickle", "torch", "hdf5"})
NO_SCRIPT = frozenset({".csv", ".tsv", ".txt", ".md", ".json", ".jsonl", ".ndjson"})
MORE_EXACT = {".csv": "csv", ".tsv": "tsv", ".md": "markdown", ".py": "python"}


@check("model", "dataset", "asset", since=date(2025, 11, 1), memory=1024 * MIB)
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    size = file.seek(0, 2)
    ending = PurePosixPath(str(file.name)).suffix.lower()
    if not size:
        yield Fact({"type": "empty", "title": "empty", "size": 0})
        yield Issue("low", "The file is empty: push its content, or leave it out.", "empty")
        return
    found = more_exact(recognise(file), ending)
    yield Fact(
        {
            "type": found.slug if found else "unknown",
            "title": found.title if found else "unknown",
            "size": size,
        }
    )
    if found is None:
        yield unknown(ending)
    else:
        yield from against_name(found, ending)


def more_exact(found: Format | None, ending: str) -> Format | None:
    """What kind of text a text is, its name knows best."""
    if found is not None and found.slug == "text" and ending in MORE_EXACT:
        return FORMATS[MORE_EXACT[ending]]
    return found


def unknown(ending: str) -> Issue:
    told = f" is not what {ending} promises, and" if ending in PROMISED else ""
    text = (
        f"This{told} is in a format that nobody here can read: save it as safetensors, ONNX, Parquet or text."
    )
    return Issue("medium", text, "unknown_format")


def against_name(found: Format, ending: str) -> Iterator[Issue]:
    promised = PROMISED.get(ending)
    if found.family == "program":
        text = f"This is a {found.title}: what runs by itself does not belong here, leave it out."
        yield Issue("high", text, "executable")
    elif promised is not None and found.slug not in promised:
        yield mismatch(found, ending)
    elif found.slug == "script" and ending in NO_SCRIPT:
        yield Issue("medium", f"This is a script with a name in {ending}: rename it.", "extension_mismatch")
    if found.opaque:
        text = f"No check looks inside a {found.title} file yet: save it in another format, or say why you trust it."
        yield Issue("medium", text, "not_looked_into")


def mismatch(found: Format, ending: str) -> Issue:
    """High when a loader would run what a reader takes for data."""
    text = f"The name ends in {ending}, the bytes are {found.title}: rename the file, or save it as what it says."
    if found.slug in LOADS_CODE:
        return Issue("high", text, "extension_mismatch")
    alike = found.family in ("picture", "sound")
    return Issue("low" if alike else "medium", text, "extension_mismatch")
