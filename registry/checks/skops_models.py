"""skops files: every type that their schema names is known, and made by the loader that belongs to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from registry.checks import MIB, Issue, check
from registry.formats.names import TEXT
from registry.parsers import skops
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part, whole
from registry.parsers.telling import strict
from registry.pickles import names

LARGEST = 64 * MIB


@check(
    *("model", "dataset", "asset"),
    since=date(2026, 11, 27),
    timeout=60,
    memory=512 * MIB,
    list_version=names.VERSION,
)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.base == "schema.json" or (part.format in TEXT and b'"__loader__"' in part.ends.head):
        yield from strict(part, "skops", in_schema)


def in_schema(part: Part) -> Iterator[Issue]:
    raw = whole(part, LARGEST)
    text = raw.decode(json.detect_encoding(raw), "replace")  # as its loader reads it
    if '"__loader__"' in text or '"__module__"' in text:
        yield from skops.judge(text, part.path)
