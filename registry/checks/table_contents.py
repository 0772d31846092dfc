"""Tables that act when they are opened: formulas in text, Python objects in the schema of Arrow and Parquet.

Sources: OWASP "CSV Injection", CVE-2023-47248 (PyArrow runs pickles of `arrow.py_extension_type`).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import date

from registry.checks import MIB, Issue, check
from registry.formats.names import TEXT
from registry.parsers import arrow, words
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part
from registry.parsers.telling import strict

TABLES = frozenset({"csv", "tsv", "tab", "psv"})
LIKE_TABLES = frozenset({"", "txt", "dat", "prn", "data", "asc", "psv", "log"})
ARROWS = frozenset({"parquet", "arrow", "arrows", "feather"})
LARGEST = 256 * MIB
BLOCK = 4 * MIB
# Signs without width before a formula, and letters that spreadsheets take for its first sign.
UNSEEN = (*(b"\xe2\x80" + bytes([last]) for last in range(0x8B, 0x90)), b"\xef\xbb\xbf", b"\xc2\xa0")
WIDE = ((b"\xef\xbc\x9d", b"="), (b"\xef\xbc\x8b", b"+"), (b"\xef\xbc\x8d", b"-"), (b"\xef\xbc\xa0", b"@"))
# A cell that begins a formula and calls something; a minus and a number is a number.
CALLS = re.compile(
    rb"(?:^|[,;\t|\"'\r\n])[\s\"']{0,8}[=+@-][^,;\t\n\"|]{0,80}\|\s{0,4}['\"][^\n'\"]{0,300}['\"]{1,2}\s{0,4}!|"
    rb"(?:^|[,;\t|\"'\r\n])[\s\"']{0,8}=[^,;\t\n|]{0,80},\s{0,4}"
    rb"\w[\w.]{0,40}\|\s{0,4}['\"][^\n'\"]{0,300}['\"]{1,2}\s{0,4}!|"
    rb"(?:^|[,;\t|\"'\r\n])[\s\"']{0,8}[=+@-](?:[\w.]{1,40}\(){0,3}\s{0,4}(?:_xlfn\.)?(?:WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTHTML|"
    rb"IMPORTFEED|IMPORTRANGE|RTD|FORMULA|HYPERLINK)\s{0,4}\(|"
    rb"(?:^|[,;\t|\"'\r\n])[\s\"']{0,8}[=+@-][-+@=\s]{0,8}(?:cmd|powershell|mshta|rundll32|DDE|DDEAUTO|msexcel)\b\s{0,8}[|('\"]|"
    rb"[=+@-][^,;\t\n]{0,80}\b(?:cmd|powershell|mshta)\s{0,4}\|\s{0,4}['\"]|"
    rb"[=+@-]\s{0,8}(?:WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTHTML|IMPORTFEED|IMPORTRANGE|IMAGE|FILTERXML|CALL|EXEC|REGISTER"
    rb"|SHELL)\s{0,8}\(",
    re.IGNORECASE,
)
# One of these stands in all that `CALLS` finds: to look for them first is ten times faster.
WORDS = tuple(
    word.encode()
    for word in words(
        """
        cmd powershell mshta rundll32 dde msexcel webservice importxml importdata importhtml importfeed
        importrange rtd formula hyperlink image filterxml call exec register shell
        """
    )
)
PIPED = re.compile(rb"\|\s{0,4}['\"]")
LINKS = re.compile(
    rb"(?:^|[,;\t\"\r\n])[=+@]\s*(?:INDIRECT|CONCATENATE|GOOGLEFINANCE|SUM|IF)\s*\(", re.IGNORECASE
)
PYTHON_TYPE = b"arrow.py_extension_type"
ENCODED = tuple(base64.b64encode(bytes(shift) + PYTHON_TYPE)[4:-4] for shift in range(3))


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=120, memory=512 * MIB)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.format in ARROWS or (part.extension in ARROWS and part.format == "unknown"):
        yield from strict(part, part.format, in_arrow)
    elif is_table(part):
        yield from strict(part, part.format, in_text)


def is_table(part: Part) -> bool:
    if part.format in TABLES or (part.extension in TABLES and part.format in TEXT | {"unknown"}):
        return True
    return part.format == "text" and part.extension in LIKE_TABLES


def plain(block: bytes) -> bytes:
    """As a spreadsheet takes it: without unseen signs, full-width signs as their plain ones."""
    for sign in UNSEEN:
        block = block.replace(sign, b"")
    for wide, sign in WIDE:
        block = block.replace(wide, sign) if wide in block else block
    return block


def may_call(data: bytes) -> bool:
    lower = data.lower()
    return any(word in lower for word in WORDS) or bool(PIPED.search(data))


def in_text(part: Part) -> Iterator[Issue]:
    part.file.seek(0)
    rest, links, seen = b"", False, 0
    wide = part.ends.head.startswith((b"\xff\xfe", b"\xfe\xff"))
    while (block := part.file.read(BLOCK)) and seen < LARGEST:
        seen += len(block)
        block = plain(block.replace(b"\0", b"") if wide else block)
        if may_call(rest + block) and CALLS.search(rest + block):
            yield calling(part.path)
            return
        links = links or bool(LINKS.search(rest + block))
        rest = block[-400:]
    if links:
        said = "A cell holds a formula, which a spreadsheet computes"
        yield Issue("medium", f"{said}: put an apostrophe before it.", "link_formula", part.path)


def calling(place: str) -> Issue:
    said = "A cell holds a formula that runs a program or fetches an address when a spreadsheet opens it"
    return Issue("high", f"{said}: put an apostrophe before it, or leave it out.", "formula", place)


def in_arrow(part: Part) -> Iterator[Issue]:
    """The schema lies at the beginning or the end, in Parquet once more as base64."""
    for data in schemas(part):
        if PYTHON_TYPE in data or any(encoded in data for encoded in ENCODED):
            said = "Its schema holds a pickled Python type, which older PyArrow loads and runs"
            yield Issue("critical", f"{said}: write it again with plain types.", "python_type", part.path)
            return
    try:
        arrow.read(part.file, part.size)
    except arrow.Elsewhere as error:
        yield Issue(
            "critical", f"It {error} Do not read it, and ask who made it.", "column_elsewhere", part.path
        )


def schemas(part: Part) -> Iterator[bytes]:
    """The first and the last stretch, and Parquet's whole footer."""
    part.file.seek(0)
    yield part.file.read(BLOCK)
    tail = part.ends.tail
    length = int.from_bytes(tail[-8:-4], "little") if tail.endswith(b"PAR1") else 0
    size = min(max(BLOCK, length + 8), 64 * MIB, part.size)
    part.file.seek(part.size - size)
    yield part.file.read(size)
