"""Bytes written as letters or digits, packed before that or not: what a program turns back and then loads."""

from __future__ import annotations

import base64
import binascii
import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

LONGEST = 256 << 10  # of what is hidden
OFTEN = 3  # packed or written, one within the other
LETTERS = rb"[A-Za-z0-9+/\-_]"
NEXT_LINE = rb"(?:\\n|\r?\n)"
# How the first bytes of a pickle, of gzip, zlib, bzip2, xz, and of a name in protocol 0 look, see the tests.
BASE64 = (
    rb"(?:gA[JNSW]|Z0F[KOSTX]|H4sI|SDRzS|eA[EF]|eF[4-7]|eJ[w-z]|eN[o-r]|Qlpo|/Td6WFo|(?<![A-Za-z0-9+/])(?:Y[w-z0-9+/]|K[A-P]))"
    + LETTERS + rb"{20,2000000}+(?:" + NEXT_LINE + LETTERS + rb"{1,2000000}+|\\/" + LETTERS + rb"*+)*+={0,2}"
)  # fmt: skip
HEX = (
    rb"(?:800[2-5]|1[fF]8[bB]08|78(?:01|5[eE]|9[cC]|[dD][aA])|425[aA]68|[fF][dD]377[aA]58|(?:28)?63[67][0-9a-fA-F])"
    rb"[0-9a-fA-F]{20,2000000}+"
)
ESCAPED = rb"\\{1,2}(?:x|u00)(?:80\\{1,2}(?:x|u00)0[2-5]|1f\\{1,2}(?:x|u00)8[bB])[ -~]{16,1000000}+"
NUMBERS = (
    rb"(?<![\d.])(?:128,\s?[2-5]|31,\s?139|120,\s?(?:1|94|156|218)),(?:\s?\d{1,3},){12,500000}+\s?\d{0,3}"
)
UU = rb"begin [0-7]{3,4} [^\r\n\\]{1,80}" + NEXT_LINE + rb"(?:[ -`]{1,124}" + NEXT_LINE + rb"){1,50000}"
BASE85 = rb"fC[4-9A-Z][0-9A-Za-z!#$%&()*+\-;<=>?@^_`{|}~]{20,300000}+"
ASCII85 = rb"J-[%-E][!-uz]{20,300000}+"
BASE32 = rb"QA[BC][A-Z2-7]{20,400000}+={0,6}"
READABLE = re.compile(rb"[\t\r\n -~]{24,}+")
# Each byte as `a` when it can be read, and as zero when not: a run of the first is quickly found.
KINDS = bytes(97 if byte in b"\t\r\n" or 32 <= byte < 127 else 0 for byte in range(256))
RUN = b"a" * 24
LETTER = re.compile(rb"\\{1,2}(?:x|u00)([0-9a-fA-F]{2})|\\([nrt\\'\"])")
ENDS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
BREAKS = re.compile(rb"\\[nr]|\s")
FIRST = re.compile(
    rb"\x80[\x02-\x05]|\(?[ci][A-Za-z_][\w.]*\r?\n|\(\w|\x1f\x8b|x[\x01\x5e\x9c\xda]|BZh|\xfd7zXZ|[A-Za-z0-9+/]{20}"
)


def written(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Where something is written that may be a pickle, and its bytes."""
    if RUN not in data.translate(KINDS):  # a tenth of what the expression takes over numbers
        return
    for run in READABLE.finditer(data):
        for form, decode in FORMS:
            for text in form.finditer(run[0]):
                with suppress(ValueError):
                    found = decode(text[0])
                    if FIRST.match(found):
                        yield run.start() + text.start(), unpacked(found)


def unpacked(data: bytes, often: int = OFTEN) -> bytes:
    """Out of whatever it is packed into, as far as that can be read."""
    inner = within(data)
    return data if inner is None or not often else unpacked(inner, often - 1)


def within(data: bytes) -> bytes | None:
    with suppress(ValueError, OSError, EOFError, zlib.error, lzma.LZMAError):
        if data.startswith((b"\x1f\x8b", b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")):
            return zlib.decompressobj(47).decompress(data, LONGEST)
        if data.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(data, LONGEST)
        if data.startswith(b"\xfd7zXZ"):
            return lzma.LZMADecompressor().decompress(data, LONGEST)
        if again := WHOLE.match(data):
            return of_base64(again[0])
    return None


def of_base64(text: bytes) -> bytes:
    plain = BREAKS.sub(b"", text.replace(b"\\/", b"/")).rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    whole = plain[: len(plain) // 4 * 4]
    return base64.b64decode(whole if len(plain) % 4 < 2 else plain + b"=" * (-len(plain) % 4))


def of_hex(text: bytes) -> bytes:
    return bytes.fromhex(text[: len(text) // 2 * 2].decode())


def of_escapes(text: bytes) -> bytes:
    return LETTER.sub(
        lambda found: bytes([int(found[1], 16)]) if found[1] else ENDS.get(found[2], found[2]), text
    )


def of_numbers(text: bytes) -> bytes:
    return bytes(int(number) for number in text.split(b",") if number.strip())


def of_uu(text: bytes) -> bytes:
    plain = of_escapes(text) if b"\\n" in text else text
    return b"".join(binascii.a2b_uu(line) for line in plain.splitlines()[1:] if line and line != b"end")


def of_groups(size: int, decode: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Letters in groups. Some may be written as in JSON, and what follows the last may look like one."""

    def decoded(text: bytes) -> bytes:
        for guess in (text, of_escapes(text)):
            with suppress(ValueError):
                return decode(guess)
        return decode(text[: (len(text) - 1) // size * size])

    return decoded


def of_base32(text: bytes) -> bytes:
    plain = text.rstrip(b"=")
    return base64.b32decode(plain + b"=" * (-len(plain) % 8))


WHOLE = re.compile(BASE64)
FORMS: tuple[tuple[re.Pattern[bytes], Callable[[bytes], bytes]], ...] = (
    (WHOLE, of_base64),
    (re.compile(HEX), of_hex),
    (re.compile(ESCAPED), of_escapes),
    (re.compile(NUMBERS), of_numbers),
    (re.compile(UU), of_uu),
    (re.compile(BASE85), of_groups(5, base64.b85decode)),
    (re.compile(ASCII85), of_groups(5, base64.a85decode)),
    (re.compile(BASE32), of_groups(8, of_base32)),
)
