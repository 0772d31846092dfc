"""Two schemas of a stream: which readers the newer one stops."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from registry.checks import Issue
from registry.quality import QUALITY, Needs, Stream, load_all
from registry.streams.changes import breaks
from registry.streams.reading import AVRO, JSON, read

load_all()

ID = {"name": "id", "type": "int"}
OPTIONAL = {"name": "note", "type": ["null", "string"], "default": None}
REQUIRED = {"name": "note", "type": "string"}


def avro(*fields: Any, **more: Any) -> dict[str, Any]:
    return read(AVRO, json.dumps({"type": "record", "name": "E", "fields": list(fields), **more}).encode())


def plain(required: list[str] | None = None, **more: Any) -> dict[str, Any]:
    further = {key: more.pop(key) for key in ("additionalProperties", "compatibility") if key in more}
    schema = {"type": "object", "properties": more, "required": required or [], **further}
    return read(JSON, json.dumps(schema).encode())


def typed(kind: Any, name: str = "id") -> dict[str, Any]:
    return {"name": name, "type": kind}


def enum(*symbols: str, **more: Any) -> dict[str, Any]:
    return typed({"type": "enum", "name": "Kind", "symbols": list(symbols), **more})


def fixed(size: int) -> dict[str, Any]:
    return typed({"type": "fixed", "name": "Key", "size": size})


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


CLOSED = {"additionalProperties": False}
NUMBER, TEXT, INTEGER = {"type": "number"}, {"type": "string"}, {"type": "integer"}


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        (avro(ID), avro(ID, OPTIONAL), set()),
        (avro(ID), avro(ID, REQUIRED), {"backward"}),
        (avro(ID, REQUIRED), avro(ID), {"forward"}),
        (avro(ID, OPTIONAL), avro(ID), set()),
        (avro(ID), avro(typed("long")), {"forward"}),
        (avro(ID), avro(typed("string")), {"backward", "forward"}),
        (avro(typed("bytes")), avro(typed("string")), set()),
        (avro(ID), avro(typed(["null", "int"])), {"forward"}),
        (avro(ID), avro({**typed("int", "key"), "aliases": ["id"]}), {"forward"}),
        (avro(enum("A")), avro(enum("A", "B")), {"forward"}),
        (avro(enum("A", "B", default="A")), avro(enum("A", default="A")), set()),
        (avro(fixed(4)), avro(fixed(8)), {"backward", "forward"}),
        (avro(ID), avro(ID, name="F"), {"backward", "forward"}),
        (avro(ID), avro(ID, name="F", aliases=["E"]), {"forward"}),
        (avro(ID, typed(["null", "E"], "next")), avro(ID, OPTIONAL, typed(["null", "E"], "next")), set()),
        (plain(id=INTEGER), plain(id=INTEGER, note=TEXT), set()),
        (plain(id=INTEGER), plain(["note"], id=INTEGER, note=TEXT), {"backward"}),
        (plain(["note"], note=TEXT), plain(), {"forward"}),
        (plain(id=INTEGER), plain(id=NUMBER), {"forward"}),
        (plain(id=INTEGER), plain(id=TEXT), {"backward", "forward"}),
        (plain(id=TEXT), plain(id={"enum": ["a"]}), {"backward"}),
        (plain(id={"enum": ["a"]}), plain(id={"enum": ["a", "b"]}), {"forward"}),
        (plain(id={**NUMBER, "minimum": 0}), plain(id={**NUMBER, "minimum": 1}), {"backward"}),
        (plain(id=TEXT), plain(id=TEXT, additionalProperties=False), {"backward"}),
        (plain(a=TEXT, **CLOSED), plain(a=TEXT, b=TEXT, **CLOSED), {"forward"}),
        (plain(id=listed(INTEGER)), plain(id=listed(NUMBER)), {"forward"}),
        (avro(ID), plain(id=INTEGER), {"backward", "forward"}),
    ],
    ids=range(27),
)  # fmt: skip
def test_a_change_breaks_in_the_direction_that_it_does(before: Any, after: Any, broken: set[str]) -> None:
    assert {found.direction for found in breaks(before, after) if found.certain} == broken


def test_what_cannot_be_told_is_neither_a_pass_nor_a_break() -> None:
    found = list(breaks(plain(id=TEXT), plain(id={**TEXT, "pattern": "a+"})))

    assert [(each.direction, each.place, each.certain) for each in found] == [("backward", "id", False)]


def test_unions_that_would_take_for_ever_are_said_to_be_too_many() -> None:
    def nested(last: str) -> dict[str, Any]:
        kind: Any = last
        for depth in range(24):
            record = {"type": "record", "name": f"R{depth}", "fields": [{"name": "f", "type": kind}]}
            other = {"type": "record", "name": f"S{depth}", "fields": [{"name": "f", "type": f"R{depth}"}]}
            kind = ["null", record, other]
        return read(AVRO, json.dumps({"type": "record", "name": "E", "fields": [typed(kind)]}).encode())

    assert [each.certain for each in breaks(nested("int"), nested("string"))][:1] != []


def test_one_reference_stands_for_several_things_in_the_other() -> None:
    wide = {"$defs": {"t": TEXT}, "properties": {"a": {"$ref": "#/$defs/t"}, "b": {"$ref": "#/$defs/t"}}}
    narrow = {"properties": {"a": TEXT, "b": INTEGER}}
    pair = [read(JSON, json.dumps(each).encode()) for each in (narrow, wide)]

    assert ("backward", "b") in {(found.direction, found.place) for found in breaks(*pair)}


def judged(after: Any, *before: Any) -> list[str]:
    stream = Stream("e.avsc", after, tuple((number, each) for number, each in enumerate(before, start=1)))
    found = QUALITY["schema_compat"].run(stream)
    return [f"{item.severity} {item.name}" if isinstance(item, Issue) else item.what for item in found]


def test_all_earlier_versions_count_by_the_mode_of_the_one_before() -> None:
    full = avro(ID, compatibility="full")

    assert judged(avro(ID)) == ["an earlier version with a schema of the same path"]
    assert judged(avro(ID, OPTIONAL), avro(ID, OPTIONAL), avro(typed("string"), OPTIONAL)) == [
        "high backward:id",
        "info forward:id",
    ]
    assert judged(avro(compatibility="none"), full) == ["high forward:id"]
    assert judged(avro(ID, REQUIRED), avro(ID, compatibility="none")) == ["info backward:note"]
    assert isinstance(next(iter(QUALITY["schema_compat"].run(Stream("e.avsc", full)))), Needs)


def test_references_that_branch_without_end_are_not_told_and_take_no_time():
    wide: dict[str, Any] = {"type": "object", "minProperties": 1}
    for _ in range(50):
        wide = {"type": "object", "additionalProperties": wide}
    again = {"$ref": "#/$defs/a"}
    tree = {"type": "object", "properties": {"x": again, "y": again}}
    before, after = (
        read(JSON, json.dumps(schema).encode()) for schema in ({"$defs": {"a": tree}, **again}, wide)
    )
    begun = time.process_time()

    said = [each.why for each in breaks(before, after) if not each.certain]

    assert (said, time.process_time() - begun < 2) == (["it branches too far to be told"], True)
