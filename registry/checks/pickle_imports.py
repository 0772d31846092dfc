"""What loading a pickle would import and call: nothing that is not known to be safe.

Finds pickles by their bytes, whatever the file is called: plain, joblib, compressed, in archives, behind
the header of an npy file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import MIB, Fact, Issue, Severity, check
from registry.pickles import names
from registry.pickles.containers import Closed, Content, contents
from registry.pickles.names import Verdict
from registry.pickles.reading import Reading, read
from registry.pickles.values import Doubt, Global

DOUBTS: dict[str, tuple[Severity, str]] = {
    "hidden_name": ("high", "A name that loading would import is put together while loading"),
    "hidden_call": ("high", "Loading would call something that is made while loading"),
    "hidden_partial": ("critical", "functools.partial would wrap something that is made while loading"),
    "forged_dtype": ("critical", "A NumPy type of objects pretends to hold none, which gives out raw memory"),
    "extension_code": ("high", "The pickle names something by a number from copyreg's registry"),
    "persistent_id": ("high", "The pickle leaves to the program that loads it what an object is"),
}
OTHERWISE = "save it as skops, safetensors or ONNX"


@check("model", "dataset", "asset", since=date(2025, 11, 1), timeout=120, memory=1024 * MIB)
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    told: set[str] = set()
    for issue in issues(file):
        if issue.name not in told:
            told.add(issue.name)
            yield issue


def issues(file: BinaryIO) -> Iterator[Issue]:
    """Everything found, the same name perhaps more than once."""
    for content in contents(file):
        if isinstance(content, Closed):
            where = content.path or "The file"
            yield Issue(
                "high", f"{where} {content.because}: unpack it, or {OTHERWISE}.", "unreadable", content.path
            )
        else:
            yield from in_content(content, read(content.open, content.start))


def in_content(content: Content, reading: Reading) -> Iterator[Issue]:
    """What one run of bytes would do. Bytes that only begin like a pickle count when something is called."""
    for found in reading.sure.names.values():
        yield from of_name(content, found)
    for found in reading.maybe.names.values():
        if found.called or names.judge(*found.key).kind == "dangerous":
            yield from of_name(content, found)
    for doubt in reading.sure.doubts.values():
        yield of_doubt(content, doubt)
    for doubt in reading.maybe.doubts.values():
        if doubt.called:
            yield of_doubt(content, doubt)
    if reading.error:
        text = f"The pickle {reading.error[:-1]}: what it does cannot be told; save it again."
        yield Issue("high", text, "unreadable", place(content, reading.offset))
    elif reading.left is not None and reading.evident:
        text = "Behind the end of the pickle are bytes that no unpickler reads: save it again without them."
        yield Issue("low", text, "trailing_bytes", place(content, reading.left))


def of_name(content: Content, found: Global) -> Iterator[Issue]:
    verdict = names.judge(*found.key)
    where = place(content, found.offset)
    if verdict.kind != "known":
        yield from_verdict(verdict, where)
    elif found.changed:
        text = f"Loading would change {verdict.name} itself, for the whole program: {OTHERWISE}."
        yield Issue("high", text, f"changed:{verdict.name}", where)


def from_verdict(verdict: Verdict, where: str) -> Issue:
    if verdict.kind == "dangerous":
        text = f"Loading would use {verdict.name}, which {verdict.what}: do not load it, ask who made it."
        return Issue("critical", text, verdict.name, where)
    text = (
        f"Loading would import {verdict.name}, which is not known to be safe: a steward who is not the "
        f"author may accept exactly this name, or {OTHERWISE}."
    )
    return Issue("high", text, verdict.name, where)


def of_doubt(content: Content, doubt: Doubt) -> Issue:
    severity, text = DOUBTS[doubt.kind]
    return Issue(severity, f"{text}: {OTHERWISE}.", doubt.kind, place(content, doubt.offset))


def place(content: Content, offset: int) -> str:
    """Where in the file, or in which file inside it."""
    return f"{content.path[-150:]}, byte {offset:,}" if content.path else f"byte {offset:,}"
