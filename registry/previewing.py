"""Previews of files: asked of the sandbox when somebody looks. The newest stay a few minutes in the memory of
this process, for who looks again; nothing is stored.
"""

from __future__ import annotations

import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile
from threading import BoundedSemaphore, Lock
from typing import Any

from governance.errors import Unavailable
from registry import previews, sandbox, storage
from registry.checks import MIB
from registry.models import Blob, File
from registry.previews import Part

AT_ONCE = BoundedSemaphore(2)
PATIENCE = 10  # seconds
MOST_KEPT, LONGEST_KEPT = 4 * MIB, 600  # characters of JSON, seconds
BUSY = "Other files are being looked at: try again in a moment."

previews.load()


@dataclass
class Kept:
    """What was made, until newer ones need its place or its minutes are over. A blob's bytes never change."""

    made: OrderedDict[tuple[str, str], tuple[float, str]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def find(self, key: tuple[str, str]) -> list[Part] | None:
        with self.lock:
            self._forget()
            _, text = self.made.get(key, (0.0, ""))
        parts: list[Part] | None = json.loads(text) if text else None
        return parts

    def keep(self, key: tuple[str, str], parts: list[Part]) -> None:
        text = json.dumps(parts)
        with self.lock:
            self.made.pop(key, None)
            self.made[key] = time.monotonic(), text
            while sum(len(text) for _, text in self.made.values()) > MOST_KEPT:
                self.made.popitem(last=False)

    def _forget(self) -> None:
        """Those whose minutes are over: the oldest come first."""
        begin = time.monotonic() - LONGEST_KEPT
        for key in [*takewhile(lambda key: self.made[key][0] < begin, self.made)]:
            del self.made[key]


KEPT = Kept()


def made(file: File) -> list[Part]:
    """Its parts. What cannot be read is a sentence among them; `Unavailable` when waiting helps."""
    return made_of(file.blob, file.path)


def made_of(blob: Blob, path: str) -> list[Part]:
    """The same of bytes that lie at no version."""
    key = blob.name, path
    parts = KEPT.find(key)
    if parts is None:
        parts, lasts = looked(blob, path)
        if lasts:
            KEPT.keep(key, parts)
    return parts


def looked(blob: Blob, path: str) -> tuple[list[Part], bool]:
    """What the sandbox makes of it now, and whether it would be the same again."""
    sealed, data_key = storage.sealed(blob)
    with sealed:
        if not AT_ONCE.acquire(timeout=PATIENCE):
            raise Unavailable(BUSY)
        try:
            name = previews.of(path)
            [report] = sandbox.run(sealed, data_key, blob.name, path, [name])
        finally:
            AT_ONCE.release()
    if report.outcome != "done":
        why = report.error.removeprefix(f"{name} ")
        return [previews.said(f"There is no preview: looking at this file {why}")], False
    parts = (report.fact or {}).get("parts")
    return [part for part in parts if fits(part)] if isinstance(parts, list) else [], True


# ------------------------------------------------------------------ the child's words are looked at


def fits(part: Any) -> bool:
    """Whether a part is what `previews` says that it is, with nothing beside it."""
    fields = FIELDS.get(part.get("kind")) if isinstance(part, dict) else None
    return (
        fields is not None
        and part.keys() == {"kind", *fields}
        and all(fit(part[name]) for name, fit in fields.items())
    )


def text(value: Any) -> bool:
    return isinstance(value, str)


def texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(text, value))


def rows(value: Any) -> bool:
    return isinstance(value, list) and all(map(texts, value))


def pairs(value: Any) -> bool:
    return rows(value) and all(len(row) == 2 for row in value)


def count(value: Any) -> bool:
    return type(value) is int and value >= 0


def encoded(value: Any) -> bool:
    return texts(value) and all(BASE64.fullmatch(piece) for piece in value)


BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
FIELDS: dict[Any, dict[str, Callable[[Any], bool]]] = {
    "said": {"text": text},
    "values": {"rows": pairs},
    "table": {"head": texts, "rows": rows, "said": text},
    "lines": {"lines": texts, "label": text, "first": count},
    "prose": {"lines": texts},
    "picture": {"type": "image/webp".__eq__, "data": encoded, "width": count, "height": count},
}
