"""From what a strict reader does not accept to an issue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from registry.checks import Issue
from registry.parsers import Malformed
from registry.parsers.inside import Part

ANEW = "write it again with the library it comes from."


def strict(part: Part, what: str, look: Callable[[Part], Iterator[Issue]]) -> Iterator[Issue]:
    """What `look` finds, and as the last issue why it could look no further."""
    try:
        for issue in look(part):
            yield issue if issue.place or not part.path else replace(issue, place=part.path)
    except Malformed as malformed:
        text = f"This {what} file {str(malformed).rstrip('.')}: {ANEW}"
        yield Issue("high", text, "malformed", part.path)
