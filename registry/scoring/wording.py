"""`scoring.json`: what people say of a model whose file does not say it, in a strict form.

    {"task": "classification", "classes": ["no", "yes"], "features": ["age", "income"], "gives": "logits",
     "layers": [{"weight": "0.weight", "bias": "0.bias", "activation": "relu"}, {"weight": "2.weight"}],
     "scale": {"mean": "mean", "deviation": "deviation"}}

Only `task` is needed. `layers` and `scale` name tensors of a safetensors file; `gives` says what the last
numbers are: chances, logits (of two classes one number or two), scores of the second class, or values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.parsers.strict_json import Repeated, loads
from registry.scoring import MOST_CLASSES, MOST_FEATURES, Unfit, canonical
from registry.scoring.formats import BESIDE

LARGEST = 256 << 10
TASKS = ("classification", "regression")
GIVES = ("chances", "logits", "scores", "values")
ACTIVATIONS = ("identity", "relu", "tanh", "sigmoid", "gelu", "softmax")
MOST_LAYERS = 200
KEYS = frozenset({"task", "classes", "features", "gives", "layers", "scale"})


@dataclass(frozen=True, slots=True)
class Layer:
    """`weight` is outputs by inputs, as PyTorch keeps it."""

    weight: str
    bias: str = ""
    activation: str = "identity"


@dataclass(frozen=True, slots=True)
class Words:
    task: str = ""
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    gives: str = ""
    layers: tuple[Layer, ...] = ()
    mean: str = ""
    deviation: str = ""


def words(text: str) -> Words:
    """`Unfit` for what has not this form; nothing said where the text is empty."""
    if not text:
        return Words()
    said = table(parsed(text), KEYS, "it")
    task, gives = one_of(said.get("task"), TASKS, "task"), said.get("gives", "")
    scale = table(said.get("scale", {}), frozenset({"mean", "deviation"}), "scale")
    return Words(
        task,
        classes(said.get("classes"), task),
        texts(said.get("features", []), "features", MOST_FEATURES),
        one_of(gives, GIVES, "gives") if gives else "",
        tuple(layer(each) for each in listed(said.get("layers", []), "layers", MOST_LAYERS)),
        text_of(scale.get("mean", ""), "mean"),
        text_of(scale.get("deviation", ""), "deviation"),
    )


def parsed(text: str) -> Any:
    try:
        return loads(text)
    except (ValueError, RecursionError, Repeated):
        raise Unfit(f"{BESIDE} is no JSON that says each thing once.") from None


def table(value: Any, keys: frozenset[str], what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unfit(f"{BESIDE}: {what} is no table.")
    odd = sorted(set(value) - keys)
    if odd:
        raise Unfit(
            f"{BESIDE}: {what} says {odd[0][:60]}, which is not understood: {', '.join(sorted(keys))}."
        )
    return value


def one_of(value: Any, known: tuple[str, ...], what: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise Unfit(f"{BESIDE}: {what} has to be one of {', '.join(known)}.")
    return value


def listed(value: Any, what: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise Unfit(f"{BESIDE}: {what} is no list of at most {most:,}.")
    return value


def texts(value: Any, what: str, most: int) -> tuple[str, ...]:
    found = tuple(text_of(each, what) for each in listed(value, what, most))
    if len(set(found)) < len(found) or "" in found:
        raise Unfit(f"{BESIDE}: {what} holds a name twice, or an empty one.")
    return found


def text_of(value: Any, what: str) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise Unfit(f"{BESIDE}: {what} is no text of at most 200 letters.")
    return value


def classes(value: Any, task: str) -> tuple[str, ...]:
    """As a table writes them, too: 1 is "1"."""
    if value is None:
        return ()
    said = listed(value, "classes", MOST_CLASSES)
    found = texts(
        [canonical(each) for each in said if isinstance(each, str | int | float)], "classes", MOST_CLASSES
    )
    if task != "classification" or len(found) < 2:
        raise Unfit(f"{BESIDE}: classes are two or more, of a classification.")
    return found


def layer(value: Any) -> Layer:
    said = table(value, frozenset({"weight", "bias", "activation"}), "a layer")
    activation = one_of(said.get("activation", "identity"), ACTIVATIONS, "activation")
    weight = text_of(said.get("weight", ""), "weight")
    if not weight:
        raise Unfit(f"{BESIDE}: a layer names no weight.")
    return Layer(weight, text_of(said.get("bias", ""), "bias"), activation)
