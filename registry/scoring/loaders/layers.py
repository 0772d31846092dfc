"""safetensors: numbers, whose layers `scoring.json` names. A few products of matrices, no framework."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np

from registry.parsers import Malformed
from registry.parsers.safetensors import LARGEST_HEADER, METADATA, parsed, read
from registry.scoring import Unfit
from registry.scoring.formats import BESIDE
from registry.scoring.loaders import Array, Loaded, about, given, logistic, numbers_only, softmax
from registry.scoring.wording import Layer, Words

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "identity": lambda values: values,
    "relu": lambda values: np.maximum(values, 0),
    "tanh": np.tanh,
    "sigmoid": logistic,
    "gelu": lambda values: 0.5 * values * (1 + np.tanh(0.7978845608028654 * (values + 0.044715 * values**3))),
    "softmax": softmax,
}


def load(file: BinaryIO, words: Words) -> Loaded:
    """Computed in float64, whatever the file holds."""
    if not words.layers:
        raise Unfit(f"It is numbers alone: it needs {BESIDE} beside it that names its layers.")
    tensors = Tensors(file)
    layers = [matrices(tensors, each) for each in words.layers]
    width = layers[0][0].shape[1]
    for (before, _), (after, _) in pairwise(layers):
        if before.shape[0] != after.shape[1]:
            takes, gets = after.shape[1], before.shape[0]
            raise Unfit(f"{BESIDE}: a layer takes {takes:,} numbers and is given {gets:,}.")
    shift, scale = scaling(tensors, words, width)
    steps = [ACTIVATIONS[each.activation] for each in words.layers]
    classes, kind, shaped = given(words, layers[-1][0].shape[0])

    def answer(rows: Any) -> Array:
        values = (np.asarray(rows, dtype="f8") - shift) / scale
        for (weight, bias), activation in zip(layers, steps, strict=True):
            values = activation(values @ weight.T + bias)
        return shaped(values)

    return Loaded(about(list(words.features) or None, width, classes), kind, answer, numbers_only)


class Tensors:
    """Those of a file, by name, each read when it is asked for."""

    def __init__(self, file: BinaryIO) -> None:
        size = file.seek(0, 2)
        try:
            read(file, size)
        except Malformed as error:
            raise Unfit(f"The file {error}") from None
        file.seek(0)
        length = int.from_bytes(file.read(8), "little")
        self._header = parsed(file.read(min(length, LARGEST_HEADER)))
        self._header.pop(METADATA, None)
        self._file, self._begin = file, 8 + length

    def get(self, name: str, dimensions: int) -> Array:
        entry = self._header.get(name)
        if entry is None:
            raise Unfit(f"{BESIDE} names a tensor that the file has not: {name[:80]}.")
        kind, shape, (start, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        if kind not in TYPES or len(shape) != dimensions or 0 in shape:
            known = ", ".join(TYPES)
            raise Unfit(f"{name[:80]} is no tensor of {dimensions} dimensions with numbers of {known}.")
        self._file.seek(self._begin + start)
        found = np.frombuffer(self._file.read(end - start), dtype=TYPES[kind]).reshape(shape)
        return widened(found) if kind == "BF16" else found.astype("f8")


def widened(halves: Array) -> Array:
    """bfloat16 is the upper half of a float32."""
    return (halves.astype("<u4") << 16).view("<f4").astype("f8")


def matrices(tensors: Tensors, layer: Layer) -> tuple[Array, Array]:
    weight = tensors.get(layer.weight, 2)
    bias = tensors.get(layer.bias, 1) if layer.bias else np.zeros(weight.shape[0])
    if len(bias) != weight.shape[0]:
        raise Unfit(f"{BESIDE}: {layer.bias[:80]} has {len(bias):,} numbers for {weight.shape[0]:,}.")
    return weight, bias


def scaling(tensors: Tensors, words: Words, width: int) -> tuple[Array, Array]:
    shift = tensors.get(words.mean, 1) if words.mean else np.zeros(width)
    scale = tensors.get(words.deviation, 1) if words.deviation else np.ones(width)
    if len(shift) != width or len(scale) != width or (scale == 0).any():
        raise Unfit(f"{BESIDE}: scale is no mean and deviation, none of them zero, of {width:,} features.")
    return shift, scale
