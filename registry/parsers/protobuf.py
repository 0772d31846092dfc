"""Protocol buffers, read field by field without holding more than is asked for.

Source: protobuf.dev/programming-guides/encoding. A field is its number, its wire type and either a number or
a place in the file: long values stay there, so that a model of gigabytes costs a few seeks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry.parsers import Malformed

VARINT, FIXED64, LENGTH, GROUP, END_GROUP, FIXED32 = range(6)
LONGEST_TEXT = 16 << 20
BLOCK = 1 << 16
MOST_FIELDS = 1_500_000
STRANGE = Malformed("is no message that can be read: save it again.")


class Budget:
    """How many fields may still be read in one file."""

    def __init__(self, most: int = MOST_FIELDS) -> None:
        self.left = most

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Malformed("has more parts than can be looked at.")


class Bytes:
    """Random access to a file by blocks."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._start, self._block = 0, b""

    def get(self, place: int, size: int) -> bytes:
        at = place - self._start
        if at >= 0 and at + size <= len(self._block):
            return self._block[at : at + size]
        self._file.seek(place)
        if size > BLOCK:
            data: bytes = self._file.read(size)
            return data
        self._start, self._block = place, self._file.read(BLOCK)
        return self._block[:size]


@dataclass(frozen=True, slots=True)
class Message:
    """A stretch of a file that is read as a message."""

    data: Bytes
    start: int
    end: int
    budget: Budget

    def fields(self) -> Iterator[Field]:
        place = self.start
        while place < self.end:
            key, place = self._varint(place)
            number, wire = key >> 3, key & 7
            if not 0 < number < 1 << 29:
                raise STRANGE
            self.budget.spend()
            field, place = self._value(number, wire, place)
            yield field

    def _value(self, number: int, wire: int, place: int) -> tuple[Field, int]:
        match wire:
            case 0:
                value, after = self._varint(place)
                return Field(number, wire, value, self, place, after), after
            case 1:
                after = place + 8
            case 2:
                size, place = self._varint(place)
                after = place + size
            case 5:
                after = place + 4
            case _:
                raise STRANGE
        if after > self.end:
            raise STRANGE
        return Field(number, wire, 0, self, place, after), after

    def _varint(self, place: int) -> tuple[int, int]:
        data = self.data.get(place, min(10, self.end - place))
        value = 0
        for position, byte in enumerate(data):
            value |= (byte & 127) << (7 * position)
            if byte < 128:
                return value, place + position + 1
        raise STRANGE

    def all(self, *numbers: int) -> Iterator[Field]:
        return (field for field in self.fields() if field.number in numbers)


@dataclass(frozen=True, slots=True)
class Field:
    number: int
    wire: int
    value: int
    inside: Message
    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start

    def message(self) -> Message:
        if self.wire != LENGTH:
            raise STRANGE
        return Message(self.inside.data, self.start, self.end, self.inside.budget)

    def bytes(self, most: int = LONGEST_TEXT) -> bytes:
        """At most so many of its bytes."""
        return self.inside.data.get(self.start, min(self.size, most))

    def text(self, most: int = LONGEST_TEXT) -> str:
        return self.bytes(most).decode("utf-8", "replace")

    def signed(self) -> int:
        return self.value - (1 << 64) if self.value >= 1 << 63 else self.value

    def numbers(self) -> list[int]:
        """Repeated whole numbers, packed or one by one."""
        if self.wire == VARINT:
            return [self.signed()]
        found, place = [], self.start
        while place < self.end:
            value, place = self.message()._varint(place)
            self.inside.budget.spend()
            found.append(value - (1 << 64) if value >= 1 << 63 else value)
        return found


def message(file: Any, size: int) -> Message:
    """A whole file as one message."""
    return Message(Bytes(file), 0, size, Budget())
