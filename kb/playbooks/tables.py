"""Tables of TOML, read field by field: every fault is a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf, isfinite
from typing import Any

from governance.errors import Invalid
from governance.names import plain_text


class Table:
    """A table of TOML, read field by field; what is left over at the end nobody asked for."""

    def __init__(self, where: str, data: Mapping[str, Any]) -> None:
        self.where, self.data, self.asked = where, data, set[str]()

    def take(self, name: str, kind: type | tuple[type, ...], called: str) -> Any:
        self.asked.add(name)
        value = self.data.get(name)
        wrong = not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        if value is not None and wrong:
            raise Invalid(f"{self.where}: {name} is {called}.")
        return value

    def text(self, name: str, most: int, *, needed: bool = True) -> str:
        value = (self.take(name, str, "a text") or "").strip()
        if needed and not value:
            raise Invalid(f"{self.where}: say {name}.")
        if len(value) > most:
            raise Invalid(f"{self.where}: {name} has at most {most} characters.")
        return plain_text(value, name)

    def one_of(self, name: str, known: Iterable[str], *, needed: bool = True) -> str:
        value = self.text(name, 60, needed=needed)
        if value and value not in known:
            raise Invalid(f"{self.where}: there is no {name} {value}. Write one of {', '.join(known)}.")
        return value

    def flag(self, name: str) -> bool:
        return bool(self.take(name, bool, "true or false"))

    def number(self, name: str) -> float | None:
        value = self.take(name, (int, float), "a number")
        try:
            found = None if value is None else float(value)
        except OverflowError:
            found = inf
        if found is not None and not isfinite(found):
            raise Invalid(f"{self.where}: {name} is a number.")
        return found

    def whole(self, name: str, least: int, most: int) -> int | None:
        value: int | None = self.take(name, int, "a whole number")
        if value is not None and not least <= value <= most:
            raise Invalid(f"{self.where}: {name} is from {least} to {most}.")
        return value

    def listed(self, name: str, most: int) -> list[Any]:
        values: list[Any] = self.take(name, list, "a list") or []
        if len(values) > most:
            raise Invalid(f"{self.where}: {name} has at most {most} entries.")
        return values

    def texts(self, name: str, most: int, longest: int) -> list[str]:
        values = self.listed(name, most)
        return [Table(self.where, {name: value}).text(name, longest) for value in values]

    def numbers(self, name: str, least: int, most: int) -> list[int]:
        found = [Table(self.where, {name: each}).whole(name, least, most) for each in self.listed(name, 20)]
        return [number for number in found if number is not None]

    def tables(self, name: str, most: int) -> list[Mapping[str, Any]]:
        values = self.listed(name, most)
        if any(not isinstance(value, dict) for value in values):
            raise Invalid(f"{self.where}: {name} is a list of tables.")
        return values

    def table(self, name: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.take(name, dict, "a table")
        return found

    def nothing_else(self) -> None:
        if strange := sorted(self.data.keys() - self.asked):
            raise Invalid(f"{self.where}: nobody knows what {str(strange[0])[:60]} is for.")
