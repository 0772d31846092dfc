"""Texts: whether bytes are one, and which kind."""

from __future__ import annotations

import codecs
import json
import re

CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
HIGH = re.compile(rb"[\x80-\x9f]")
for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"):
    codecs.lookup(encoding)  # imported now: behind the walls nothing can be

JSON_VALUE = re.compile(r'[\[{]\s*(["\[{\]}]|-?\d|true|false|null|$)')
NOTEBOOK = re.compile(r'"nbformat"\s*:\s*\d')
SEPARATORS = {",": "csv", "\t": "tsv", ";": "csv"}
LINES_TO_COMPARE = 5


def kind_of_text(head: bytes, tail: bytes, complete: bool) -> str:
    """A kind of text by its content; `text` for any other, empty for what is none."""
    text = as_text(head, complete)
    if text is None:
        return ""
    if text.startswith("#!"):
        return "script"
    start = text.lstrip()
    if start[:1] in {"{", "["} and (kind := kind_of_json(start, tail, complete)):
        return kind
    if re.match(r"<(!doctype html|html)\b", start, re.IGNORECASE):
        return "html"
    if re.match(r"<(\?xml|!--|[a-zA-Z][\w:.-]*[\s/>])", start):
        return "xml"
    return kind_of_table(text) or "text"


def as_text(head: bytes, complete: bool) -> str | None:
    """In UTF-8, UTF-16 by its mark, or else in a one-byte code without control characters."""
    if wide := wide_encoding(head):
        text = codecs.getincrementaldecoder(wide)("replace").decode(head)
        return None if "\0" in text or text.count("\ufffd") > len(text) // 100 else text
    if CONTROLS.search(head):
        return None
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head, final=complete)
    except UnicodeDecodeError:
        return head.decode("latin-1") if len(HIGH.findall(head)) <= len(head) // 20 else None


def wide_encoding(head: bytes) -> str:
    """UTF-32 or UTF-16, when a mark says so; the mark of the one begins like that of the other."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""


def kind_of_json(start: str, tail: bytes, complete: bool) -> str:
    """Parsed when it is all there; by its beginning when there is more."""
    if complete:
        try:
            value = json.loads(start)
        except (ValueError, RecursionError):
            return "jsonl" if each_line_is_json(start.splitlines()) else ""
        return "notebook" if isinstance(value, dict) and "nbformat" in value and "cells" in value else "json"
    lines = start.splitlines()[:-1]
    if len(lines) > 1 and each_line_is_json(lines[:LINES_TO_COMPARE]):
        return "jsonl"
    if not JSON_VALUE.match(start):
        return ""
    notebook = '"cells"' in start and NOTEBOOK.search(tail.decode("latin-1"))
    return "notebook" if notebook else "json"


def each_line_is_json(lines: list[str]) -> bool:
    try:
        return all(isinstance(json.loads(line), dict | list) for line in lines if line.strip())
    except (ValueError, RecursionError):
        return False


def kind_of_table(text: str) -> str:
    """The first lines have the same number of separators, and some."""
    lines = [line for line in text.splitlines() if line][:LINES_TO_COMPARE]
    for separator, kind in SEPARATORS.items():
        counts = {line.count(separator) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return kind
    return ""
