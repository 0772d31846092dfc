"""XML: no entities, no definitions from elsewhere, no scripts. Markup is searched, never parsed.

Sources: CWE-611 and CWE-776 (entities), OWASP XML External Entity Prevention, dmg.org/pmml (needs neither).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.checks import Issue

REFERENCE = re.compile(r"&#([xX][0-9a-fA-F]{1,6}|\d{1,7});?")
ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)
OUTSIDE = re.compile(r"<!(?:DOCTYPE|NOTATION)\b[^<>\[]*\b(?:SYSTEM|PUBLIC)\b([^<>\[]*)", re.IGNORECASE)
# A file beside it, which is looked at itself, a mere name, or where standards lie.
KNOWN_PLACE = re.compile(
    r"\w[\w.-]*\.dtd|urn:[\w.:-]+|https?://(?:www\.)?(?:w3\.org|xml\.cxml\.org|inkscape\.org|openoffice\.org|apple\.com"
    r"|freedesktop\.org|oasis-open\.org|docbook\.org|dtd\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov)/[\w./-]*",
    re.IGNORECASE,
)
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
INCLUDE = re.compile(
    r"<\w*:?include\b[^<>]*\bhref\s*=|<\?xml-stylesheet\b[^<>]*\bhref\s*=\s*['\"](?:https?|file|/)",
    re.IGNORECASE,
)
SCRIPT = re.compile(
    r"<(?:\w+:)?(?:script|handler)\b|(?:javascript|vbscript):|<foreignObject\b[^<>]*>(?:\s*<[^<>]*>){0,9}?\s*<iframe|"
    r"<[^<>]*\s(?:on[a-z]{3,20})\s*=|=\s*['\"]?\s*data:(?:image/svg|text/html|text/xml)|@import\s+(?:url\()?['\"]?https?:",
    re.IGNORECASE,
)
JAVA = re.compile(
    r"\b(?:java\.lang\.(?:Runtime|ProcessBuilder)|javax\.script|xalan|msxsl:script|java:[\w.]+|Runtime\.getRuntime)\b"
    r"|=\s*['\"][^'\"<>]{0,300}\.(?:so|dll|dylib)['\"]|<Extension\b[^<>]*(?:exec|script|code)|\bos\.system\s*\(|\bsubprocess\.\w+\s*\(|\b__import__\s*\(|\beval\s*\(|\bexec\s*\("
)
# With libxslt in PHP, and launchd.plist(5) of macOS.
ACTING = re.compile(
    r"<Exec\b[^<>]*\bCommand\s*=|\bObjectDataProvider\b|clr-namespace:System\.Diagnostics|\bjava\.beans\.(?:XMLDecoder|EventHandler)|"
    r"\bphp:function(?:String)?\s*\(|<key>\s*Program(?:Arguments)?\s*</key>|"
    r"\bfunction\s*=\s*['\"](?:os|subprocess|builtins|java\.lang)\.|=\s*['\"][^'\"<>]{0,300}\bfile:///(?:etc|proc|root|home|c:)",
    re.IGNORECASE,
)
ENCODING = re.compile(
    r"\A\s*<\?xml\b[^<>]*\bencoding\s*=\s*['\"](?!utf-?8|utf-?16|us-ascii|ascii|iso-8859|latin|windows-|cp125|gb|big5|euc|shift|koi8)"
    r"([^'\"]*)",
    re.IGNORECASE,
)
CURE = "write it again without."


def judge(text: str, extension: str, place: str) -> Iterator[Issue]:
    text = resolved(text)
    if found := ENCODING.search(text):
        said = f"It says that it is written in {found[1][:40]}, which hides from readers what it holds"
        yield Issue("high", f"{said}: {CURE}", "encoding", place)
    if ENTITY.search(text) and not harmless_entities(text, extension):
        yield Issue(
            "high", f"It defines entities, by which a reader is led to other files: {CURE}", "entity", place
        )
    for found in OUTSIDE.finditer(text):
        if not is_known_place(found[1]):
            said = "Its definition lies elsewhere, and a reader would fetch it"
            yield Issue("high", f"{said}: {CURE}", "outside_definition", place)
            break
    if INCLUDE.search(text):
        yield Issue("high", f"It includes another file or address: {CURE}", "include", place)
    if SCRIPT.search(text):
        yield Issue("high", f"It holds a script, which runs when it is shown: {CURE}", "script", place)
    if JAVA.search(text) or ACTING.search(text):
        yield Issue("high", f"It names something that runs programs: {CURE}", "code", place)


def is_known_place(identifiers: str) -> bool:
    """The last text in quotes is the address; one before it is a public name that nobody fetches."""
    quoted = [single or double for single, double in QUOTED.findall(identifiers)]
    return bool(quoted) and bool(KNOWN_PLACE.fullmatch(quoted[-1].strip()))


def resolved(text: str) -> str:
    """With references to letters as these letters, where a script could hide behind them."""
    if "&#" not in text:
        return text
    return REFERENCE.sub(lambda found: letter(found[1]), text)


def letter(number: str) -> str:
    code = int(number[1:], 16) if number[:1] in "xX" else int(number)
    return chr(code) if 32 < code < 127 and chr(code) not in "<>&" else ""


def harmless_entities(text: str, extension: str) -> bool:
    """Drawing programs define short names for addresses of their own; nothing is nested or fetched."""
    definitions = re.findall(r"<!ENTITY\s+([^<>]*)>", text[:100_000], re.IGNORECASE)
    plain = all(re.fullmatch(r"\w+\s+['\"]https?://[^&%'\"]*['\"]\s*", held) for held in definitions)
    return extension == "svg" and plain
