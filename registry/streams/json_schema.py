"""JSON Schema: whether one schema takes everything that another takes, as far as that can be told from both.

A property that a schema does not name counts as one that is not there: otherwise a schema that takes further
properties, which is what one gets without saying anything, could never get another one. What cannot be told
(patterns, conditions, combinations that differ) is said, and is neither a pass nor a break.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

Schema = dict[str, Any]
Verdict = Literal["breaks", "unknown"]
Found = tuple[Verdict, str, str]

DEEPEST = 60
MOST_STEPS = 20_000  # references make trees of a few lines that branch without end
TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
SAYS_NOTHING = frozenset(
    {"title", "description", "default", "examples", "$schema", "$id", "$comment", "deprecated", "readOnly"}
    | {"writeOnly", "$defs", "definitions", "compatibility", "id", "$anchor"}
)
KNOWN = frozenset(
    {
        "type",
        "enum",
        "const",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "$ref",
        *LEAST,
        *MOST,
    }
)


class Unsound(ValueError):
    """No schema; the text is a sentence's rest."""


def read(found: Any, depth: int = 0) -> Schema:
    """The same, when it is sound as far as it is looked at. `Unsound` otherwise."""
    if not isinstance(found, dict):
        raise Unsound("is no object")
    check(found, depth)
    return found


def check(found: Any, depth: int) -> None:
    if isinstance(found, bool):
        return
    if not isinstance(found, dict) or depth > DEEPEST:
        raise Unsound("holds something that is no schema, or is nested too deeply")
    kinds = found.get("type", [])
    if not set(kinds if isinstance(kinds, list) else [kinds] if isinstance(kinds, str) else [None]) <= TYPES:
        raise Unsound("has a type that JSON Schema does not know")
    properties, required = found.get("properties", {}), found.get("required", [])
    if not isinstance(properties, dict) or not isinstance(required, list):
        raise Unsound("has properties that are no object, or a list of required ones that is none")
    if not all(isinstance(name, str) for name in required) or not isinstance(found.get("enum", []), list):
        raise Unsound("has a list of required properties or of values that is none")
    for name in (*LEAST, *MOST):
        if not isinstance(found.get(name, 0), int | float):
            raise Unsound(f"has {name} that is no number")
    inside = [*properties.values()]
    inside += [found[name] for name in ("items", "additionalProperties") if name in found]
    inside += [each for name in ("$defs", "definitions") for each in dict(found.get(name, {})).values()]
    for each in inside:
        if not isinstance(each, list):
            check(each, depth + 1)


def not_taken(wide: Schema, narrow: Schema) -> Iterator[Found]:
    """What `narrow` takes and `wide` does not, or of what that cannot be told."""
    yield from Inclusion(wide, narrow).of(wide, narrow, "", 0)


class Inclusion:
    def __init__(self, wide: Schema, narrow: Schema) -> None:
        self._roots = wide, narrow
        self._seen: set[tuple[str, str]] = set()
        self._steps = 0

    def of(self, wide: Any, narrow: Any, place: str, depth: int) -> Iterator[Found]:
        self._steps += 1
        if self._steps >= MOST_STEPS:
            if self._steps == MOST_STEPS:
                yield "unknown", "", "it branches too far to be told"
            return
        if (
            wide is True
            or wide == {}
            or narrow is False
            or (wide == narrow and self._roots[0] == self._roots[1])
        ):
            return
        refs = tuple(str(each.get("$ref", "")) if isinstance(each, dict) else "" for each in (wide, narrow))
        if all(refs):
            if refs in self._seen:
                return
            self._seen.add((refs[0], refs[1]))
        wide, narrow = (follow(root, each) for root, each in zip(self._roots, (wide, narrow), strict=True))
        if not isinstance(wide, dict) or not isinstance(narrow, dict) or depth > DEEPEST:
            if wide is False or depth > DEEPEST:
                yield "breaks", place, "nothing is taken here"
            else:
                yield "unknown", place, "it cannot be told what is taken here"
            return
        yield from self._here(wide, narrow, place)
        yield from self._below(wide, narrow, place, depth)

    def _here(self, wide: Schema, narrow: Schema, place: str) -> Iterator[Found]:
        lost = sorted(types(narrow) - types(wide) - ({"integer"} if "number" in types(wide) else set()))
        if lost:
            yield "breaks", place, f"{' and '.join(lost)} is not taken"
        allowed, given = values(wide), values(narrow)
        if allowed is not None and (given is None or any(each not in allowed for each in given)):
            yield "breaks", place, "not all values are taken"
        if given is None:
            yield from bounds(wide, narrow, place)
        for name in sorted(wide.keys() - KNOWN - SAYS_NOTHING):
            if wide[name] != narrow.get(name):
                yield "unknown", place, f"{name[:40]} is another"
        for name in ("anyOf", "oneOf"):
            if name in narrow and name not in wide and wide.keys() & KNOWN:
                yield "unknown", place, f"{name} is gone"

    def _below(self, wide: Schema, narrow: Schema, place: str, depth: int) -> Iterator[Found]:
        mine, theirs = wide.get("properties", {}), narrow.get("properties", {})
        for name in wide.get("required", ()):
            if name not in narrow.get("required", ()):
                yield "breaks", f"{place}.{name}".lstrip("."), "it is asked for, and may be missing"
        further = wide.get("additionalProperties", True)
        for name, schema in theirs.items():
            path = f"{place}.{name}".lstrip(".")
            if name in mine:
                yield from self.of(mine[name], schema, path, depth + 1)
            elif further is False:
                yield "breaks", path, "it is not known, and nothing further is taken"
            else:
                yield from self.of(further, schema, path, depth + 1)
        if (
            further is False
            and narrow.get("additionalProperties", True) is not False
            and "object" in types(narrow)
        ):
            yield "breaks", place, "nothing further is taken"
        if "items" in wide and "array" in types(narrow):
            yield from self.of(wide["items"], narrow.get("items", True), f"{place}[]", depth + 1)


def bounds(wide: Schema, narrow: Schema, place: str) -> Iterator[Found]:
    """What is smaller or larger than what is taken."""
    for name in (*LEAST, *MOST):
        if name in wide:
            beyond = name in narrow and (
                narrow[name] < wide[name] if name in LEAST else narrow[name] > wide[name]
            )
            if name not in narrow or beyond:
                yield "breaks", place, f"{name} is {wide[name]:g}"


def types(schema: Schema) -> set[str]:
    found = schema.get("type")
    if found is None:
        return set(map(kind_of, schema["enum"])) if "enum" in schema else set(TYPES)
    return {found} if isinstance(found, str) else set(found)


def kind_of(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def values(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    found: list[Any] | None = schema.get("enum")
    return found


def follow(root: Any, schema: Any) -> Any:
    """What a reference inside the same document leads to; others cannot be told."""
    for _ in range(20):
        if not isinstance(schema, dict) or "$ref" not in schema:
            return schema
        found, reference = root, str(schema["$ref"])
        if not reference.startswith("#"):
            return None
        for step in reference[1:].strip("/").split("/") if reference != "#" else ():
            step = step.replace("~1", "/").replace("~0", "~")
            found = found.get(step) if isinstance(found, dict) else None
        schema = found
    return None


def fields(schema: Schema) -> list[tuple[str, str, bool]]:
    """Name, type, and whether it has to be there."""
    required = schema.get("required", ())
    return [
        (
            name,
            " or ".join(sorted(types(each))) if isinstance(each, dict) and "type" in each else "any",
            name in required,
        )
        for name, each in schema.get("properties", {}).items()
    ]
