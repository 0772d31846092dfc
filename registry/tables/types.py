"""What a column of texts holds, in words for people: the narrowest kind that all its values are."""

from __future__ import annotations

from typing import Any

# What pandas takes for missing when it reads a CSV, too.
MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "#N/A", "<NA>"]
DATE = r"^\d{4}-\d{2}-\d{2}$"
TIME = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$"
KINDS = ("boolean", "integer", "number", "date", "time")
OF_POLARS = {
    "Boolean": "boolean",
    "Int": "integer",
    "UInt": "integer",
    "Float": "number",
    "Decimal": "number",
    "Datetime": "time",
    "Date": "date",
    "String": "text",
    "Categorical": "text",
    "Enum": "text",
}


class Columns:
    """Kinds that are still possible for each column, and what is missing in it, over all blocks."""

    def __init__(self, polars: Any, width: int) -> None:
        self._polars = polars
        self.missing = [0] * width
        self._possible: list[list[str]] = [list(KINDS) for _ in range(width)]
        self._rows = 0

    def add(self, frame: Any) -> None:
        """Count one block, a frame of texts."""
        self._rows += frame.height
        asked = {
            f"{place} {kind}": self._fits(name, kind)
            for place, name in enumerate(frame.columns)
            for kind in self._possible[place]
        }
        nulls = frame.null_count().row(0)
        fits = frame.select(**asked).row(0, named=True) if asked else {}
        for place, null in enumerate(nulls):
            self.missing[place] += null
            self._possible[place] = [kind for kind in self._possible[place] if fits[f"{place} {kind}"]]

    def kind(self, place: int) -> str:
        if self.missing[place] == self._rows:
            return "empty"
        return next(iter(self._possible[place]), "text")

    def _fits(self, name: str, kind: str) -> Any:
        """Whether every value that is not missing is of this kind."""
        polars = self._polars
        column = polars.col(name).str.strip_chars()
        if kind == "boolean":
            return column.str.to_lowercase().is_in(["true", "false"]).all()
        if kind in ("date", "time"):
            return column.str.contains(DATE if kind == "date" else TIME).all()
        wanted = polars.Int64 if kind == "integer" else polars.Float64
        return (column.is_null() | column.cast(wanted, strict=False).is_not_null()).all()


def of_polars(dtype: Any) -> str:
    """The word for a type of polars, or its own name for what is nested."""
    name = str(dtype)
    return next((word for start, word in OF_POLARS.items() if name.startswith(start)), name.lower()[:60])
