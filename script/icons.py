"""Draw the sprite of icons from the Lucide set (ISC): `.venv/bin/python -m script.icons` after a change here.

One name of ours for each thing that is shown, and the icon of the set that stands for it.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from zipfile import ZipFile

SPRITE = Path(__file__).resolve().parent.parent / "governance" / "static" / "steward" / "icons.svg"
NAMES = {
    "approve": "pen-line",
    "arrow": "arrow-right",
    "article": "file-text",
    "asset": "code",
    "bell": "bell",
    "blocked": "octagon-minus",
    "check": "check",
    "clock": "clock",
    "closed": "lock",
    "compare": "columns-2",
    "contrast": "contrast",
    "copy": "copy",
    "dataset": "database",
    "down": "chevron-down",
    "download": "download",
    "eye": "eye",
    "file": "file",
    "folder": "folder",
    "good": "circle-check",
    "help": "circle-question-mark",
    "home": "house",
    "inbox": "inbox",
    "info": "badge-info",
    "key": "key-round",
    "leave": "log-out",
    "left": "chevron-left",
    "link": "link",
    "menu": "menu",
    "model": "box",
    "moon": "moon",
    "more": "ellipsis",
    "neutral": "circle-dashed",
    "people": "users",
    "person": "user",
    "playbook": "list-checks",
    "plus": "plus",
    "pulse": "activity",
    "right": "chevron-right",
    "run": "play",
    "running": "loader-circle",
    "screen": "monitor",
    "search": "search",
    "sun": "sun",
    "tag": "tag",
    "team": "building-2",
    "trail": "scroll-text",
    "trash": "trash-2",
    "undo": "undo-2",
    "up": "chevron-up",
    "upload": "upload",
    "warn": "triangle-alert",
    "x": "x",
}


def sprite() -> str:
    """One symbol a line, in the order of our names. How wide they are stroked says the stylesheet."""
    with files("lucide").joinpath("lucide.zip").open("rb") as packed, ZipFile(packed) as icons:
        symbols = [
            symbol(ours, icons.read(f"{theirs}.svg").decode()) for ours, theirs in sorted(NAMES.items())
        ]
    comment = "<!-- Lucide (ISC, lucide.dev), drawn by script/icons.py -->"
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', comment, *symbols, "</svg>", ""])


def symbol(name: str, icon: str) -> str:
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", icon, re.DOTALL)
    assert shapes is not None
    drawn = re.sub(r"\s+", " ", shapes[1]).replace("> <", "><").replace(" />", "/>").strip()
    return f'  <symbol id="i-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor">{drawn}</symbol>'


if __name__ == "__main__":
    SPRITE.write_text(sprite())
