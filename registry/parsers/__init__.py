"""Readers of formats, ours and in pure Python: they look at hostile bytes and never load them.

A reader takes an open file that can seek. It holds little, whatever the file says of itself, and raises
`Malformed` for what a strict reader does not accept. What it finds besides is told as issues.
"""

from __future__ import annotations


class Malformed(Exception):
    """What no honest program writes. The text follows the name of the format: "has no header."."""


def words(text: str) -> frozenset[str]:
    """A list of names, as it is written down."""
    return frozenset(text.split())
