"""ONNX, TensorFlow and TFLite models written by hand, field by field."""

from __future__ import annotations

import struct


def varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    held = b""
    while number > 127:
        held += bytes([number & 127 | 128])
        number >>= 7
    return held + bytes([number])


def field(number: int, value: bytes | str | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def fields(**named: bytes | str | int) -> bytes:
    """`f4="Relu"` is field 4."""
    return b"".join(field(int(name.strip("f_")), value) for name, value in named.items())


def tensor(*dims: int, raw: bytes = b"", kind: int = 1, external: tuple[tuple[str, str], ...] = ()) -> bytes:
    held = b"".join(field(1, side) for side in dims) + field(2, kind)
    held += b"".join(field(13, field(1, key) + field(2, value)) for key, value in external)
    return held + (field(14, 1) if external else field(9, raw))


def node(operator: str = "Relu", domain: str = "", *attributes: bytes) -> bytes:
    held = field(1, "x") + field(2, "y") + field(4, operator) + (field(7, domain) if domain else b"")
    return held + b"".join(field(5, inner) for inner in attributes)


def graph(*nodes: bytes, tensors: tuple[bytes, ...] = ()) -> bytes:
    return (
        b"".join(field(1, held) for held in nodes)
        + field(2, "main")
        + b"".join(field(5, held) for held in tensors)
    )


def onnx(*nodes: bytes, tensors: tuple[bytes, ...] = (), more: bytes = b"") -> bytes:
    return (
        field(1, 9)
        + field(2, "pytorch")
        + field(7, graph(*nodes, tensors=tensors))
        + field(8, field(2, 17))
        + more
    )


def operation(kind: str, name: str = "a", inputs: tuple[str, ...] = (), **attributes: bytes) -> bytes:
    """A NodeDef."""
    held = field(1, name) + field(2, kind) + b"".join(field(3, source) for source in inputs)
    return held + b"".join(field(5, field(1, key) + field(2, value)) for key, value in attributes.items())


def constant(text: str, name: str = "path", packed: bool = False) -> bytes:
    held = field(1, 7) + (field(4, varint(len(text)) + text.encode()) if packed else field(8, text))
    return operation("Const", name, value=field(8, held))


def graph_def(*operations: bytes, functions: tuple[tuple[bytes, ...], ...] = ()) -> bytes:
    held = b"".join(field(1, inner) for inner in operations)
    library = b"".join(
        field(1, field(1, field(1, "inner")) + b"".join(field(3, inner) for inner in function))
        for function in functions
    )
    return held + (field(2, library) if library else b"") + field(4, field(1, 1087))


def saved_model(graph: bytes, more: bytes = b"") -> bytes:
    info = field(1, field(1, "v") + field(4, "serve"))
    return field(1, 1) + field(2, info + field(2, graph) + field(3, field(1, "saver")) + more)


class Table:
    """A flat buffer's table: fields by position, each a number, a text, a list of tables or nothing."""

    def __init__(self, *values: int | str | list[Table] | None) -> None:
        self.values = values

    def packed(self) -> bytes:
        """Where this table begins are four bytes that lead back to its list of fields."""
        names = struct.pack("<HH", 4 + 2 * len(self.values), 4 + 4 * len(self.values))
        names += b"".join(
            struct.pack("<H", 0 if value is None else 4 + 4 * place)
            for place, value in enumerate(self.values)
        )
        return names

    def at(self, place: int) -> tuple[bytes, int]:
        """Its bytes when they are written at `place`, and where in them the table begins."""
        names = self.packed()
        names += bytes(-len(names) % 4)
        begin = len(names)
        body = struct.pack("<i", begin)
        after = b""
        end = begin + 4 + 4 * len(self.values)
        for position, value in enumerate(self.values):
            here = begin + 4 + 4 * position
            if isinstance(value, int) or value is None:
                body += struct.pack("<I", value or 0)
                continue
            body += struct.pack("<I", end + len(after) - here)
            after += text(value) if isinstance(value, str) else listed(value, end + len(after))
        return names + body + after, begin


def text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<I", len(raw)) + raw + bytes(4 - len(raw) % 4)


def listed(tables: list[Table], place: int) -> bytes:
    head = 4 + 4 * len(tables)
    offsets, bodies = b"", b""
    for position, table in enumerate(tables):
        held, begin = table.at(0)
        offsets += struct.pack("<I", head + len(bodies) + begin - (4 + 4 * position))
        bodies += held + bytes(-len(held) % 4)
    return struct.pack("<I", len(tables)) + offsets + bodies


def tflite(
    *custom: str,
    version: int = 3,
    code: int = 0,
    first: Table | None = None,
    tensor: Table | None = None,
    data: str | None = None,
    signature: Table | None = None,
) -> bytes:
    codes = [first or Table(9), *(Table(32, name) for name in custom)]
    inner = Table([tensor or Table(None, 0, 0, "x")], None, None, [Table(code)])
    more = (None, None, [signature]) if signature else ()
    held, begin = Table(version, codes, [inner], "made by hand", [Table(data)], *more).at(0)
    return struct.pack("<I", 8 + begin) + b"TFL3" + held
