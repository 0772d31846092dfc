"""A form from the JSON Schema of a kind of record: a field for each thing that it holds, a line for each
entry of a list. The action holds what it says against the schema; here it only takes its shape.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from governance.errors import Problem
from governance.forms import Form
from registry.forms.fields import JSONText, NumbersField
from registry.records import MOST_BYTES, RecordKind

LONG = 1000
Schema = Mapping[str, Any]
YES, NO = "yes", "no"
TIME = "2026-05-14T09:12:40Z"
SHORT = frozenset({"slo", "rto", "rpo", "tls", "kw", "pue", "kwh", "ttl"})


@dataclass(frozen=True)
class Part:
    """One thing that a record holds: its path, such as golden.examples, and how it looks."""

    path: str
    schema: Schema
    required: bool
    example: Any = None


def parts(kind: RecordKind) -> Iterator[Part]:
    """Everything that a form asks for; what lies in an object stands by itself."""
    yield from below(kind.schema, kind.schema, "", kind.example, required=True)


def below(schema: Schema, whole: Schema, path: str, example: Any, *, required: bool) -> Iterator[Part]:
    for name, each in schema["properties"].items():
        found = resolved(each, whole)
        needed = required and name in schema.get("required", ())
        here = f"{path}{name}"
        if found.get("type") == "object" and "properties" in found:
            yield from below(found, whole, f"{here}.", (example or {}).get(name), required=needed)
        else:
            yield Part(here, found, needed, (example or {}).get(name))


def resolved(schema: Schema, whole: Schema) -> dict[str, Any]:
    """With what it refers to, which its own words complete, also for the entries of a list."""
    found = dict(schema)
    while "$ref" in found:
        name = found.pop("$ref").rpartition("/")[2]
        found = {**whole["$defs"][name], **found}
    if "items" in found:
        found["items"] = resolved(found["items"], whole)
    if "properties" in found:
        inner = found["properties"].items()
        found["properties"] = {name: resolved(each, whole) for name, each in inner}
    return found


# ------------------------------------------------------------------ fields


class EntriesField(forms.CharField):
    """A line for each entry, its cells with commas between them in the order of `columns`; the first line may
    name other ones. In a cell, several values have semicolons between them, and named ones are name=value."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 4, "spellcheck": "false"})

    def __init__(self, *, columns: Mapping[str, Schema], **given: Any) -> None:
        super().__init__(**given)
        self.columns = columns

    def to_python(self, value: Any) -> list[dict[str, Any]]:  # type: ignore[override]
        text = bounded(super().to_python(value) or "")
        try:
            lines = [line for line in csv.reader(io.StringIO(text), skipinitialspace=True) if line]
        except csv.Error as error:
            raise forms.ValidationError(f"These lines cannot be read: {str(error)[:80]}.") from None
        names = list(self.columns)
        if lines and all(cell.strip() in self.columns for cell in lines[0]):
            names = [cell.strip() for cell in lines.pop(0)]
        return [self.entry(number, names, cells) for number, cells in enumerate(lines, start=1)]

    def entry(self, number: int, names: list[str], cells: list[str]) -> dict[str, Any]:
        if len(cells) > len(names):
            raise forms.ValidationError(
                f"Line {number} has {len(cells)} cells: there are {', '.join(names)}."
            )
        pairs = zip(names, map(str.strip, cells), strict=False)
        return {name: self.cell(number, name, cell) for name, cell in pairs if cell}

    def cell(self, number: int, name: str, cell: str) -> Any:
        try:
            return read(cell, self.columns[name])
        except ValueError:
            raise forms.ValidationError(f"Line {number}: {name} cannot be “{cell[:60]}”.") from None


class ListField(forms.CharField):
    """Values on lines; numbers may also have blanks or commas between them."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def __init__(self, *, items: Schema, **given: Any) -> None:
        super().__init__(**given)
        self.items = items

    def to_python(self, value: Any) -> list[Any]:  # type: ignore[override]
        text = bounded(super().to_python(value) or "")
        words = text.replace(",", " ").split() if is_number(self.items) else text.splitlines()
        try:
            return [read(word.strip(), self.items) for word in words if word.strip()]
        except ValueError as error:
            raise forms.ValidationError(f"This is no number: {str(error)[-60:]}.") from None


def bounded(text: str) -> str:
    """Before it is taken apart."""
    if len(text) > MOST_BYTES:
        raise forms.ValidationError(f"This text has {len(text):,} characters: a record has at most 64 KiB.")
    if "\0" in text:
        raise forms.ValidationError("Null characters are not allowed.")
    return text


def is_number(schema: Schema) -> bool:
    return schema.get("type") in ("number", "integer")


def read(text: str, schema: Schema) -> Any:
    """`ValueError` for what is not of its type."""
    kind = schema.get("type")
    if kind == "array":
        return [read(each.strip(), schema["items"]) for each in text.split(";") if each.strip()]
    if kind == "object":
        return dict(named(each, schema) for each in text.split(";") if each.strip())
    if kind == "boolean":
        if text.lower() not in (YES, NO, "true", "false"):
            raise ValueError(text)
        return text.lower() in (YES, "true")
    return float(text) if is_number(schema) else text


def named(text: str, schema: Schema) -> tuple[str, Any]:
    name, sign, value = (each.strip() for each in text.partition("="))
    if not (name and sign and value):
        raise ValueError(text)
    inner = schema.get("additionalProperties")
    plain = isinstance(inner, dict) and inner.get("type") == "string"
    try:
        return name, value if plain else float(value)
    except ValueError:
        return name, value


def field(part: Part) -> forms.Field:
    given = {
        "required": part.required,
        "label": label(part.path),
        "help_text": part.schema.get("description", ""),
    }
    for fits, make in MAKERS:
        if fits(part.schema):
            return make(part, given)
    widget = forms.TextInput(
        attrs=hint(part) or ({"placeholder": TIME} if "T[0-2]" in part.schema.get("pattern", "") else {})
    )
    return forms.CharField(max_length=part.schema.get("maxLength", 400), widget=widget, **given)


def label(path: str) -> str:
    words = ", ".join(each.replace("_", " ") for each in path.split("."))
    known = " ".join(word.upper() if word in SHORT else word for word in words.split(" "))
    return known[:1].upper() + known[1:]


def choice(part: Part, given: dict[str, Any]) -> forms.Field:
    known = [(each, each) for each in part.schema["enum"]]
    return forms.ChoiceField(choices=known if part.required else [("", "not said"), *known], **given)


def flag(part: Part, given: dict[str, Any]) -> forms.Field:
    known = [(YES, YES), (NO, NO)]
    return forms.ChoiceField(choices=known if part.required else [("", "not said"), *known], **given)


def entries(part: Part, given: dict[str, Any]) -> forms.Field:
    columns = part.schema["items"]["properties"]
    must = part.schema["items"].get("required", ())
    names = ", ".join(name if name in must else f"[{name}]" for name in columns)
    said = f"{given['help_text']} A line for each entry: {names}{for_instance(part)}.".strip()
    return EntriesField(columns=columns, **{**given, "help_text": said})


def for_instance(part: Part) -> str:
    """The first entry of the example, as it is written on a line."""
    if not part.example:
        return ""
    columns, entry = list(part.schema["items"]["properties"]), part.example[0]
    while columns and columns[-1] not in entry:
        columns.pop()
    return f"; such as {', '.join(shown(entry.get(name, '')) for name in columns)}"


def shown(value: Any) -> str:
    """A value as it is written into a cell."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return ";".join(map(shown, value))
    if isinstance(value, dict):
        return ";".join(f"{name}={each}" for name, each in value.items())
    return f'"{value}"' if "," in str(value) else str(value)


def listed(part: Part, given: dict[str, Any]) -> forms.Field:
    said = given["help_text"] or (
        "With blanks between them." if is_number(part.schema["items"]) else "One on a line."
    )
    return ListField(items=part.schema["items"], **{**given, "help_text": said})


def numbers(part: Part, given: dict[str, Any]) -> forms.Field:
    said = f"{given['help_text']} A line name = number for each.".strip()
    return NumbersField(**{**given, "help_text": said})


def anything(part: Part, given: dict[str, Any]) -> forms.Field:
    said = f"{given['help_text']} A JSON object.".strip()
    return JSONText(**{**given, "help_text": said}, widget=forms.Textarea(attrs={"class": "mono", "rows": 3}))


def amount(part: Part, given: dict[str, Any]) -> forms.Field:
    return forms.FloatField(widget=forms.NumberInput(attrs=hint(part, step="any")), **given)


def hint(part: Part, **more: str) -> dict[str, str]:
    """What the example says there, where nothing is written yet."""
    return {**({"placeholder": str(part.example)} if part.example is not None else {}), **more}


def words(part: Part, given: dict[str, Any]) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(max_length=part.schema["maxLength"], widget=widget, **given)


Maker = Callable[[Part, dict[str, Any]], forms.Field]
MAKERS: tuple[tuple[Callable[[Schema], bool], Maker], ...] = (
    (lambda schema: "enum" in schema, choice),
    (lambda schema: schema.get("type") == "boolean", flag),
    (lambda schema: schema.get("type") == "array" and schema["items"].get("type") == "object", entries),
    (lambda schema: schema.get("type") == "array", listed),
    (
        lambda schema: "maxProperties" in schema and is_number(schema.get("additionalProperties") or {}),
        numbers,
    ),
    (lambda schema: schema.get("type") == "object", anything),
    (is_number, amount),
    (lambda schema: schema.get("maxLength", 0) > LONG, words),
)


# ------------------------------------------------------------------ the form


class SchemaForm(Form):
    """What somebody declares, field by field. What its example does not say stands in a fold."""

    kind = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, kind: RecordKind) -> None:
        super().__init__(data, initial={"kind": kind.name})
        self.parts = list(parts(kind))
        self.fields.update({part.path: field(part) for part in self.parts})
        self.rare = tuple(part.path for part in self.parts if not part.required and part.example is None)

    def clean(self) -> dict[str, Any]:
        """The record: nothing of what is not said, but an empty list that has to be there."""
        data: dict[str, Any] = {}
        for part in self.parts:
            value = self.cleaned_data.get(part.path)
            if part.schema.get("type") == "boolean" and value:
                value = value == YES
            if value is not None and value not in ("", {}) and (value != [] or part.required):
                put(data, part.path, value)
        return {"kind": self.cleaned_data.get("kind", ""), "data": data}

    def refuse(self, problem: Problem) -> None:
        """A sentence about a part stands beside it: “golden.examples: …”, “scaling.0.nodes: …”."""
        sentences = problem.details.get("errors", {}).get("data", [])
        where = sentences[0].partition(":")[0] if sentences else ""
        known = [part.path for part in self.parts if f"{where}.".startswith(f"{part.path}.")]
        if not known:
            super().refuse(problem)
            return
        self.problem = problem
        self.add_error(known[0], sentences)


def put(data: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    for name in way:
        data = data.setdefault(name, {})
    data[last] = value
