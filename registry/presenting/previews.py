"""The parts of a preview as the page takes them."""

from __future__ import annotations

from typing import Any

from registry.previews import Part


def part(made: Part) -> dict[str, Any]:
    """Lines with their numbers, prose as one text, a picture as an address that holds it."""
    if made["kind"] == "lines":
        first, text = made["first"], made["lines"]
        numbers = map(str, range(first, first + len(text))) if first else []
        return {**made, "text": "\n".join(text), "numbers": "\n".join(numbers)}
    if made["kind"] == "prose":
        return {**made, "text": "\n".join(made["lines"])}
    if made["kind"] == "picture":
        return {**made, "src": f"data:{made['type']};base64,{''.join(made['data'])}"}
    return made
