"""Texts that a model file carries about itself: templates are read as such, code is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.checks import Issue
from registry.parsers import templates

CODE = re.compile(
    r"\b__(?:import|reduce|reduce_ex|builtins|globals|subclasses)__\b|\bos\.(?:system|popen)\b|(?<![\w.])(?:eval|exec)\s*\(|"
    r"\bsubprocess\.\w+|<script\b|javascript:|\bpickle\.loads?\b|\bcurl\s[^|]{1,200}\|\s*(?:ba)?sh\b|\bgASV[\w+/]{8,}",
    re.IGNORECASE,
)
CURE = "ask who made it, and write the file again without it."


def judge(texts: dict[str, str], path: str) -> Iterator[Issue]:
    """A template where there is one, and code where there should be none."""
    for key, text in texts.items():
        place = f"{path} {key}".strip()
        if templates.is_template(text) or "chat_template" in key:
            yield from templates.judge(text, place, chat="chat_template" in key)
        elif CODE.search(text) or CODE.search(key):
            said = "Its metadata holds code, which no program needs there"
            yield Issue("high", f"{said}: {CURE}", "metadata_code", place)
