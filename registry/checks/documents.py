"""Documents that act when they are opened: PDF with scripts or programs, Office files with macros.

Sources: ISO 32000-1 (12.6, actions), MITRE ATT&CK T1204.002, ECMA-376.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import MIB, Issue, check
from registry.parsers.inside import Part, parts
from registry.parsers.telling import strict

BLOCK, MOST = 4 * MIB, 64 * MIB
# Names in PDF may be written with escapes: /J#61vaScript.
ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
ACTS = re.compile(
    rb"/(?:Launch|JavaScript|EmbeddedFile|RichMedia|SubmitForm|ImportData)\b|/JS\s*[(<]|/GoToE\b"
)
MACROS = re.compile(r"(?:^|/)(?:vbaProject\.bin|macrosheets/|activeX/|oleObject\d+\.bin)", re.IGNORECASE)


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=60)
def run(file: BinaryIO) -> Iterator[Issue]:
    for part in parts(file):
        if part.format == "pdf":
            yield from strict(part, "PDF", in_pdf)
        elif part.path and MACROS.search(part.name):
            said = "It holds a macro or an embedded program"
            yield Issue("high", f"{said}: save it without, or as PDF.", "macro", part.path)


def in_pdf(part: Part) -> Iterator[Issue]:
    """By the names of actions; what lies in packed objects stays unseen, as in any reader's quick look."""
    part.file.seek(0)
    rest, seen = b"", 0
    while (block := part.file.read(BLOCK)) and seen < MOST:
        data = ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), rest + block)
        if found := ACTS.search(data):
            said = f"It acts when it is opened ({found[0][:20].decode('latin-1').strip(' (<')})"
            yield Issue("high", f"{said}: print it to PDF anew.", "acts", part.path)
            return
        rest, seen = block[-64:], seen + len(block)
