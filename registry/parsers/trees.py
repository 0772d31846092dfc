"""Trees of boosted models: every index within its bounds, every node with one parent.

XGBoost as JSON and UBJSON (doc/tutorials/saving_model.rst, src/tree/tree_model.cc) and LightGBM as text
(src/io/tree.cpp). Both libraries follow the numbers of a file without looking twice when they predict.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, BinaryIO

from registry.parsers import Malformed

Numbers = Sequence[float]
DEEPEST = 64
MOST_FEATURES = 1 << 26
ARRAYS = ("left_children", "right_children", "split_indices", "split_conditions")
KINDS = {
    "i": "b",
    "U": "B",
    "I": "h",
    "l": "i",
    "L": "q",
    "d": "f",
    "D": "d",
}  # as struct calls them
FURTHEST = 1 << 40
BLOCK = 1 << 20
OF_A_MODEL = (
    ["learner", "gradient_booster", "model", "trees"],
    ["learner", "gradient_booster", "gbtree", "model", "trees"],  # of dart
)
ONE = {"T": True, "F": False, "Z": None, "N": None}


def xgboost(model: Any, known: Mapping[str, Followed | Malformed] = MappingProxyType({})) -> None:
    """`Malformed` for what no XGBoost writes. Other files that hold a learner are not judged. In place of a
    tree may stand the name of one that is known."""
    learner = model.get("learner") if isinstance(model, dict) else None
    booster = learner.get("gradient_booster") if isinstance(learner, dict) else None
    if not isinstance(learner, dict) or not isinstance(booster, dict):
        return
    features = whole_number(learner.get("learner_model_param"), "num_feature", MOST_FEATURES)
    whole_number(learner.get("learner_model_param"), "num_class", 1 << 16)
    if booster.get("name") not in ("gbtree", "gblinear", "dart"):
        raise Malformed("names a kind of booster that does not exist.")
    held = booster.get("gbtree") if booster["name"] == "dart" else booster
    inside = held.get("model") if isinstance(held, dict) else None
    trees = inside.get("trees", []) if isinstance(inside, dict) else None
    if inside is None and "learner_train_param" in learner:
        return  # how it is trained, as `save_config` writes it: no model
    if not isinstance(trees, list):
        raise Malformed("holds a booster without its model.")
    for tree in trees:
        followed = known.get(tree, tree) if isinstance(tree, str) else tree
        if isinstance(followed, Malformed):
            raise followed
        if not isinstance(followed, Followed):
            followed = xgboost_tree(followed)
        if followed.highest >= max(features, 1):
            raise Malformed("holds a tree that asks for a feature which does not exist.")


@dataclass(frozen=True, slots=True)
class Followed:
    """A tree that was followed to its leaves: what is left of it is the highest feature that it asks for."""

    highest: int


def xgboost_tree(tree: Any) -> Followed:
    try:
        count = whole_number(tree["tree_param"], "num_nodes", 1 << 31)
        left, right, splits, limits = (row(tree[name]) for name in ARRAYS)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed("holds a tree without its parts.") from error
    if not len(left) == len(right) == len(splits) == len(limits) == count:
        raise Malformed("holds a tree whose parts differ in length.")
    inner = [node for node, child in enumerate(left) if child != -1]
    follow([side[node] for side in (left, right) for node in inner], count)
    asked = [splits[node] for node in inner]
    if not all(0 <= feature <= MOST_FEATURES for feature in asked):
        raise Malformed("holds a tree that asks for a feature which does not exist.")
    return Followed(int(max(asked, default=-1)))


def row(value: Any) -> Numbers:
    if isinstance(value, array):
        return value
    if not isinstance(value, list) or any(type(each) not in (int, float) for each in value):
        raise ValueError
    return value


def follow(children: Numbers, count: int) -> None:
    """Children are nodes, and no node is a child twice: so nobody goes round in circles."""
    if not all(0 < child < count for child in children):
        raise Malformed("holds a tree with a child that is no node.")
    if len(set(children)) != len(children):
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
    if len(numbers(fields.get(b"leaf_value", b""))) != leaves:
        raise Malformed("holds a tree whose parts differ in length.")
    if leaves < 2:
        return
    parts = [numbers(fields.get(name, b"")) for name in (b"left_child", b"right_child", b"split_feature")]
    left, right, splits = parts
    if any(len(part) != leaves - 1 for part in parts):
        raise Malformed("holds a tree whose parts differ in length.")
    follow([child if child >= 0 else ~child + leaves for child in left + right], 2 * leaves)
    if min(splits) < 0 or max(splits) > highest:
        raise Malformed("holds a tree that asks for a feature which does not exist.")
    categories(fields)


def categories(fields: dict[bytes, bytes]) -> None:
    count = one(fields.get(b"num_cat", b"0"))
    if count and len(numbers(fields.get(b"cat_boundaries", b""))) != count + 1:
        raise Malformed("holds a tree with categories that are not there.")


def one(text: bytes) -> int:
    found = numbers(text)
    if len(found) != 1:
        raise Malformed("has no number where one stands.")
    return found[0]


def numbers(text: bytes) -> list[int]:
    """Without what stands behind the point; what is none, or endless, is far off or nothing."""
    try:
        found = [float(word) for word in text.split()]
    except ValueError as error:
        raise Malformed("has a text where a number stands.") from error
    return [0 if number != number else int(max(-FURTHEST, min(number, FURTHEST))) for number in found]


class Binary:
    """UBJSON, as XGBoost writes it (dmlc json_io.h): every length within the bytes. It is read a block at a
    time, and of trees nothing is kept once they were followed: a model may be larger than memory."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size
        self._block, self._at = memoryview(b""), 0
        self._path: list[str] = []

    def read(self) -> Any:
        value = self.value(self.letter(), 0)
        if self._left or self._at < len(self._block):
            raise Malformed("goes on behind its end.")
        return value

    def take(self, size: int) -> memoryview:
        held = len(self._block) - self._at
        if size < 0 or size > self._left + held:
            raise Malformed("holds a length beyond its end.")
        if size > held:
            more = self._file.read(min(self._left, max(size - held, BLOCK)))
            self._left -= len(more)
            self._block, self._at = memoryview(bytes(self._block[self._at :]) + more), 0
        if size > len(self._block) - self._at:
            raise Malformed("ends before its end.")
        self._at += size
        return self._block[self._at - size : self._at]

    def letter(self) -> str:
        return chr(self.take(1)[0])

    def number(self, kind: str) -> Any:
        if kind not in KINDS:
            raise Malformed("holds a kind of value that XGBoost does not write.")
        form = struct.Struct(">" + KINDS[kind])
        return form.unpack(self.take(form.size))[0]

    def text(self, kind: str) -> str:
        return bytes(self.take(self.length(kind))).decode("utf-8", "replace")

    def length(self, kind: str) -> int:
        found = self.number(kind)
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
                return self.text(self.letter())
            case "C":
                return self.letter()
        return ONE[kind] if kind in ONE else self.number(kind)

    def table(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (kind := self.letter()) != "}":
            key = self.text(kind)
            if key in found:
                raise Malformed("says the same twice.")
            self._path.append(key)
            found[key] = self.value(self.letter(), depth + 1)
            self._path.pop()
        return found

    def array(self, depth: int) -> Any:
        """Of one kind and counted, counted, or up to its end."""
        kind = self.letter()
        if kind == "$":
            form = self.letter()
            if self.letter() != "#" or form not in KINDS:
                raise Malformed("holds an array of a kind that XGBoost does not write.")
            found = array(KINDS[form])
            found.frombytes(self.take(self.length(self.letter()) * found.itemsize))
            if sys.byteorder == "little":
                found.byteswap()
            return found
        if kind == "#":
            return [self.member(self.letter(), depth) for _ in range(self.counted())]
        listed = []
        while kind != "]":
            listed.append(self.member(kind, depth))
            kind = self.letter()
        return listed

    def member(self, kind: str, depth: int) -> Any:
        value = self.value(kind, depth + 1)
        return xgboost_tree(value) if self._path in OF_A_MODEL else value

    def counted(self) -> int:
        count = self.length(self.letter())
        if not 0 <= count <= self._left + len(self._block) - self._at:
            raise Malformed("holds a length beyond its end.")
        return count
