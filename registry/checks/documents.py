"""Documents that act when they are opened: PDF with scripts or programs, Office files with macros, links that
fetch, fields that run programs.

Sources: ISO 32000-1 (12.6, actions; 7.5.7, object streams), MITRE ATT&CK T1204.002, T1221 (template
injection) and T1559.002 (DDE), ECMA-376, the Rich Text Format specification.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import date

from registry.checks import MIB, Issue, check
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part
from registry.parsers.telling import strict

BLOCK, MOST = 4 * MIB, 64 * MIB
MOST_UNPACKED = 4 * MIB
MOST_STREAMS = 2000
# Names in PDF may be written with escapes: /J#61vaScript.
ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
ACTS = re.compile(
    rb"/(?:Launch|JavaScript|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|XFA)\b|/JS\s*[(<]|/GoToE\b|/EF\s*<<|"
    rb"/URI\s*\(\s*(?:javascript|file|vbscript|ms-\w+):|/GoToR\b[^>]{0,200}/F\s*\(\s*(?:\\\\|//|file:|https?:)|"
    rb"/FontMatrix\s*\[[^\]]{0,200}\("
)
LOCKED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<")
STREAM = re.compile(rb"/ObjStm\b[^\0]{0,400}?stream\r?\n")
HEX = re.compile(rb"ASCIIHexDecode|/AHx\b")
MACROS = re.compile(
    r"(?:^|/)(?:vbaProject\.bin|macrosheets/|activeX/|oleObject\d+\.bin|ddeLinks?/|Basic/.+\.(?:xml|xba)$|Scripts/.+)|"
    r"embeddings/[^/]+\.(?:exe|dll|scr|bat|cmd|js|vbs|ps1|hta|lnk|msi|jar)$",
    re.IGNORECASE,
)
OFFICE = re.compile(r"(?:^|/)(?:word|xl|ppt|visio)/|(?:^|/)(?:content|styles)\.xml$")
# In the parts of Office and OpenDocument files.
RUNS = re.compile(
    rb"\bDDE(?:AUTO)?\b[^<]{0,20}(?:\(|[a-zA-Z]:\\|\w+\.exe|\"|&quot;|cmd)|<(?:\w+:)?ddeLink\b|ddeService=|<f>[^<]{0,80}\|[^<]{0,200}!|"
    rb"ppaction://(?:program|macro)|vnd\.sun\.star\.script:|script:event-listener|"
    rb"Target\s*=\s*\"(?:mhtml:|ms-\w+:|file:|\\\\\\\\|[^\"]{0,300}\.(?:dotm?|dotx|hta|sct|exe)\b)|"
    rb"relationships/(?:attachedTemplate|oleObject|frame|subDocument)\"[^>]{0,400}TargetMode\s*=\s*\"External\"|"
    rb"TargetMode\s*=\s*\"External\"[^>]{0,400}relationships/(?:attachedTemplate|oleObject|frame)\"|"
    rb"<f>[^<]{0,40}\b(?:WEBSERVICE|FILTERXML|CALL|EXEC|REGISTER)\(|of:=[^\"]{0,40}(?:DDE|WEBSERVICE)\("
)
RICH = rb"{\rt"
RICH_ACTS = re.compile(
    rb"\\objdata|\\objupdate|\\objautlink|\\objemb|\\object\b|DDEAUTO|\\\*\\template\s+http|\\fldinst[^}]{0,80}INCLUDE"
)


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=60)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.format == "pdf" or b"%PDF-" in part.ends.head[:1024]:
        yield from strict(part, "PDF", in_pdf)
    elif part.path and MACROS.search(part.name):
        said = "It holds a macro or an embedded program"
        yield Issue("high", f"{said}: save it without, or as PDF.", "macro", part.path)
    elif part.path and OFFICE.search(part.name):
        yield from strict(part, "Office", in_office)
    elif part.ends.head.lstrip()[: len(RICH)] == RICH and RICH_ACTS.search(part.ends.head):
        said = "It holds an object or a field that acts when it is opened"
        yield Issue("high", f"{said}: save it as PDF.", "macro", part.path)


def in_office(part: Part) -> Iterator[Issue]:
    for data in blocks(part):
        if found := RUNS.search(data):
            said = f"It fetches or runs something when it is opened ({found[0][:30].decode('latin-1')})"
            yield Issue("high", f"{said}: save it without, or as PDF.", "runs", part.path)
            return


def blocks(part: Part) -> Iterator[bytes]:
    """The bytes one stretch after the other, each with the end of the one before."""
    part.file.seek(0)
    rest, seen = b"", 0
    while (block := part.file.read(BLOCK)) and seen < MOST:
        yield rest + block
        rest, seen = block[-500:], seen + len(block)


def in_pdf(part: Part) -> Iterator[Issue]:
    """By the names of actions, in packed objects too."""
    for data in blocks(part):
        plain = ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)
        if found := ACTS.search(plain) or in_streams(data):
            said = f"It acts when it is opened ({found[0][:20].decode('latin-1').strip(' (<')})"
            yield Issue("high", f"{said}: print it to PDF anew.", "acts", part.path)
            return
        if LOCKED.search(data):
            said = "It is encrypted, so that nobody can check it"
            yield Issue("high", f"{said}: save it without a password.", "encrypted", part.path)
            return


def in_streams(data: bytes) -> re.Match[bytes] | None:
    """Objects may lie packed in a stream of objects."""
    for number, stream in enumerate(STREAM.finditer(data)):
        if number > MOST_STREAMS:
            return None
        packed = data[stream.end() : stream.end() + MIB]
        if HEX.search(stream[0]):
            packed = unhexed(packed)
        if found := ACTS.search(unpacked(packed)):
            return found
    return None


def unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MOST_UNPACKED)
    except zlib.error:
        return packed[:1000]


def unhexed(text: bytes) -> bytes:
    digits = re.sub(rb"\s", b"", text.partition(b">")[0])
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return b""
