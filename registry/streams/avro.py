"""Avro schemas, by the specification 1.12: names resolved once, then compared as reader and writer.

A plain form is a tree of tables whose named types are told once and referred to by name after that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
READS: dict[str, frozenset[str]] = {
    "long": frozenset({"int"}),
    "float": frozenset({"int", "long"}),
    "double": frozenset({"int", "long", "float"}),
    "string": frozenset({"bytes"}),
    "bytes": frozenset({"string"}),
}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FULL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
DEEPEST = 60
MOST_TYPES = 5_000
MOST_STEPS = 50_000

Schema = dict[str, Any]
Names = dict[str, Schema]


class Unsound(ValueError):
    """No schema; the text is a sentence's rest that says what is wrong where."""


class Reading:
    """One schema while its names are resolved."""

    def __init__(self) -> None:
        self.names: Names = {}
        self._types = 0

    def of(self, found: Any, space: str = "", depth: int = 0) -> Schema:
        self._types += 1
        if depth > DEEPEST or self._types > MOST_TYPES:
            raise Unsound("is nested too deeply, or has too many types")
        if isinstance(found, str):
            return self._named(found, space)
        if isinstance(found, list):
            return self._union(found, space, depth)
        if not isinstance(found, dict) or "type" not in found:
            raise Unsound("holds something that is no type")
        kind = found["type"]
        if isinstance(kind, dict | list):
            return self.of(kind, space, depth + 1)
        if kind in ("record", "error", "enum", "fixed"):
            return self._definition(kind, found, space, depth)
        if kind == "array":
            return {"type": "array", "items": self.of(wanted(found, "items"), space, depth + 1)}
        if kind == "map":
            return {"type": "map", "values": self.of(wanted(found, "values"), space, depth + 1)}
        plain = self._named(kind, space)
        if "logicalType" in found and plain.get("type") in PRIMITIVES:
            kept = {name: found[name] for name in ("logicalType", "precision", "scale") if name in found}
            return {**plain, **kept}
        return plain

    def _named(self, name: Any, space: str) -> Schema:
        if not isinstance(name, str):
            raise Unsound("holds something that is no type")
        if name in PRIMITIVES:
            return {"type": name}
        full = full_name(name, space)
        if full not in self.names:
            raise Unsound(f"uses {name[:60]}, which nothing before it defines")
        return {"type": "ref", "name": full}

    def _union(self, found: list[Any], space: str, depth: int) -> Schema:
        branches = [self.of(each, space, depth + 1) for each in found]
        kinds = [branch.get("name") or branch["type"] for branch in branches]
        if "union" in kinds or len(set(kinds)) != len(kinds):
            raise Unsound("holds a union with a union, or with one type twice")
        return {"type": "union", "of": branches}

    def _definition(self, kind: str, found: Schema, space: str, depth: int) -> Schema:
        said = wanted(found, "name")
        name = full_name(
            said, found.get("namespace", space) if isinstance(said, str) and "." not in said else ""
        )
        if name in self.names or name in PRIMITIVES:
            raise Unsound(f"defines {name[:60]} twice")
        own = name.rpartition(".")[0]
        made: Schema = {"type": "record" if kind == "error" else kind, "name": name}
        made["aliases"] = [full_name(each, own) for each in texts(found.get("aliases", []))]
        self.names[name] = made
        if kind == "enum":
            made["symbols"] = texts(wanted(found, "symbols"))
            if len(set(made["symbols"])) != len(made["symbols"]) or not all(
                map(NAME.fullmatch, made["symbols"])
            ):
                raise Unsound(f"has an enum {name[:60]} with a symbol twice, or that is no name")
            if "default" in found:
                if found["default"] not in made["symbols"]:
                    raise Unsound(f"has an enum {name[:60]} whose default is none of its symbols")
                made["default"] = found["default"]
        elif kind == "fixed":
            made["size"] = wanted(found, "size")
            if not isinstance(made["size"], int) or isinstance(made["size"], bool) or made["size"] < 0:
                raise Unsound(f"has a fixed {name[:60]} without a size")
        else:
            made["fields"] = [self._field(each, own, depth) for each in lists(wanted(found, "fields"))]
            named = [field["name"] for field in made["fields"]]
            if len(set(named)) != len(named):
                raise Unsound(f"has a record {name[:60]} with a field twice")
        return made

    def _field(self, found: Any, space: str, depth: int) -> Schema:
        if not isinstance(found, dict):
            raise Unsound("has a field that is no object")
        name = wanted(found, "name")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise Unsound("has a field without a name of letters, digits and underscores")
        made: Schema = {"name": name, "type": self.of(wanted(found, "type"), space, depth + 1)}
        made["aliases"] = texts(found.get("aliases", []))
        made["default"] = "default" in found
        if made["default"] and not self.fits(found["default"], made["type"]):
            raise Unsound(f"has a field {name[:60]} whose default is not of its type")
        return made

    def fits(self, value: Any, schema: Schema) -> bool:
        """Whether a default is of a type; of a union, of any of its branches (1.12)."""
        schema = self.names.get(schema.get("name", ""), schema)
        kind = schema["type"]
        if kind == "union":
            return any(self.fits(value, branch) for branch in schema["of"])
        if kind in ("int", "long"):
            return isinstance(value, int) and not isinstance(value, bool)
        if kind in ("float", "double"):
            return (isinstance(value, int | float) and not isinstance(value, bool)) or value in (
                *("NaN", "Infinity", "-Infinity"),
            )
        if kind == "enum":
            return value in schema.get("symbols", ())
        fitting: dict[str, Any] = {
            "null": type(None), "boolean": bool, "string": str, "bytes": str, "fixed": str,
            "array": list, "map": dict, "record": dict,
        }  # fmt: skip
        return isinstance(value, fitting[kind])


def wanted(found: Schema, name: str) -> Any:
    if name not in found:
        raise Unsound(f"has a type without {name}")
    return found[name]


def texts(found: Any) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise Unsound("has a list of names that is none")
    return found


def lists(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise Unsound("has fields that are no list")
    return found


def full_name(name: Any, space: Any) -> str:
    if not isinstance(name, str) or not isinstance(space, str):
        raise Unsound("has a type without a name")
    full = name if "." in name or not space else f"{space}.{name}"
    if not FULL_NAME.fullmatch(full):
        raise Unsound("has a name that is not made of letters, digits and underscores")
    return full


def read(found: Any) -> Schema:
    """The plain form. `Unsound` when it is no schema."""
    reading = Reading()
    return {"root": reading.of(found), "names": reading.names}


# ------------------------------------------------------------------ reader and writer


def unreadable(reader: Schema, writer: Schema) -> Iterator[tuple[str, str]]:
    """Where a reader cannot read what a writer wrote, each with a sentence's rest; nothing when it can.
    `TooMuch` when that would take too long."""
    yield from Resolution(reader["names"], writer["names"]).of(reader["root"], writer["root"], "")


class TooMuch(Exception):
    """So many unions within unions that nobody can compare them in a short time."""


class Resolution:
    """Two schemas while they are compared: a pair of named types is looked at once."""

    def __init__(self, mine: Names, theirs: Names, left: list[int] | None = None) -> None:
        self._mine, self._theirs = mine, theirs
        self._seen: set[tuple[str, str]] = set()
        self._left = [MOST_STEPS] if left is None else left

    def of(self, reader: Schema, writer: Schema, place: str) -> Iterator[tuple[str, str]]:
        self._left[0] -= 1
        if self._left[0] < 0:
            raise TooMuch
        reader = self._mine.get(reader["name"], reader) if "name" in reader else reader
        writer = self._theirs.get(writer["name"], writer) if "name" in writer else writer
        if writer["type"] == "union":
            for branch in writer["of"]:
                yield from self.of(reader, branch, place)
        elif reader["type"] == "union":
            if not any(not list(self.fresh().of(branch, writer, place)) for branch in reader["of"]):
                yield place, f"{told(writer)} is none of {', '.join(map(told, reader['of']))}"
        elif reader["type"] != writer["type"]:
            if writer["type"] not in READS.get(reader["type"], ()):
                yield place, f"{told(writer)} cannot be read as {told(reader)}"
        else:
            yield from self._same(reader, writer, place)

    def fresh(self) -> Resolution:
        """For a trial, whose pairs count as seen only while it lasts."""
        other = Resolution(self._mine, self._theirs, self._left)
        other._seen = set(self._seen)
        return other

    def _same(self, reader: Schema, writer: Schema, place: str) -> Iterator[tuple[str, str]]:
        kind = reader["type"]
        if kind == "array":
            yield from self.of(reader["items"], writer["items"], f"{place}[]")
        elif kind == "map":
            yield from self.of(reader["values"], writer["values"], f"{place}{{}}")
        elif kind in ("record", "enum", "fixed"):
            pair = reader["name"], writer["name"]
            if pair not in self._seen:
                self._seen.add(pair)
                yield from self._named(reader, writer, place)
        elif reader.get("logicalType") == writer.get("logicalType") == "decimal" and any(
            reader.get(name, 0) != writer.get(name, 0) for name in ("precision", "scale")
        ):
            yield place, "its scale or precision is another"

    def _named(self, reader: Schema, writer: Schema, place: str) -> Iterator[tuple[str, str]]:
        if not answers_to(reader, writer["name"]):
            yield place, f"{writer['name']} is called {reader['name']}, without an alias"
        elif reader["type"] == "record":
            yield from self._records(reader, writer, place)
        elif reader["type"] == "fixed" and reader["size"] != writer["size"]:
            yield place, f"{reader['name']} has {reader['size']} bytes and not {writer['size']}"
        elif reader["type"] == "enum" and "default" not in reader:
            lost = len(set(writer["symbols"]) - set(reader["symbols"]))
            if lost:
                yield place, f"{lost} symbols of {writer['name']} are not known, and there is no default"

    def _records(self, reader: Schema, writer: Schema, place: str) -> Iterator[tuple[str, str]]:
        written = {field["name"]: field for field in writer["fields"]}
        for field in reader["fields"]:
            name = next((each for each in (field["name"], *field["aliases"]) if each in written), None)
            path = f"{place}.{field['name']}".lstrip(".")
            if name is not None:
                yield from self.of(field["type"], written[name]["type"], path)
            elif not field["default"]:
                yield path, "it is asked for, was not written, and has no default"


def answers_to(reader: Schema, name: str) -> bool:
    """By its own name, which is compared without its namespace, or by an alias."""
    known = (reader["name"], *reader["aliases"])
    return any(each.rpartition(".")[2] == name.rpartition(".")[2] for each in known)


def told(schema: Schema) -> str:
    return str(schema.get("name") or schema["type"])


def fields(schema: Schema) -> list[tuple[str, str, bool]]:
    """Name, type, and whether it has to be written, of the first record."""
    root = schema["names"].get(schema["root"].get("name", ""), schema["root"])
    return [(field["name"], kind_of(field["type"]), not field["default"]) for field in root.get("fields", ())]


def kind_of(schema: Schema) -> str:
    if schema["type"] == "union":
        return " or ".join(map(told, schema["of"]))
    if schema["type"] == "array":
        return f"list of {told(schema['items'])}"
    if schema["type"] == "map":
        return f"map of {told(schema['values'])}"
    return str(schema.get("logicalType") or told(schema))
