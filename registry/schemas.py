"""Whether data is as a JSON Schema (2020-12) wants it. The library is loaded by the first that asks."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from governance.late import late


class Schema:
    """A schema from its file. One that is none is a fault of ours, which a test finds."""

    def __init__(self, file: Path) -> None:
        self.data: dict[str, Any] = json.loads(file.read_text())

    def complaint(self, data: Any, whole: str) -> str | None:
        """What is most wrong, where: a sentence. `whole` is how to call the data itself."""
        wrong = late("jsonschema.exceptions").best_match(self._validator.iter_errors(data))
        if wrong is None:
            return None
        where = ".".join(map(str, wrong.absolute_path))[:120]
        return f"{where or whole}: {unknown(wrong) or wrong.message[:300]}."

    @cached_property
    def _validator(self) -> Any:
        kind = late("jsonschema").Draft202012Validator
        kind.check_schema(self.data)
        return kind(self.data)


def unknown(wrong: Any) -> str:
    """That a field does not exist, and which do; nothing for whatever else is wrong."""
    known = wrong.schema.get("properties", {}) if wrong.validator == "additionalProperties" else {}
    beyond = [name for name in wrong.instance if name not in known] if known else []
    return f"there is no field {beyond[0][:80]}, only {', '.join(known)}" if beyond else ""
