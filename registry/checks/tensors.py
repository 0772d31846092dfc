"""Files of tensors and nothing else: safetensors and GGUF are exactly what their headers say.

Looks at files by their bytes and by their names, and at what archives hold. Metadata is text that people and
programs read later: code in it is told, and chat templates are read as templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import MIB, Issue, check
from registry.parsers import gguf, safetensors, templates
from registry.parsers.inside import Part, parts
from registry.parsers.telling import ANEW, strict

CODE = re.compile(
    r"\b__(?:import|reduce|reduce_ex|builtins|globals|subclasses)__\b|\bos\.(?:system|popen)\b|\b(?:eval|exec)\s*\(|"
    r"\bsubprocess\.\w+|<script\b|javascript:|\bpickle\.loads?\b|\bcurl\s[^|]{1,200}\|\s*(?:ba)?sh\b|\bgASV[\w+/]{8,}",
    re.IGNORECASE,
)


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=120, memory=512 * MIB)
def run(file: BinaryIO) -> Iterator[Issue]:
    for part in parts(file):
        if part.format == "safetensors" or part.extension == "safetensors":
            yield from strict(part, "safetensors", in_safetensors)
        elif part.ends.head.startswith(gguf.MAGIC) or part.extension == "gguf":
            yield from strict(part, "GGUF", in_gguf)


def in_safetensors(part: Part) -> Iterator[Issue]:
    metadata = safetensors.read(part.file, part.size)
    yield from in_texts({str(key): value for key, value in metadata.items()}, part)


def in_gguf(part: Part) -> Iterator[Issue]:
    yield from in_texts(gguf.read(part.file, part.size).texts, part)


def in_texts(texts: dict[str, str], part: Part) -> Iterator[Issue]:
    """A template where there is one, and code where there should be none."""
    for key, text in texts.items():
        place = f"{part.path} {key}".strip()
        if templates.is_template(text) or "chat_template" in key:
            yield from templates.judge(text, place)
        elif CODE.search(text) or CODE.search(key):
            said = "Its metadata holds code, which no program needs there"
            yield Issue("high", f"{said}: ask who made it, and {ANEW}", "metadata_code", place)
