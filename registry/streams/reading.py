"""Bytes → the schema of a stream: which form it has, its plain form, and the mode that it asks for."""

from __future__ import annotations

from typing import Any

from registry.parsers import strict_json
from registry.streams import avro, json_schema

LARGEST = 128 << 10
MODES = ("backward", "forward", "full", "none")
USUAL = "backward"
AVRO, JSON = "Avro", "JSON Schema"


class Unsound(ValueError):
    """Not the schema that its name says; the text is a sentence."""


def form_of(name: str) -> str:
    """By the name of a file; empty when it promises no schema."""
    name = name.lower()
    if name.endswith(".avsc"):
        return AVRO
    return JSON if name.endswith((".schema.json", ".jsonschema")) else ""


def read(form: str, content: bytes) -> dict[str, Any]:
    """`form`, `mode`, `fields` and the plain `schema`."""
    try:
        found = strict_json.loads(content.decode())
    except (ValueError, strict_json.Crowded) as error:
        raise Unsound("This schema is no strict JSON: write it again, each key once.") from error
    said = found.get("compatibility", USUAL) if isinstance(found, dict) else USUAL
    if said not in MODES:
        raise Unsound(f"compatibility is one of {', '.join(MODES)}.")
    try:
        schema = avro.read(found) if form == AVRO else json_schema.read(found)
        listed = avro.fields(schema) if form == AVRO else json_schema.fields(schema)
    except (avro.Unsound, json_schema.Unsound) as error:
        raise Unsound(f"This {form} schema {error}.") from error
    return {"form": form, "mode": said, "schema": schema, "fields": listed}
