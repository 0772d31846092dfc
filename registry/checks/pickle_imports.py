"""What loading a pickle would import and call: nothing that is not known to be safe.

Finds pickles by their bytes, whatever the file is called: plain, joblib, compressed, in archives, behind
the header of an npy file, in constant bytes that a pickle would load, hidden in the middle of other bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import MIB, Fact, Issue, Severity, check
from registry.pickles import names, scripts
from registry.pickles.containers import SCRIPT, Closed, Content, Inside, constant, contents, is_leaf
from registry.pickles.hidden import hidden
from registry.pickles.names import Verdict
from registry.pickles.opcodes import Budget, Unreadable
from registry.pickles.reading import Reading, read
from registry.pickles.unpacking import BROKEN
from registry.pickles.values import ON_CONDITION, Doubt, Global

DOUBTS: dict[str, tuple[Severity, str]] = {
    "hidden_name": ("high", "A name that loading would import is put together while loading"),
    "hidden_call": ("high", "Loading would call something that is made while loading"),
    "hidden_partial": ("critical", "functools.partial would wrap something that is made while loading"),
    "forged_dtype": ("critical", "A NumPy type of objects pretends to hold none, which gives out raw memory"),
    "forged_class": (
        "critical",
        "A compiled class would be filled as if it were another one, which may write beyond its memory",
    ),
    "extension_code": ("high", "The pickle names something by a number from copyreg's registry"),
    "persistent_id": ("high", "The pickle leaves to the program that loads it what an object is"),
    "allocation": ("high", "Loading would ask for more memory or time than anything in it needs"),
    "nested": (
        "high",
        "It holds tuples in tuples that double each time, which nothing can compare to its end",
    ),
    "evaluated": ("high", "A class would run a text from its state when it is loaded"),
    "encoding": ("high", "Loading would use an encoding that no library writes, which imports its module"),
}
PICKLESCAN = "picklescan"
ELSEWHERE = " (picklescan knows it as dangerous, too)"
OTHERWISE = "save it as skops, safetensors or ONNX"
MOST_CONSTANTS = 10_000
NAME = re.compile(r"[^\W\d][\w.-]*")  # raw numbers that begin like a pickle name something else


@check(
    *("model", "dataset", "asset"),
    since=date(2025, 11, 1),
    timeout=120,
    memory=1024 * MIB,
    list_version=names.VERSION,
    libraries=("pyarrow",),
)
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    told: set[str] = set()
    for issue in issues(file):
        if issue.name not in told:
            told.add(issue.name)
            yield issue


def issues(file: BinaryIO) -> Iterator[Issue]:
    """Everything found, the same name perhaps more than once."""
    budget = Budget(file.seek(0, 2))
    yield from of_all(contents(file, budget), budget)
    if budget.spent:
        text = f"Looking into it to its end would cost too much: what it does cannot be told; {OTHERWISE}."
        yield Issue("high", text, "costly")


def of_all(inside: Inside, budget: Budget) -> Iterator[Issue]:
    for content in inside:
        if isinstance(content, Closed):
            where = content.path or "The file"
            yield Issue(
                "high", f"{where} {content.because}: unpack it, or {OTHERWISE}.", "unreadable", content.path
            )
        else:
            yield from in_content(content, budget)
        if budget.spent:
            return


def in_content(content: Content, budget: Budget) -> Iterator[Issue]:
    """One run of bytes, the constants in it that a loader would load, and what hides in it."""
    reading = read(content.open, content.start, budget=budget, expected=content.expected)
    leaf = is_leaf(content)
    yield from of_reading(content, reading) if leaf or reading.first else of_danger(content, reading)
    if reading.ended == 0 and not reading.error and content.must and leaf:
        text = f"By its name it is a pickle, but it cannot be read as one: save it again, or {OTHERWISE}."
        yield Issue("high", text, "unreadable", place(content, content.start))
    for span in sorted(reading.loaded, key=lambda span: span.offset)[:MOST_CONSTANTS]:
        yield from of_all(constant(content, span, budget), budget)
    if content.script and SCRIPT.search(content.path):
        yield from of_script(content)
    named_at = reading.sure.named_at
    inside = not leaf or (reading.ended > 0 and not reading.error)
    for offset, found in hidden(content, budget, inside=inside, leaf=leaf, named_at=named_at):
        yield from of_name(content, found, offset)


def of_script(content: Content) -> Iterator[Issue]:
    try:
        found = list(scripts.reaches(content.open()))
    except (Unreadable, *BROKEN):
        found = ["code that cannot be unpacked"]
    for name in found:
        text = (
            f"The TorchScript code uses {name}, which is no arithmetic: ask its author why, or {OTHERWISE}."
        )
        yield Issue("high", text, f"script:{name}", content.path)


def of_reading(content: Content, reading: Reading) -> Iterator[Issue]:
    """What one run of bytes would do. Bytes that only begin like a pickle count when something is called."""
    for found in reading.sure.names.values():
        if reading.first or likely_name(found):
            yield from of_name(content, found)
    likely = [found for found in reading.maybe.names.values() if likely_name(found)]
    for found in likely:
        if found.called or names.judge(*found.key).kind == "dangerous":
            yield from of_name(content, found)
    for doubt in reading.sure.doubts.values():
        yield of_doubt(content, doubt)
    for doubt in reading.maybe.doubts.values():
        if (doubt.called and likely) or (content.named and (doubt.called or reading.ended)):
            yield of_doubt(content, doubt)
    if reading.error:
        text = f"The pickle {reading.error[:-1]}: what it does cannot be told; save it again."
        yield Issue("high", text, "unreadable", place(content, reading.offset))
    elif reading.left is not None and reading.evident:
        text = "Behind the end of the pickle are bytes that no unpickler reads: save it again without them."
        yield Issue("low", text, "trailing_bytes", place(content, reading.left))


def of_danger(content: Content, reading: Reading) -> Iterator[Issue]:
    """What is something else, and begins like no pickle: `PK` reads as an operation too."""
    for found in (*reading.sure.names.values(), *reading.maybe.names.values()):
        if names.judge(*found.key).kind == "dangerous":
            yield from of_name(content, found)


def likely_name(found: Global) -> bool:
    return bool(NAME.fullmatch(f"{found.module.strip()}.{found.name.strip()}"))


def of_name(content: Content, found: Global, base: int = 0) -> Iterator[Issue]:
    verdict = names.judge(*found.key)
    where = place(content, base + found.offset)
    if content.script and found.module.partition(".")[0] == "__torch__":
        return  # a class of the archive's own, whose code is looked at
    excusable = found.key in ON_CONDITION or (found.bound and not found.called)
    if excusable and found.excused == found.uses:
        return
    if verdict.kind != "known":
        yield from_verdict(verdict, where)
    elif verdict.bare and found.fed:
        text = f"Loading would make a {verdict.name} with arguments, which may name a file: {OTHERWISE}."
        yield Issue("high", text, f"with_arguments:{verdict.name}", where)
    elif verdict.value and found.called:
        text = (
            f"Loading would call {verdict.name}, which is saved as a value and never as a call: {OTHERWISE}."
        )
        yield Issue("high", text, f"called:{verdict.name}", where)
    elif found.changed:
        text = f"Loading would change {verdict.name} itself, for the whole program: {OTHERWISE}."
        yield Issue("high", text, f"changed:{verdict.name}", where)


def from_verdict(verdict: Verdict, where: str) -> Issue:
    also = ELSEWHERE if verdict.elsewhere else ""
    if verdict.kind == "dangerous":
        text = (
            f"Loading would use {verdict.name}, which {verdict.what}{also}: do not load it, ask who made it."
        )
        return Issue("critical", text, verdict.name, where)
    text = (
        f"Loading would import {verdict.name}, which is not known to be safe{also}: a steward who is not the "
        f"author may accept exactly this name, or {OTHERWISE}."
    )
    return Issue("high", text, verdict.name, where)


def of_doubt(content: Content, doubt: Doubt) -> Issue:
    severity, text = DOUBTS[doubt.kind]
    return Issue(severity, f"{text}: {OTHERWISE}.", doubt.kind, place(content, doubt.offset))


def place(content: Content, offset: int) -> str:
    """Where in the file, or in which file inside it."""
    return f"{content.path[-150:]}, byte {offset:,}" if content.path else f"byte {offset:,}"
