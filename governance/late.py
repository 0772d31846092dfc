"""What only few requests need is imported by the first that does: fido2 and qrcode are 8 MB of memory,
jsonschema, rapidfuzz and what certificates take another 8."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def late(module: str) -> Any:
    return import_module(module)
