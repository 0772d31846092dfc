"""Previews of files: asked of the sandbox when somebody looks, kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from governance.errors import Unavailable
from registry import previews, sandbox, storage
from registry.models import Blob, File
from registry.previews import Part

AT_ONCE = BoundedSemaphore(2)
PATIENCE = 10  # seconds
BUSY = "Other files are being looked at: try again in a moment."

previews.load()


def made(file: File) -> list[Part]:
    """Its parts. What cannot be read is a sentence among them; `Unavailable` when waiting helps."""
    return made_of(file.blob, file.path)


def made_of(blob: Blob, path: str) -> list[Part]:
    """The same of bytes that lie at no version."""
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
        return [previews.said(f"There is no preview: looking at this file {why}")]
    parts = (report.fact or {}).get("parts")
    return [part for part in parts if fits(part)] if isinstance(parts, list) else []


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
