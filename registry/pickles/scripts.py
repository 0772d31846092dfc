"""The code in a TorchScript archive: a small language that torch compiles, which can still name operators
that read and write files. Source: torch/csrc/jit/serialization/python_print.cpp and the operators' schemas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

LARGEST = 16 << 20
OPERATOR = re.compile(r"(?<![\w.])ops\.(\w+)\.(\w+)")
PLAIN_OPERATOR = re.compile(r"(?<![\w.])torch\.(\w+)\s*\(")
# Its own code names operators as `torch.name(…)`, and modules of PyTorch's never.
MODULE = re.compile(
    r"(?<![\w.])(torch\.(?:hub|jit|ops|classes|package|serialization|utils|distributed|multiprocessing|_C)\.\w+"
    r"|prim\.(?:PythonOp|CallFunction|CallMethod))\b"
)
CLASS = re.compile(r"(?<![\w.])__torch__\.torch\.classes\.([\w.]+)")
# How the bytecode of mobile archives names operators; what follows a name there may be a letter.
NAMED = re.compile(r"\b([a-z]\w*)::(\w+)")
FILES_FIRST = re.compile(r"(save|load|from_?file|read_?file|write_?file)")
PYTHON = re.compile(
    r"(?<![\w.])(?:import\s+(?!__torch__)(\w+)|from\s+(\w+)[\w.]*\s+import|(eval|exec|compile|open|__import__)\s*\("
    r"|(?:os|subprocess|socket|shutil|sys|builtins)\.(\w+)\s*\()"
)
FAMILIES = frozenset(
    {
        "prim",
        "aten",
        "quantized",
        "torchvision",
        "profiler",
        "prepacked",
        "sparse",
        "mkldnn",
        "mkldnn_prepacked",
        "_quantized",
    }
)
FILES = re.compile(
    r"(^|_)(save_parameters?|PythonOp|CallFunction|CallMethod|save|load|from_?file|read_?file|write_?file|open)$"
)
KNOWN_CLASSES = re.compile(r"(quantized|rnn|xnnpack|sparse|mkldnn)\.\w+")


def reaches(content: Any) -> Iterator[str]:
    """What its text names that is no arithmetic: each name once."""
    text = content.read(LARGEST + 1).decode("utf-8", "replace")
    if len(text) > LARGEST:
        yield "more code than is read"
    found = [*operators(text), *(f"torch.classes.{name}" for name in unknown_classes(text))]
    found += MODULE.findall(text)
    found += ["Python, " + next(filter(None, each)) for each in PYTHON.findall(text)]
    yield from dict.fromkeys(found)


def operators(text: str) -> Iterator[str]:
    for family, name in OPERATOR.findall(text):
        if family not in FAMILIES or FILES.search(name):
            yield f"{family}::{name}"
    for family, name in NAMED.findall(text):
        if family not in FAMILIES or FILES_FIRST.match(name):
            yield f"{family}::{name}"
    for name in PLAIN_OPERATOR.findall(text):
        if FILES.search(name):
            yield f"aten::{name}"


def unknown_classes(text: str) -> Iterator[str]:
    for name in CLASS.findall(text):
        if not KNOWN_CLASSES.fullmatch(name):
            yield name
