"""HDF5: groups, attributes, links and how datasets are stored; never the numbers themselves.

Source: HDF5 File Format Specification, version 3.0 (superblocks 0 to 3, object headers 1 and 2,
symbol tables, fractal heaps). What no model needs is told: links to other files, bytes kept in them, virtual
datasets, shapes that no memory holds. Every object is visited once, so that loops end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Any

from registry.formats.signatures import HDF5, HDF5_PLACES
from registry.parsers import Malformed

UNDEFINED = (1 << 64) - 1
MOST_OBJECTS = 200_000
MOST_BLOCKS = 200_000
LARGEST_BLOCK = 64 << 20
LARGEST_VALUE = 64 << 20
LARGEST_SHAPE, MOST_TIMES = 1 << 30, 100  # bytes of one dataset, and how often the size of its file
SPACE, LINK_INFO, TYPE, LINK, EXTERNAL, LAYOUT = 0x01, 0x02, 0x03, 0x06, 0x07, 0x08
FILTERS, ATTRIBUTE, CONTINUATION, SYMBOLS, ATTRIBUTE_INFO = 0x0B, 0x0C, 0x10, 0x11, 0x15
SOFT_LINK, EXTERNAL_LINK = 1, 64
STRING_TYPE, VARIABLE_TYPE = 3, 9
VIRTUAL = 3
KNOWN_FILTERS = {1, 2, 3, 4, 5, 6, 32000, 32001, 32004, 32008, 32013, 32015, 32026}
STRANGE = Malformed("has a structure that cannot be read.")


@dataclass(slots=True)
class Contents:
    """Attributes with the path of their object, and what is odd, by kind with where."""

    attributes: list[tuple[str, str, bytes]] = field(default_factory=list)
    odd: list[tuple[str, str]] = field(default_factory=list)
    datasets: int = 0


class Reader:
    """One file. Addresses are relative to where its superblock begins."""

    def __init__(self, file: Any, size: int) -> None:
        self.file, self.size = file, size
        self.base, self.offsets, self.lengths = 0, 8, 8
        self.found = Contents()
        self.seen: set[int] = set()
        self.blocks = 0

    def at(self, address: int, size: int) -> bytes:
        """So many bytes at an address; within the file, and not too often."""
        self.blocks += 1
        place = self.base + address
        if size > LARGEST_BLOCK or place + size > self.size or self.blocks > MOST_BLOCKS * 10:
            raise STRANGE
        self.file.seek(place)
        data: bytes = self.file.read(size)
        return data

    def number(self, data: bytes, place: int, size: int) -> int:
        if place + size > len(data):
            raise STRANGE
        return int.from_bytes(data[place : place + size], "little")

    def address(self, data: bytes, place: int) -> int:
        value = self.number(data, place, self.offsets)
        return UNDEFINED if value == (1 << 8 * self.offsets) - 1 else value

    def length(self, data: bytes, place: int) -> int:
        return self.number(data, place, self.lengths)


def read(file: Any, size: int) -> Contents:
    reader = Reader(file, size)
    try:
        root = superblock(reader)
        walk(reader, root)
    except (struct.error, IndexError, OverflowError) as error:
        raise STRANGE from error
    return reader.found


def superblock(reader: Reader) -> int:
    """The address of the root group's header."""
    for place in HDF5_PLACES:
        if place + 96 <= reader.size and reader.at(place, 8) == HDF5:
            break
    else:
        raise Malformed("does not begin as HDF5 does.")
    head = reader.at(place, 96)
    reader.base = place
    version = head[8]
    if version in {0, 1}:
        reader.offsets, reader.lengths = head[13], head[14]
        after = 24 if version == 0 else 28
        sizes(reader)
        return reader.address(head, after + 4 * reader.offsets + reader.offsets)
    if version in {2, 3}:
        reader.offsets, reader.lengths = head[9], head[10]
        sizes(reader)
        return reader.address(head, 12 + 3 * reader.offsets)
    raise Malformed("is of a version that does not exist.")


def sizes(reader: Reader) -> None:
    if reader.offsets not in {4, 8} or reader.lengths not in {4, 8}:
        raise Malformed("has addresses of a size that nobody uses.")


def walk(reader: Reader, root: int) -> None:
    """Every object that a link leads to, once."""
    waiting = [(root, "/")]
    while waiting:
        address, path = waiting.pop()
        if address in reader.seen:
            continue
        reader.seen.add(address)
        if len(reader.seen) > MOST_OBJECTS:
            raise Malformed("holds more objects than can be looked at.")
        for name, target in one_object(reader, address, path):
            waiting.append((target, f"{path.rstrip('/')}/{name}"))


def one_object(reader: Reader, address: int, path: str) -> list[tuple[str, int]]:
    """Take in an object's attributes and how it is stored; its links to others in this file."""
    links: list[tuple[str, int]] = []
    sizes: dict[int, int] = {}
    for kind, flags, data in messages(reader, address):
        if flags & 2 and kind in SHARED:  # kept elsewhere in the file
            data = shared(reader, data, kind)
        if kind in LEADS:
            links += LEADS[kind](reader, data, path)
        elif kind in TELLS:
            TELLS[kind](reader, data, path)
        elif kind in MEASURES:
            sizes[kind] = MEASURES[kind](reader, data)
    if TYPE in sizes and SPACE in sizes:
        reader.found.datasets += 1
        if sizes[TYPE] * sizes[SPACE] > max(LARGEST_SHAPE, reader.size * MOST_TIMES):
            reader.found.odd.append(("huge", path))
    return links


def messages(reader: Reader, address: int) -> Iterator[tuple[int, int, bytes]]:
    """Kind, flags and bytes of each message of an object header, wherever it goes on."""
    if reader.at(address, 4) == b"OHDR":
        yield from newer_messages(reader, address)
    else:
        yield from older_messages(reader, address)


def older_messages(reader: Reader, address: int) -> Iterator[tuple[int, int, bytes]]:
    """Version 1 object headers."""
    head = reader.at(address, 16)
    if head[0] != 1:
        raise STRANGE
    chunks = [(address + 16, int.from_bytes(head[8:12], "little"))]
    seen = set()
    while chunks:
        place, size = chunks.pop(0)
        if place in seen:
            raise STRANGE
        seen.add(place)
        data, at = reader.at(place, size), 0
        while at + 8 <= len(data):
            kind, length, flags = struct.unpack_from("<HHB", data, at)
            body = data[at + 8 : at + 8 + length]
            if len(body) != length:
                raise STRANGE
            at += 8 + length
            if kind == CONTINUATION:
                chunks.append((reader.address(body, 0), reader.length(body, reader.offsets)))
            else:
                yield kind, flags, body


def newer_messages(reader: Reader, address: int) -> Iterator[tuple[int, int, bytes]]:
    """Version 2 object headers."""
    head = reader.at(address, min(40, reader.size - reader.base - address))
    if head[4] != 2:
        raise STRANGE
    flags = head[5]
    at = 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    chunks = [(address + at + width, reader.number(head, at, width))]
    each = 6 if flags & 0x04 else 4
    seen = set()
    while chunks:
        place, size = chunks.pop(0)
        if place in seen:
            raise STRANGE
        seen.add(place)
        data, at = reader.at(place, size), 0
        while at + each <= len(data):
            kind, length, said = struct.unpack_from("<BHB", data, at)
            body = data[at + each : at + each + length]
            if len(body) != length:
                raise STRANGE
            at += each + length
            if kind == CONTINUATION:
                begin, extent = reader.address(body, 0), reader.length(body, reader.offsets)
                if reader.at(begin, 4) != b"OCHK" or extent < 8:
                    raise STRANGE
                chunks.append((begin + 4, extent - 8))
            else:
                yield kind, said, body


def shared(reader: Reader, data: bytes, kind: int) -> bytes:
    """A message that stands in another object's header, as named types do."""
    version, type = data[0], data[1]
    place = 8 if version == 1 else 2
    if version == 3 and type == 1:
        raise STRANGE  # in a heap of shared messages, which no library for models asks for
    address = reader.address(data, place)
    for found, _, body in messages(reader, address):
        if found == kind:
            return body
    raise STRANGE


def dimensions(reader: Reader, data: bytes) -> list[int]:
    """Sides of a dataspace, as they are now."""
    version, rank = data[0], data[1]
    place = 8 if version == 1 else 4
    return [reader.length(data, place + reader.lengths * side) for side in range(rank)]


def link(reader: Reader, data: bytes, path: str) -> list[tuple[str, int]]:
    """A link message: to an object here, to a path here, or to another file."""
    flags = data[1]
    place, kind = 2, 0
    if flags & 8:
        kind, place = data[place], place + 1
    if flags & 4:
        place += 8
    if flags & 16:
        place += 1
    width = 1 << (flags & 3)
    length = reader.number(data, place, width)
    place += width
    name = data[place : place + length].decode("utf-8", "replace")
    place += length
    if kind == 0:
        return [(name, reader.address(data, place))]
    if kind == EXTERNAL_LINK:
        reader.found.odd.append(("external_link", f"{path.rstrip('/')}/{name}"))
    elif kind != SOFT_LINK:
        reader.found.odd.append(("unknown_link", f"{path.rstrip('/')}/{name}"))
    return []


def symbols(reader: Reader, tree: int, heap: int, path: str) -> list[tuple[str, int]]:
    """The links of an older group: a B-tree of symbol table nodes, with their names in a local heap."""
    head = reader.at(heap, 8 + 2 * reader.lengths + reader.offsets)
    if head[:4] != b"HEAP":
        raise STRANGE
    names = reader.at(reader.address(head, 8 + 2 * reader.lengths), reader.length(head, 8))
    found = []
    for node in leaves(reader, tree):
        data = reader.at(node, 8)
        if data[:4] != b"SNOD":
            raise STRANGE
        count = int.from_bytes(data[6:8], "little")
        width = 2 * reader.offsets + 24
        entries = reader.at(node + 8, count * width)
        for place in range(0, len(entries), width):
            start = reader.address(entries, place)
            name = names[start : names.find(b"\0", start)].decode("utf-8", "replace")
            kind = reader.number(entries, place + 2 * reader.offsets, 4)
            if kind != 2:  # 2 is a path within this file
                found.append((name, reader.address(entries, place + reader.offsets)))
    return found


def leaves(reader: Reader, tree: int) -> Iterator[int]:
    """What a version 1 B-tree of a group leads to."""
    waiting, seen = [tree], set()
    while waiting:
        address = waiting.pop()
        if address == UNDEFINED:
            continue
        if address in seen:
            raise STRANGE
        seen.add(address)
        head = reader.at(address, 8 + 2 * reader.offsets)
        if head[:4] != b"TREE" or head[4] != 0:
            raise STRANGE
        level, count = head[5], int.from_bytes(head[6:8], "little")
        width = reader.lengths + reader.offsets
        data = reader.at(address + 8 + 2 * reader.offsets, count * width + reader.lengths)
        children = [reader.address(data, reader.lengths + width * place) for place in range(count)]
        if level:
            waiting += children
        else:
            yield from children


def storage(reader: Reader, data: bytes, path: str) -> None:
    """How the bytes of a dataset are laid out."""
    version = data[0]
    kind = data[1] if version >= 3 else data[2]
    if kind == VIRTUAL:
        reader.found.odd.append(("virtual", path))
    elif kind > VIRTUAL:
        raise STRANGE


def filters(reader: Reader, data: bytes, path: str) -> None:
    """Filters are found by number and loaded as libraries, so only known ones pass."""
    version, count = data[0], data[1]
    place = 8 if version == 1 else 2
    for _ in range(count):
        number = reader.number(data, place, 2)
        named = version == 1 or number >= 256
        length = reader.number(data, place + 2, 2) if named else 0
        values = reader.number(data, place + (6 if named else 4), 2)
        place += (8 if named else 6) + (-(-length // 8) * 8 if version == 1 else length) + 4 * values
        if version == 1 and values % 2:
            place += 4
        if number not in KNOWN_FILTERS:
            reader.found.odd.append(("filter", path))


def attribute(reader: Reader, data: bytes, path: str) -> None:
    """Its name and its bytes; of variable length texts, the texts."""
    version, flags = data[0], data[1]
    name_size, type_size, space_size = struct.unpack_from("<HHH", data, 2)
    place = 9 if version == 3 else 8
    pieces = []
    for size in (name_size, type_size, space_size):
        pieces.append(data[place : place + size])
        place += -(-size // 8) * 8 if version == 1 else size
    name = pieces[0].split(b"\0")[0].decode("utf-8", "replace")
    kind = shared(reader, pieces[1], TYPE) if version > 1 and flags & 1 else pieces[1]
    space = shared(reader, pieces[2], SPACE) if version > 1 and flags & 2 else pieces[2]
    for value in values(reader, kind, space, data[place:]):
        reader.found.attributes.append((path, name, value))


def values(reader: Reader, kind: bytes, space: bytes, raw: bytes) -> Iterator[bytes]:
    if kind[0] & 15 != VARIABLE_TYPE:
        yield raw
        return
    width = 8 + reader.offsets
    if not space or space[1] > 32:
        raise STRANGE
    count = min(prod(dimensions(reader, space)), len(raw) // width)
    for place in range(0, count * width, width):
        size = reader.number(raw, place, 4) * max(1, element(kind))
        address = reader.address(raw, place + 4)
        if size and address not in {0, UNDEFINED}:
            yield from_heap(reader, address, reader.number(raw, place + 4 + reader.offsets, 4))[:size]


def element(kind: bytes) -> int:
    """Bytes of one item of a variable length type."""
    return int.from_bytes(kind[12:16], "little") if len(kind) >= 16 else 1


def from_heap(reader: Reader, address: int, index: int) -> bytes:
    """One object of a global heap."""
    head = reader.at(address, 8 + reader.lengths)
    if head[:4] != b"GCOL":
        raise STRANGE
    data, place = reader.at(address, reader.length(head, 8)), 8 + reader.lengths
    while place + 8 + reader.lengths <= len(data):
        number = int.from_bytes(data[place : place + 2], "little")
        size = reader.length(data, place + 8)
        if number == index:
            return data[place + 8 + reader.lengths :][:size]
        if number == 0:
            break
        place += 8 + reader.lengths + -(-size // 8) * 8
    raise STRANGE


def dense_links(reader: Reader, data: bytes, path: str) -> list[tuple[str, int]]:
    """Links of a large newer group, in a fractal heap."""
    place = 2 + (8 if data[1] & 1 else 0)
    heap = reader.address(data, place)
    tree = reader.address(data, place + reader.offsets)
    found: list[tuple[str, int]] = []
    if heap != UNDEFINED:
        for body in records(reader, heap, tree, 4):
            found += link(reader, body, path)
    return found


def dense_attributes(reader: Reader, data: bytes, path: str) -> None:
    place = 2 + (2 if data[1] & 1 else 0)
    heap = reader.address(data, place)
    tree = reader.address(data, place + reader.offsets)
    if heap != UNDEFINED:
        for body in records(reader, heap, tree, 0):
            attribute(reader, body, path)


def records(reader: Reader, heap: int, tree: int, id_at: int) -> Iterator[bytes]:
    """What the records of a version 2 B-tree by name point at; links have a hash before the heap's id."""
    fractal = Heap(reader, heap)
    for record in second_tree(reader, tree):
        yield fractal.get(record[id_at : id_at + fractal.id_size])


def second_tree(reader: Reader, address: int) -> Iterator[bytes]:
    """The records of a version 2 B-tree."""
    head = reader.at(address, 22 + reader.offsets + reader.lengths)
    if head[:4] != b"BTHD":
        raise STRANGE
    node, record = struct.unpack_from("<IH", head, 6)
    depth = int.from_bytes(head[12:14], "little")
    root = reader.address(head, 16)
    count = int.from_bytes(head[16 + reader.offsets : 18 + reader.offsets], "little")
    if not 0 < record <= node or depth > 8:
        raise STRANGE
    if root != UNDEFINED:
        yield from second_node(reader, root, node, record, depth, count)


def second_node(
    reader: Reader, address: int, node: int, record: int, depth: int, count: int
) -> Iterator[bytes]:
    data = reader.at(address, node)
    if data[:4] != (b"BTIN" if depth else b"BTLF") or 6 + count * record > node:
        raise STRANGE
    for place in range(count):
        yield data[6 + place * record : 6 + (place + 1) * record]
    if not depth:
        return
    leaf = (node - 10) // record
    first = width_of(leaf)
    more = 0 if depth == 1 else width_of(leaf << (8 * (depth - 1)))
    place = 6 + count * record
    for _ in range(count + 1):
        child = reader.address(data, place)
        held = reader.number(data, place + reader.offsets, first)
        place += reader.offsets + first + more
        yield from second_node(reader, child, node, record, depth - 1, held)


def width_of(number: int) -> int:
    return max(1, (number.bit_length() + 7) // 8)


class Heap:
    """A fractal heap: managed objects in direct blocks of doubling size, tiny ones in their own id."""

    def __init__(self, reader: Reader, address: int) -> None:
        self._reader = reader
        head = reader.at(address, 22 + 12 * reader.lengths + 3 * reader.offsets)
        if head[:4] != b"FRHP":
            raise STRANGE
        self.id_size = int.from_bytes(head[5:7], "little")
        if int.from_bytes(head[7:9], "little"):
            raise STRANGE  # filtered heaps: nobody writes them
        self.largest_managed = int.from_bytes(head[10:14], "little")
        place = 14 + reader.lengths + reader.offsets + reader.lengths + reader.offsets + 8 * reader.lengths
        self.width = int.from_bytes(head[place : place + 2], "little")
        place += 2
        self.start = reader.length(head, place)
        self.largest = reader.length(head, place + reader.lengths)
        place += 2 * reader.lengths
        self.bits = int.from_bytes(head[place : place + 2], "little")
        place += 4
        self.root = reader.address(head, place)
        self.rows = int.from_bytes(head[place + reader.offsets : place + reader.offsets + 2], "little")
        if not self.width or not self.start or self.start > self.largest or self.bits > 64:
            raise STRANGE

    def get(self, id: bytes) -> bytes:
        kind = id[0] >> 4 & 3
        if kind == 2:
            return id[1 : 2 + (id[0] & 15)]
        if kind != 0:
            raise STRANGE  # huge objects: an attribute beyond 64 KiB, which no honest model has here
        wide = (self.bits + 7) // 8
        longest = width_of(min(self.largest, self.largest_managed))
        offset = self._reader.number(id, 1, wide)
        return self._managed(offset, self._reader.number(id, 1 + wide, longest))

    def _managed(self, offset: int, length: int) -> bytes:
        address, begin = self._block(offset)
        return self._reader.at(address + offset - begin, length)

    def _block(self, offset: int) -> tuple[int, int]:
        """The direct block that holds an offset, and the offset at which it begins."""
        if not self.rows:
            return self.root, 0
        address, rows, base = self.root, self.rows, 0
        header = 5 + self._reader.offsets + (self.bits + 7) // 8
        for _ in range(8):
            begin = base
            for row in range(rows):
                size = self.start << max(0, row - 1)
                if offset < begin + size * self.width:
                    break
                begin += size * self.width
            else:
                raise STRANGE
            place = header + (row * self.width + (offset - begin) // size) * self._reader.offsets
            begin += (offset - begin) // size * size
            child = self._reader.address(self._reader.at(address + place, self._reader.offsets), 0)
            if child == UNDEFINED:
                raise STRANGE
            if size <= self.largest:
                return child, begin
            address, base = child, begin
            rows = (size // (self.start * self.width)).bit_length()
        raise STRANGE


def group(reader: Reader, data: bytes, path: str) -> list[tuple[str, int]]:
    return symbols(reader, reader.address(data, 0), reader.address(data, reader.offsets), path)


def external(reader: Reader, data: bytes, path: str) -> None:
    reader.found.odd.append(("external_storage", path))


def item_size(reader: Reader, data: bytes) -> int:
    return reader.number(data, 4, 4)


def items(reader: Reader, data: bytes) -> int:
    return prod(dimensions(reader, data))


SHARED = frozenset({TYPE, SPACE, LAYOUT, FILTERS, ATTRIBUTE})
LEADS = {LINK: link, LINK_INFO: dense_links, SYMBOLS: group}
TELLS = {
    EXTERNAL: external,
    LAYOUT: storage,
    FILTERS: filters,
    ATTRIBUTE: attribute,
    ATTRIBUTE_INFO: dense_attributes,
}
MEASURES = {TYPE: item_size, SPACE: items}
