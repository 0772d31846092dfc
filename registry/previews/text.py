"""Text as it is: the first lines of whatever is text. Markdown as Markdown."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from registry.previews import Part, Unfit, lines, preview, prose, said

MOST = 64 << 10
MOST_LINES = 300
LONGEST_LINE = 400
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
BINARY = "These bytes are no text, and no preview reads this format: fetch the file to look inside."


@preview("txt", "md", "markdown")
def run(file: BinaryIO) -> Iterator[Part]:
    size = file.seek(0, 2)
    file.seek(0)
    text, cut = decoded(file.read(MOST), size > MOST)
    if not size:
        yield said("The file is empty.")
    elif str(file.name).lower().endswith((".md", ".markdown")):
        yield prose(text.splitlines())
    else:
        shown = text.splitlines()
        yield lines(short(shown[:MOST_LINES]), first=1)
        cut = cut or len(shown) > MOST_LINES
    if cut:
        yield said("This is the beginning: the rest is in the file.")


def decoded(raw: bytes, cut: bool) -> tuple[str, bool]:
    """The text, and whether the file goes on behind it. `Unfit` for what is none."""
    coding = next((name for mark, name in MARKS if raw.startswith(mark)), "utf-8")
    text = raw.decode(coding, "replace").removeprefix("\ufeff")
    odd = sum(letter == "\ufffd" or (letter < " " and letter not in "\n\r\t\f\x1b") for letter in text)
    if odd * 20 > len(text):
        raise Unfit(BINARY)
    return text, cut


def short(text: list[str]) -> list[str]:
    return [line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…" for line in text]
