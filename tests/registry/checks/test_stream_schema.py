"""Schemas of streams: what is read, and what is refused with a sentence."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from registry.checks import Fact
from registry.checks.stream_schema import run


def looked(content: Any, name: str = "event.avsc") -> list[Any]:
    file = io.BytesIO(content if isinstance(content, bytes) else json.dumps(content).encode())
    file.name = name  # type: ignore[misc]
    return [item.data["fields"] if isinstance(item, Fact) else item.message for item in run(file)]


def record(*fields: Any) -> dict[str, Any]:
    return {"type": "record", "name": "Event", "fields": list(fields)}


def test_fields_are_told_of_avro_and_json_schema_and_of_nothing_else() -> None:
    avro = record(
        {"name": "id", "type": "long"}, {"name": "note", "type": ["null", "string"], "default": None}
    )
    plain = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "note": {}}}

    assert looked(avro) == [[("id", "long", True), ("note", "null or string", False)]]
    assert looked(plain, "event.schema.json") == [[("id", "integer", True), ("note", "any", False)]]
    assert looked(plain, "event.json") == []


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (b'{"type": "record", "type": "enum"}', "This schema is no strict JSON"),
        (b"\xff", "This schema is no strict JSON"),
        (b"[" * 100_000, "This schema is no strict JSON"),
        ({"type": "record", "name": "E"}, "This Avro schema has a type without fields."),
        (
            record({"name": "a", "type": "Other"}),
            "This Avro schema uses Other, which nothing before it defines.",
        ),
        (record({"name": "a", "type": "int"}, {"name": "a", "type": "int"}), "with a field twice."),
        (record({"name": "a", "type": "int", "default": "x"}), "whose default is not of its type."),
        (record({"name": "a-b", "type": "int"}), "has a field without a name of letters"),
        (["int", "int"], "holds a union with a union, or with one type twice."),
        ({"type": "enum", "name": "E", "symbols": ["A", "A"]}, "has an enum E with a symbol twice"),
        ({**record(), "compatibility": "any"}, "compatibility is one of backward, forward, full, none."),
        (b'{"type": "fixed", "name": "E", "size": -1}', "has a fixed E without a size."),
        (b" " * (129 << 10), "A schema has at most 128 KiB"),
    ],
    ids=range(13),
)
def test_what_is_no_schema_is_a_sentence(schema: Any, said: str) -> None:
    (message,) = looked(schema)

    assert said in message


def test_a_recursive_type_is_read() -> None:
    tree = record({"name": "children", "type": {"type": "array", "items": "Event"}})

    assert looked(tree) == [[("children", "list of Event", True)]]
