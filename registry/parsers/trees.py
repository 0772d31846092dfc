"""Trees of boosted models: every index within its bounds, every node with one parent.

XGBoost as JSON and UBJSON (doc/tutorials/saving_model.rst, src/tree/tree_model.cc) and LightGBM as text
(src/io/tree.cpp). Both libraries follow the numbers of a file without looking twice when they predict.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy
from numpy.typing import NDArray

from registry.parsers import Malformed

Numbers = NDArray[Any]
DEEPEST = 64
MOST_FEATURES = 1 << 26
ARRAYS = ("left_children", "right_children", "split_indices", "split_conditions")
KINDS = {"i": ">i1", "U": "u1", "I": ">i2", "l": ">i4", "L": ">i8", "d": ">f4", "D": ">f8"}
ONE = {"T": True, "F": False, "Z": None, "N": None}


def xgboost(model: Any) -> None:
    """`Malformed` for what no XGBoost writes. Other files that hold a learner are not judged."""
    learner = model.get("learner") if isinstance(model, dict) else None
    booster = learner.get("gradient_booster") if isinstance(learner, dict) else None
    if not isinstance(learner, dict) or not isinstance(booster, dict):
        return
    features = whole_number(learner.get("learner_model_param"), "num_feature", MOST_FEATURES)
    whole_number(learner.get("learner_model_param"), "num_class", 1 << 16)
    if booster.get("name") not in ("gbtree", "gblinear", "dart"):
        raise Malformed("names a kind of booster that does not exist.")
    held = booster.get("gbtree", booster)  # as dart keeps it
    inside = held.get("model") if isinstance(held, dict) else None
    trees = inside.get("trees", []) if isinstance(inside, dict) else None
    if not isinstance(trees, list):
        raise Malformed("holds a booster without its model.")
    for tree in trees:
        xgboost_tree(tree, features)


def xgboost_tree(tree: Any, features: int) -> None:
    try:
        count = whole_number(tree["tree_param"], "num_nodes", 1 << 31)
        left, right, splits, limits = (row(tree[name]) for name in ARRAYS)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed("holds a tree without its parts.") from error
    if not left.size == right.size == splits.size == limits.size == count:
        raise Malformed("holds a tree whose parts differ in length.")
    inner = left != -1
    follow(left[inner], right[inner], count)
    if inner.any() and not (splits[inner].min() >= 0 and splits[inner].max() < max(features, 1)):
        raise Malformed("holds a tree that asks for a feature which does not exist.")


def row(value: Any) -> Numbers:
    found = numpy.asarray(value)
    if found.ndim != 1 or (found.size and found.dtype.kind not in "iuf"):
        raise ValueError
    return found


def follow(left: Numbers, right: Numbers, count: int) -> None:
    """Children are nodes, and no node is a child twice: so nobody goes round in circles."""
    children = numpy.concatenate([left, right])
    if children.size and not (children.min() > 0 and children.max() < count):
        raise Malformed("holds a tree with a child that is no node.")
    if numpy.unique(children).size != children.size:
        raise Malformed("holds a tree with a node that has two parents.")


def whole_number(table: Any, key: str, most: int) -> int:
    """It is written as a text."""
    try:
        value = int(table.get(key, 0))
    except (AttributeError, TypeError, ValueError) as error:
        raise Malformed(f"has no number for {key}.") from error
    if not 0 <= value <= most:
        raise Malformed(f"has a number for {key} that cannot be.")
    return value


def lightgbm(lines: Iterable[bytes]) -> None:
    """Header and trees, up to where the trees end."""
    fields: dict[bytes, bytes] = {}
    highest = 0
    for line in lines:
        key, equals, value = line.strip().partition(b"=")
        if key in {b"Tree", b"end of trees"}:
            highest = lightgbm_part(fields, highest)
            fields = {}
        if key == b"end of trees":
            return
        if equals and key in fields:
            raise Malformed("says the same of a tree twice.")
        fields[key] = value


def lightgbm_part(fields: dict[bytes, bytes], highest: int) -> int:
    """The highest feature: the header says it, trees keep to it."""
    if b"max_feature_idx" in fields:
        highest = one(fields[b"max_feature_idx"])
        if len(fields.get(b"feature_names", b"").split()) != highest + 1:
            raise Malformed("has another number of features than it says.")
    elif b"num_leaves" in fields:
        lightgbm_tree(fields, one(fields[b"num_leaves"]), highest)
    return highest


def lightgbm_tree(fields: dict[bytes, bytes], leaves: int, highest: int) -> None:
    if numbers(fields.get(b"leaf_value", b"")).size != leaves:
        raise Malformed("holds a tree whose parts differ in length.")
    if leaves < 2:
        return
    parts = [numbers(fields.get(name, b"")) for name in (b"left_child", b"right_child", b"split_feature")]
    left, right, splits = parts
    if any(part.size != leaves - 1 for part in parts):
        raise Malformed("holds a tree whose parts differ in length.")
    children = numpy.concatenate([left, right])
    follow(children[children >= 0], ~children[children < 0] + leaves, 2 * leaves)
    if splits.min() < 0 or splits.max() > highest:
        raise Malformed("holds a tree that asks for a feature which does not exist.")
    categories(fields)


def categories(fields: dict[bytes, bytes]) -> None:
    count = one(fields.get(b"num_cat", b"0"))
    if count and numbers(fields.get(b"cat_boundaries", b"")).size != count + 1:
        raise Malformed("holds a tree with categories that are not there.")


def one(text: bytes) -> int:
    found = numbers(text)
    if found.size != 1:
        raise Malformed("has no number where one stands.")
    return int(found[0])


def numbers(text: bytes) -> Numbers:
    try:
        found = numpy.array(text.split(), dtype=float)
    except (ValueError, OverflowError) as error:
        raise Malformed("has a text where a number stands.") from error
    whole: Numbers = numpy.nan_to_num(found).clip(-(1 << 40), 1 << 40).astype(numpy.int64)
    return whole


class Binary:
    """UBJSON, as XGBoost writes it (dmlc json_io.h): every length within the bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = memoryview(data)
        self.at = 0

    def read(self) -> Any:
        value = self.value(self.letter(), 0)
        if self.at != len(self.data):
            raise Malformed("goes on behind its end.")
        return value

    def take(self, size: int) -> memoryview:
        if size < 0 or size > len(self.data) - self.at:
            raise Malformed("holds a length beyond its end.")
        self.at += size
        return self.data[self.at - size : self.at]

    def letter(self) -> str:
        return chr(self.take(1)[0])

    def number(self, kind: str) -> Any:
        if kind not in KINDS:
            raise Malformed("holds a kind of value that XGBoost does not write.")
        form = numpy.dtype(KINDS[kind])
        return numpy.frombuffer(self.take(form.itemsize), form)[0].item()

    def text(self) -> str:
        return bytes(self.take(self.length())).decode("utf-8", "replace")

    def length(self) -> int:
        found = self.number(self.letter())
        if not isinstance(found, int):
            raise Malformed("holds a length that is no number.")
        return found

    def value(self, kind: str, depth: int) -> Any:
        if depth > DEEPEST:
            raise Malformed("is nested too deeply.")
        match kind:
            case "{":
                return self.table(depth)
            case "[":
                return self.array(depth)
            case "S":
                return self.text()
            case "C":
                return self.letter()
        return ONE[kind] if kind in ONE else self.number(kind)

    def table(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while chr(self.data[self.at]) != "}" if self.at < len(self.data) else True:
            key = self.text()
            if key in found:
                raise Malformed("says the same twice.")
            found[key] = self.value(self.letter(), depth + 1)
        self.at += 1
        return found

    def array(self, depth: int) -> Any:
        """Of one kind and counted, counted, or up to its end."""
        kind = self.letter()
        if kind == "$":
            form = self.letter()
            if self.letter() != "#" or form not in KINDS:
                raise Malformed("holds an array of a kind that XGBoost does not write.")
            item = numpy.dtype(KINDS[form])
            return numpy.frombuffer(self.take(self.length() * item.itemsize), item)
        if kind == "#":
            return [self.value(self.letter(), depth + 1) for _ in range(self.counted())]
        found = []
        while kind != "]":
            found.append(self.value(kind, depth + 1))
            kind = self.letter()
        return found

    def counted(self) -> int:
        count = self.length()
        if not 0 <= count <= len(self.data) - self.at:
            raise Malformed("holds a length beyond its end.")
        return count
