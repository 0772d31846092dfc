"""Keys, tokens and passwords in what was pushed: a mask is shown, the secret never.

Looks at texts, notebooks and settings, in archives too. Examples of documentation are passed over: words that
stand for a secret, and letters that nobody drew at random.
"""

from __future__ import annotations

import base64
import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from registry.checks import MIB, Issue, check
from registry.formats.names import TEXT
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part
from registry.parsers.secret_forms import FORMS, Form
from registry.parsers.telling import strict

BLOCK, OVERLAP, MOST = 2 * MIB, 8192, 128 * MIB
READ = TEXT | {"notebook", "python", "script", "markdown", "yaml"}
PLACEHOLDER = re.compile(
    rb"example|sample|dummy|fake|placeholder|your|change_?me|redacted|xxxx|0000|12345|abcd|<|\$\{|\{\{|\.\.\.|"
    rb"\*\*\*|password|secret|todo|insert|replace|localhost|process\.env|environ|getenv",
    re.IGNORECASE,
)
SIGNS = [(sign, form) for form in FORMS for sign in form.signs]
VALUE = re.compile(rb"[:=]\s*")
# Bits a letter: what is made at random has more, words have less. What is short cannot have as many.
LEAST_ENTROPY, LEAST_IN_ADDRESS, LEAST_IN_SHORT = 3.2, 2.2, 2.5
SHORT = 12
CURE = "withdraw it where it was made, then push a version without it."


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=120, memory=512 * MIB)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.format in READ or (part.format == "unknown" and part.base.startswith(".env")):
        yield from strict(part, "text", in_text)


def in_text(part: Part) -> Iterator[Issue]:
    """Each kind once, where it is first; read by blocks that overlap."""
    part.file.seek(0)
    told: set[str] = set()
    rest, line, seen = b"", 1, 0
    while (block := part.file.read(BLOCK)) and seen < MOST:
        data = rest + block
        for form, found in in_block(data):
            if form.name not in told:
                told.add(form.name)
                number = line + data.count(b"\n", 0, found.start())
                text = f"It holds {form.what} ({masked(found[0])}): {CURE}"
                yield Issue(form.severity, text, form.name, f"{part.path} line {number}".strip())
        seen += len(block)
        rest = data[-OVERLAP:]
        line += data.count(b"\n", 0, len(data) - len(rest))


def in_block(data: bytes) -> Iterator[tuple[Form, re.Match[bytes]]]:
    """Of each form the first that is no example, and is not told already as what it is by its letters."""
    plain = data.lower()
    told: list[re.Match[bytes]] = []
    for form in dict.fromkeys([form for sign, form in SIGNS if sign in plain]):
        for found in form.found(data, plain):
            if (form.sure or not is_example(found)) and not any(meet(found, one) for one in told):
                told.append(found)
                yield form, found
                break


def meet(one: re.Match[bytes], other: re.Match[bytes]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def is_example(found: re.Match[bytes]) -> bool:
    """Words that stand for a secret, and letters that nobody drew at random."""
    raw, groups = found[0], found.groupdict()
    if "login" in groups:  # Docker keeps a name and a password in base64. Source: docker/cli, config/types
        name, colon, raw = decoded(groups["login"]).partition(b":")
        return not (name and colon and raw.isascii()) or bool(PLACEHOLDER.search(raw)) or is_word(raw)
    if "secret" in groups:
        return bool(PLACEHOLDER.search(groups["secret"])) or is_word(groups["secret"])
    in_address = b"://" in raw and b"@" in raw
    value = raw.rpartition(b"@")[0].rpartition(b":")[2] if in_address else VALUE.split(raw, maxsplit=1)[-1]
    value = value.strip(b"\\\"'` \t")
    return bool(PLACEHOLDER.search(value)) or is_plain(
        value, LEAST_IN_ADDRESS if in_address else LEAST_ENTROPY
    )


def decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def is_word(value: bytes) -> bool:
    """People choose passwords themselves: a word alone may as well be an example."""
    return is_plain(value, LEAST_IN_ADDRESS) or value.isalpha()


def is_plain(value: bytes, least: float) -> bool:
    """A word rather than something drawn. A short one has to mix letters and digits to be none."""
    if len(value) >= SHORT or least < LEAST_IN_SHORT:
        return entropy(value) < least
    return value.isalpha() or value.isdigit() or entropy(value) < LEAST_IN_SHORT


def entropy(value: bytes) -> float:
    """Bits a letter, by how often each one is there (Shannon)."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts) if value else 0.0


def masked(raw: bytes) -> str:
    """What kind it is, and nothing of what is secret in it."""
    text = raw.decode("latin-1")
    known = re.match(r"-----BEGIN [A-Z ]+-----|AKIA|ASIA|AIza|[a-z]{2,10}_(?:pat_|live_)?|[a-z]+-|eyJ", text)
    return f"{known[0] if known else ''}…, {len(raw)} letters"
