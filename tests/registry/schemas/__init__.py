"""Whether a document is what the official schema of its format says: see README.md."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource

HERE = Path(__file__).parent
SARIF = "sarif-2.1.0.json"
CYCLONEDX = "bom-1.6.SNAPSHOT.schema.json"


@cache
def validator(name: str) -> Draft7Validator:
    schema = json.loads((HERE / name).read_text())
    base = schema["$id"].rpartition("/")[0]
    others = [
        (f"{base}/{path.name}", Resource.from_contents(json.loads(path.read_text())))
        for path in HERE.glob("*.SNAPSHOT.schema.json")
    ]
    return Draft7Validator(schema, registry=Registry().with_resources(others))


def faults(document: Any, name: str) -> list[str]:
    """What the schema does not accept, and where; none of a good document."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator(name).iter_errors(document)]
