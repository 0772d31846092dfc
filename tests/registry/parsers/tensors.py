"""safetensors and GGUF files written by hand, honest ones and such that differ in one place."""

from __future__ import annotations

import json
import struct
from typing import Any


def header(**tensors: Any) -> dict[str, Any]:
    return {"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, **tensors}


def safetensors(head: Any = None, data: bytes = bytes(8), length: int | None = None) -> bytes:
    raw = head if isinstance(head, bytes) else json.dumps(header() if head is None else head).encode()
    return (len(raw) if length is None else length).to_bytes(8, "little") + raw + data


def text(value: str) -> bytes:
    raw = value.encode()
    return len(raw).to_bytes(8, "little") + raw


def key(name: str, kind: int, value: bytes) -> bytes:
    return text(name) + kind.to_bytes(4, "little") + value


KEYS = (
    key("general.architecture", 8, text("llama")),
    key("general.alignment", 4, (32).to_bytes(4, "little")),
    key("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 2) + text("<s>") + text("a")),
    key("tokenizer.ggml.scores", 9, struct.pack("<IQ", 6, 2) + bytes(8)),
)


def tensor(name: str = "w", shape: tuple[int, ...] = (8,), kind: int = 0, offset: int = 0) -> bytes:
    sides = b"".join(side.to_bytes(8, "little") for side in shape)
    return text(name) + len(shape).to_bytes(4, "little") + sides + struct.pack("<IQ", kind, offset)


def gguf(
    keys: tuple[bytes, ...] = KEYS,
    tensors: tuple[bytes, ...] = (tensor(),),
    data: bytes = bytes(32),
    *,
    version: int = 3,
    counts: tuple[int, int] | None = None,
) -> bytes:
    says = counts or (len(tensors), len(keys))
    head = b"GGUF" + struct.pack("<IQQ", version, *says) + b"".join(keys) + b"".join(tensors)
    return head + bytes(-len(head) % 32) + data


def with_template(template: str) -> bytes:
    return gguf((*KEYS, key("tokenizer.chat_template", 8, text(template))))
