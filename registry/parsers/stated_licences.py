"""Which licence a file says that it has: GGUF in `general.license`, a card in its front matter.

Only what stands in the first bytes counts, where both are written. Sources: ggml, docs/gguf.md; Hugging Face,
"Model Cards" (`license`, `license_name`).
"""

from __future__ import annotations

import io
import re
import struct

from registry.formats import Ends
from registry.parsers import Malformed, gguf

LONGEST = 120
GENERAL = 64  # so many keys are read before those of the tokenizer
CARDS = frozenset({"md", "markdown"})
MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
LINE = re.compile(rb"^(license(?:_name)?):[ \t]*[\"']?([^\"'\r\n#\[\]{}]+)", re.MULTILINE)
# Several, as cards of datasets have them: all of them hold.
LISTED = re.compile(rb"^license:[ \t]*(?:\[([^\]\r\n]*)\]|((?:\r?\n[ \t]*-[ \t]+[^\r\n]*)+))", re.MULTILINE)
NAMES = re.compile(rb"[A-Za-z0-9][\w.+-]*")
REMARK = re.compile(rb"[ \t]#[^\r\n]*")
OTHER = frozenset({"other", "unknown"})


def stated(found: Ends, format: str) -> str:
    """As it is written there; empty when nothing is said."""
    if format == "gguf":
        return of_gguf(found)
    return of_card(found.head) if found.extension in CARDS else ""


def of_card(head: bytes) -> str:
    matter = MATTER.match(head)
    if matter and (listed := LISTED.search(matter[1])):
        names = NAMES.findall(REMARK.sub(b"", listed[1] or listed[2] or b""))
        return b" AND ".join(names).decode()[:LONGEST]
    lines = LINE.findall(matter[1]) if matter else []
    said: dict[str, str] = {
        key.decode(): value.decode("utf-8", "replace").strip() for key, value in reversed(lines)
    }
    name = said.get("license", "")
    return (said.get("license_name", name) if name.lower() in OTHER else name)[:LONGEST]


def of_gguf(found: Ends) -> str:
    """What is wrong with the file is told by the check that reads it whole."""
    held = gguf.Contents()
    order = "<" if int.from_bytes(found.head[4:8], "little") < 1 << 16 else ">"
    reader = gguf.Reader(io.BytesIO(found.head), len(found.head), order)
    try:
        reader.skip(16)
        keys = reader.number("<Q")
        for _ in range(min(keys, GENERAL)):
            key = reader.text(gguf.LONGEST_KEY)
            gguf.one(reader, reader.number("<I"), key, held)
    except (Malformed, struct.error):
        pass
    name = held.texts.get("general.license", "").strip()
    return (held.texts.get("general.license.name", name) if name.lower() in OTHER else name)[:LONGEST]
