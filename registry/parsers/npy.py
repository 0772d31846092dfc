"""NumPy's npy: a header that is a literal of three keys, then exactly the bytes of the array.

Source: numpy/lib/format.py ("Format Version 1.0" to 3.0). Arrays of objects are pickles, which another
check reads.
"""

from __future__ import annotations

import ast
import re
from math import prod
from typing import Any

from registry.parsers import Malformed
from registry.parsers.windows import exactly

MAGIC = b"\x93NUMPY"
LONGEST_HEADER = 1 << 20
ITEM = re.compile(r"[<>|=]?([biufcmMSUV?OB])(\d*)(?:\[[^\]]*\])?")
WIDTHS = {"U": 4}
LONG = re.compile(r"(\d)L\b")  # as Python 2 wrote numbers
KEYS = {"descr", "fortran_order", "shape"}


def read(file: Any, size: int) -> None:
    file.seek(0)
    head = exactly(file, 8)
    if not head.startswith(MAGIC) or head[6] not in {1, 2, 3}:
        raise Malformed("has a beginning that NumPy does not write.")
    width = 2 if head[6] == 1 else 4
    length = int.from_bytes(exactly(file, width), "little")
    if length > LONGEST_HEADER:
        raise Malformed("has a header of a length that cannot be.")
    descr, shape = parsed(exactly(file, length))
    item = size_of_item(descr)
    if item is not None and prod(shape) * item != size - 8 - width - length:
        raise Malformed("has a shape that does not agree with its bytes.")


def parsed(raw: bytes) -> tuple[Any, tuple[int, ...]]:
    try:
        tree = ast.parse(LONG.sub(r"\1", raw.decode("latin-1")).strip(), mode="eval").body
        header = ast.literal_eval(tree)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise Malformed("has a header that is no plain value.") from error
    if not isinstance(header, dict) or header.keys() != KEYS:
        raise Malformed("has a header of other keys than NumPy writes.")
    if len(tree.keys) != len(KEYS) if isinstance(tree, ast.Dict) else True:
        raise Malformed("has a header that says the same twice.")
    if type(header["fortran_order"]) is not bool:
        raise Malformed("has an order that cannot be.")
    shape = header["shape"]
    if (
        not isinstance(shape, tuple)
        or len(shape) > 64
        or not all(type(side) is int and side >= 0 for side in shape)
    ):
        raise Malformed("has a shape that cannot be.")
    return header["descr"], shape


def size_of_item(descr: Any) -> int | None:
    """Bytes of one item; nothing for objects, and for records, whose padding NumPy alone knows."""
    if not isinstance(descr, str):
        return None
    found = ITEM.fullmatch(descr)
    if found is None:
        raise Malformed("has a type that does not exist.")
    if found[1] == "O":
        return None
    return int(found[2] or 1) * WIDTHS.get(found[1], 1) if found[1] not in "mM" else 8
