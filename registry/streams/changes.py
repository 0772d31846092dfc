"""What a newer schema of a stream breaks, against an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from registry.streams import avro, json_schema
from registry.streams.reading import AVRO

Direction = Literal["backward", "forward"]


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that a reader cannot read; not `certain`: it cannot be told."""

    direction: Direction
    place: str
    why: str
    certain: bool = True


def breaks(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Break]:
    """Both directions."""
    if before["form"] != after["form"]:
        for way in ("backward", "forward"):
            yield Break(way, "", f"{before['form']} became {after['form']}")
        return
    pairs: list[tuple[Direction, Any, Any]] = [
        ("backward", after["schema"], before["schema"]),
        ("forward", before["schema"], after["schema"]),
    ]
    for direction, reader, writer in pairs:
        if after["form"] == AVRO:
            try:
                for place, why in avro.unreadable(reader, writer):
                    yield Break(direction, place, why)
            except avro.TooMuch:
                yield Break(direction, "", "its unions are too many to compare", certain=False)
        else:
            for verdict, place, why in json_schema.not_taken(reader, writer):
                yield Break(direction, place, why, verdict == "breaks")
