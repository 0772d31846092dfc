"""Files of tensors and nothing else: safetensors, GGUF and npy are exactly what their headers say.

Looks at files by their bytes and by their names, and at what archives hold. Metadata is text that people and
programs read later: code in it is told, and chat templates are read as templates.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from registry.checks import MIB, Issue, check
from registry.parsers import gguf, metadata, npy, safetensors
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part
from registry.parsers.telling import strict


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=120, memory=512 * MIB)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.format == "safetensors" or part.extension == "safetensors":
        yield from strict(part, "safetensors", in_safetensors)
    elif part.ends.head.startswith(gguf.MAGIC) or part.extension == "gguf":
        yield from strict(part, "GGUF", in_gguf)
    elif part.format == "npy" or part.extension == "npy":
        yield from strict(part, "NumPy", in_npy)


def in_safetensors(part: Part) -> Iterator[Issue]:
    yield from metadata.judge(safetensors.read(part.file, part.size), part.path)


def in_npy(part: Part) -> Iterator[Issue]:
    npy.read(part.file, part.size)
    yield from ()


def in_gguf(part: Part) -> Iterator[Issue]:
    yield from metadata.judge(gguf.read(part.file, part.size).texts, part.path)
