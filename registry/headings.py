"""Which parts of a Markdown text have something in them."""

from __future__ import annotations

import re

HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$")
WORD = re.compile(r"\w")


def filled(text: str) -> set[str]:
    """Headings, in small letters, with words below them and before the next one."""
    found: set[str] = set()
    heading = ""
    for line in text.splitlines():
        match = HEADING.match(line)
        if match:
            heading = match.group(1).strip().casefold()
        elif heading and WORD.search(line):
            found.add(heading)
    return found
