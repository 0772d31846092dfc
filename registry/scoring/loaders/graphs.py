"""ONNX, by ONNX Runtime on one core. Imported by the child before it sees the bytes.

Classifiers as skl2onnx, onnxmltools and XGBoost write them say a class and its chances; of what gives numbers
alone, one a row is taken as a value, and more need `scoring.json`. Weights in other files are not read.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, BinaryIO

import numpy as np

from registry.scoring import MOST_FEATURES, Refused, Unfit, canonical, lines
from registry.scoring.formats import BESIDE
from registry.scoring.loaders import Array, Loaded, about, column, given, numbered
from registry.scoring.wording import Words

runtime = import_module("onnxruntime")
NUMBERS = {
    "tensor(float)": "f4",
    "tensor(double)": "f8",
    "tensor(int64)": "i8",
    "tensor(int32)": "i4",
    "tensor(float16)": "f2",
    "tensor(bool)": "?",
}
TEXT = "tensor(string)"
NAMED = "seq(map("


def load(file: BinaryIO, words: Words) -> Loaded:
    graph = Graph(opened(file.read()))
    probe = graph.probe()
    kinds = [each.type for each in graph.outputs]
    if len(kinds) >= 2 and kinds[1].startswith(NAMED):
        return of_named_chances(graph, words, probe[1])
    if len(kinds) >= 2 and kinds[0] in ("tensor(int64)", TEXT) and wide(probe[1]) > 1:
        return of_classes(graph, words, wide(probe[1]))
    if kinds[0] not in NUMBERS:
        raise Unfit("It gives neither numbers nor chances of classes.")
    if not words.task and wide(probe[0]) > 1:
        raise Unfit(
            f"It gives {wide(probe[0]):,} numbers a row: {BESIDE} beside it has to say what they are."
        )
    said = words if words.task else Words("regression", features=words.features)
    known, kind, shaped = given(said, wide(probe[0]))
    return graph.loaded(words, known, kind, lambda found: shaped(column(found[0])))


def opened(content: bytes) -> Any:
    """On one core and in this thread; no file but this one, no library of others."""
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    try:
        return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # each of its errors is a class of its own, without a common base
        kind = type(error).__name__
        raise Unfit(f"ONNX Runtime {runtime.__version__} could not load it ({kind}).") from None


class Graph:
    """A session, its inputs and outputs: one table of numbers, or a column for each feature."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.inputs, self.outputs = session.get_inputs(), session.get_outputs()
        self._names = [each.name for each in self.inputs]
        if not self.inputs or len(self.inputs) > MOST_FEATURES or not self.outputs:
            raise Unfit("It takes no input that rows could be, or gives nothing.")
        odd = [each.type for each in self.inputs if each.type not in NUMBERS and each.type != TEXT]
        if odd:
            raise Unfit(f"It takes {odd[0][:60]}, which no row of a table is.")

    @property
    def single(self) -> bool:
        return len(self.inputs) == 1 and self.inputs[0].type in NUMBERS

    @property
    def width(self) -> int | None:
        if not self.single:
            return len(self.inputs)
        shape = self.inputs[0].shape
        last = shape[-1] if len(shape) == 2 else None
        return last if isinstance(last, int) else None

    def probe(self) -> list[Any]:
        """What it gives for one row of nothing: how wide its answers are, and how it calls classes."""
        given: dict[str, Any]
        if self.single:
            given = {self._names[0]: np.zeros((1, self.width or 1), NUMBERS[self.inputs[0].type])}
        else:
            given = {each.name: cell(each, [0.0 if each.type != TEXT else ""]) for each in self.inputs}
        try:
            found: list[Any] = self._session.run(None, given)
        except Exception as error:
            if self.single and self.width is None:
                raise Unfit("It does not say how many features it takes.") from None
            raise Unfit(f"It fails for a row of zeros ({type(error).__name__}).") from None
        return found

    def loaded(self, words: Words, known: tuple[str, ...], kind: bytes, shaped: Any) -> Loaded:
        names = list(words.features) if self.single else self._names
        found = about(names or None, self.width, known, "ONNX")
        return Loaded(found, kind, lambda rows: shaped(self.run(rows)), self.table)

    def table(self, columns: list[str], words: bool) -> Any:
        if self.single:
            if words:
                raise Refused("words")
            kind = NUMBERS[self.inputs[0].type]
            return lambda rows: {self._names[0]: np.ascontiguousarray(rows, dtype=kind)}
        return lambda rows: {each.name: cell(each, of(rows, columns, each.name)) for each in self.inputs}

    def run(self, given: dict[str, Any]) -> list[Any]:
        try:
            found: list[Any] = self._session.run(None, given)
        except Exception:
            raise Refused("library") from None
        return found


def of(rows: Any, columns: list[str], name: str) -> Any:
    if name not in columns:
        raise Refused("names")
    return rows[name] if isinstance(rows, dict) else rows[:, columns.index(name)]


def cell(wanted: Any, values: Any) -> Array:
    """A column of one feature, as the graph takes it."""
    if wanted.type == TEXT:
        texts = ["" if each is None else canonical(each) for each in values]
        return np.array(texts, dtype=object).reshape(-1, 1)
    try:
        numbers = [np.nan if each is None else each for each in values]
        return np.array(numbers, dtype=NUMBERS[wanted.type]).reshape(-1, 1)
    except ValueError:
        raise Refused("words") from None


def wide(output: Any) -> int:
    return int(np.shape(output)[1]) if np.ndim(output) == 2 else 1


def of_named_chances(graph: Graph, words: Words, probe: Any) -> Loaded:
    """A table of chances by class for each row, as skl2onnx writes them."""
    keys = list(probe[0])
    known = tuple(canonical(key) for key in keys)

    def shaped(found: list[Any]) -> Array:
        return np.array([[row[key] for key in keys] for row in found[1]], dtype="f8")

    return graph.loaded(words, known, lines.CHANCES, shaped)


def of_classes(graph: Graph, words: Words, number: int) -> Loaded:
    """A class and a row of chances. Without names the classes have to be 0, 1, 2 …, which is looked at."""
    known = numbered(words, number)

    def shaped(found: list[Any]) -> Array:
        chances = column(found[1])
        said = np.array([canonical(each) for each in np.ravel(found[0])])
        best = np.array(known)[chances.argmax(axis=1)]
        if (said[unlike(chances)] != best[unlike(chances)]).any():
            raise Refused("classes")
        return chances

    return graph.loaded(words, known, lines.CHANCES, shaped)


def unlike(chances: Array) -> Array:
    """Rows whose first two chances are not as good as equal."""
    ordered = np.sort(chances, axis=1)
    found: Array = ordered[:, -1] - ordered[:, -2] > 1e-6
    return found
