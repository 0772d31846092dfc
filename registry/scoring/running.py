"""The worker's side: two children, a line between them, and one result or one sentence."""

from __future__ import annotations

import builtins
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from time import monotonic
from typing import Any, BinaryIO

from registry.checks import shown
from registry.sandbox import walls, wire
from registry.sandbox.reports import clean
from registry.sandbox.running import Broken, Child, Sandbox
from registry.sandbox.wire import Job, Lies
from registry.scoring import MODEL, REFUSALS, SECONDS, SMALL, TABLE, Result
from registry.scoring.formats import WARM as WARM_FORMATS
from registry.scoring.formats import format_of

WARM = {MODEL: "registry.scoring.warm_models", TABLE: "registry.scoring.warm_tables"}
MEMORY = 2048
LIBRARIES = {MODEL: ("polars", "registry.scoring.named_columns"), TABLE: ("registry.scoring.arrow_tables",)}
AT_ONCE = 5


class Failed(Exception):
    """Nothing was measured, and why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A sealed file on disk and what opens it; `beside`, of a model, is what lies beside it about it."""

    sealed: BinaryIO
    key: bytes
    blob: str
    path: str
    size: int
    beside: str = ""


Told = Callable[[int], None]


class Scorer:
    """Two warm parents: one for models, which has imported scikit-learn, and a small one for tables.
    `modules` are those of tests."""

    def __init__(self, modules: Sequence[str] = (), seconds: float = SECONDS) -> None:
        self._parents = {
            MODEL: Sandbox((WARM[MODEL], *modules)),
            TABLE: Sandbox((WARM[TABLE],)),
        }
        self._seconds = seconds
        self._busy = 0
        self._last = 0.0

    @classmethod
    def sharing(cls, other: Scorer, seconds: float) -> Scorer:
        """With the same parents, and other patience."""
        made = cls(seconds=seconds)
        made._parents = other._parents
        return made

    def stop(self) -> None:
        for parent in self._parents.values():
            parent.stop()

    def score(self, model: Opened, table: Opened, asked: Mapping[str, Any], told: Told = print) -> Result:
        """What was measured; `Failed` with a sentence otherwise."""
        self._busy += 1
        try:
            return self._scored(model, table, asked, told)
        finally:
            self._busy -= 1
            self._last = monotonic()

    @property
    def pids(self) -> list[int]:
        """Of the parents that run."""
        return [parent.pid for parent in self._parents.values() if parent.pid is not None]

    def stop_idle(self, seconds: float) -> None:
        """Unless it was asked for since."""
        if not self._busy and monotonic() - self._last >= seconds:
            self.stop()

    def _scored(self, model: Opened, table: Opened, asked: Mapping[str, Any], told: Told) -> Result:
        needs = {MODEL: taken_along(model), TABLE: () if is_light(table) else LIBRARIES[TABLE]}
        for _ in range(2):
            with ExitStack() as stack:
                pair = Pair(self._parents, stack, self._seconds)
                found = pair.run(model, table, asked, needs, told)
            if isinstance(found, dict):
                return found
            needs = {**needs, found: (*needs[found], *LIBRARIES[found])}
        raise Failed("A library that it takes is not here.")


def taken_along(model: Opened) -> tuple[str, ...]:
    """What its child imports before it sees the bytes, beyond what the warm parent has."""
    found = format_of(model.path)
    return () if found is None or found.name in WARM_FORMATS else (found.module,)


def is_light(table: Opened) -> bool:
    return table.size <= SMALL and not table.path.lower().endswith(".parquet")


class Pair:
    """Two children and the line between them."""

    def __init__(self, parents: Mapping[str, Sandbox], stack: ExitStack, seconds: float) -> None:
        self._parents, self._stack = parents, stack
        self._until = monotonic() + seconds
        self._seconds = seconds

    def run(
        self,
        model: Opened,
        table: Opened,
        asked: Mapping[str, Any],
        needs: Mapping[str, tuple[str, ...]],
        told: Told,
    ) -> Result | str:
        """What both say, or the name of the one that needs its libraries."""
        one, other = socket.socketpair()
        try:
            scorer = self._begun(MODEL, model, {"beside": model.beside}, needs[MODEL], one)
            measurer = self._begun(TABLE, table, dict(asked), needs[TABLE], other)
        finally:
            one.close()
            other.close()
        measured = self._heard(measurer, TABLE, told)
        if measured is None:
            return TABLE
        if "unfit" in measured:
            raise Failed(sentence(measured["unfit"]))
        at_model = self._at_model(scorer, measured)
        if at_model is None:
            return MODEL
        if "refused" in at_model or "unfit" in at_model:
            raise Failed(why_not(at_model, has_seen_rows=measured.get("sent") is not False))
        if "gone" in measured or not isinstance(measured.get("measured"), dict):
            raise Failed("The model ended while it was being scored.")
        memory = at_model.get("memory", 0)
        measured["measured"] |= {"memory": memory if is_memory(memory) else 0, "model_bytes": model.size}
        return measured

    def _begun(
        self,
        name: str,
        file: Opened,
        asked: dict[str, Any],
        libraries: tuple[str, ...],
        line: socket.socket,
    ) -> Child:
        try:
            child = self._stack.enter_context(self._parents[name].child())
            job = Job(file.path, file.blob, file.key.hex(), False, (name,), libraries, asked)
            standing = child.begin(job, file.sealed, line)
        except Broken as error:
            raise Failed(f"The evaluation {error.sentence}") from None
        missing = sorted(walls.whole() - set(standing))
        if missing:
            raise Failed(f"No model is loaded here: this machine's sandbox lacks {', '.join(missing)}.")
        return child

    def _heard(self, child: Child, name: str, told: Told) -> Result | None:
        """The fact of a child; what it tells on the way goes on; nothing where it needs its libraries."""
        while True:
            message = self._message(child, name)
            if message == wire.LIBRARY:
                return None
            if "rows" in message:
                told(int(message["rows"]) if isinstance(message["rows"], int) else 0)
                continue
            if "failed" in message:
                raise Failed(because(name, message))
            fact = message.get("fact")
            if not isinstance(fact, dict):
                raise Failed(f"{WHO[name]} said nothing that is understood.")
            try:
                return dict(clean(fact))
            except Lies as lies:
                raise Failed(f"{WHO[name]} is not sound. {lies}") from None

    def _message(self, child: Child, name: str) -> dict[str, Any]:
        left = self._until - monotonic()
        try:
            return child.listen(max(0.0, left))
        except Broken as error:
            if monotonic() >= self._until:
                raise Failed(
                    f"It was stopped after {self._seconds:g} s: the model hangs, or is too slow."
                ) from None
            raise Failed(f"{WHO[name]} {error.sentence}") from None

    def _at_model(self, child: Child, measured: Result) -> Result | None:
        """What the model's child says when the line is closed. It has said all that counts: it gets little
        time."""
        self._until = min(self._until, monotonic() + AT_ONCE)
        try:
            return self._heard(child, MODEL, lambda rows: None)
        except Failed:
            if "measured" in measured:
                return {}
            raise


WHO = {MODEL: "The model", TABLE: "Reading the table"}


def why_not(at_model: Mapping[str, Any], *, has_seen_rows: bool) -> str:
    """In words of ours once it has seen rows: not everybody may see those, and it might quote them."""
    if "unfit" in at_model and not has_seen_rows:
        return sentence(at_model["unfit"])
    return REFUSALS.get(str(at_model.get("refused")), "The model failed while it was scored.")


def is_memory(value: object) -> bool:
    return type(value) is int and 0 <= value <= 2 * MEMORY << 20


def because(name: str, message: Mapping[str, Any]) -> str:
    """Why a child failed, in words of ours."""
    detail = shown(str(message.get("detail", "")), 200) if name == TABLE else kind_of_error(message)
    if message["failed"] == "memory":
        return f"{WHO[name]} ran out of memory ({MEMORY} MiB)."
    if message["failed"] == "damaged":
        return f"A file cannot be read. {detail}"
    return f"{WHO[name]} failed ({detail or 'unknown error'})."


def kind_of_error(message: Mapping[str, Any]) -> str:
    """The kind alone, and only one that Python knows: a model may say anything."""
    kind = str(message.get("detail", "")).partition(" at ")[0]
    known = isinstance(getattr(builtins, kind, None), type) and kind.endswith("Error")
    return kind if known else ""


def sentence(said: Any) -> str:
    return shown(str(said), 400)
