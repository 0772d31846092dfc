"""XGBoost's and LightGBM's own files are trees that can be followed, and nothing else."""

from __future__ import annotations

import json
import re
import struct
from typing import Any

import numpy
import pytest

from registry.checks import boosted_trees
from registry.parsers import tree_json
from registry.parsers.trees import BLOCK
from tests.registry.checks.looking import look

BROKEN = [("high", "malformed")]
TREE = {
    "left_children": [1, -1, -1],
    "right_children": [2, -1, -1],
    "parents": [2147483647, 0, 0],
    "split_indices": [1, 0, 0],
    "split_conditions": [0.5, 1.0, 2.0],
    "tree_param": {"num_deleted": "0", "num_feature": "2", "num_nodes": "3", "size_leaf_vector": "1"},
}
SETTINGS = {
    "version": [3, 0, 5],
    "learner": {
        "generic_param": {"device": "cpu"},
        "gradient_booster": {
            "gbtree_model_param": {"num_trees": "5"},
            "gbtree_train_param": {},
            "name": "gbtree",
        },
        "learner_model_param": {"num_class": "0", "num_feature": "4"},
        "learner_train_param": {"booster": "gbtree", "objective": "binary:logistic"},
    },
}
TEXT = """tree
version=v4
num_class=1
num_tree_per_iteration=1
max_feature_idx=1
objective=regression
feature_names=a b
feature_infos=[0:1] none

Tree=0
num_leaves=3
num_cat=0
split_feature=0 1
threshold=0.5 1.5
left_child=1 -1
right_child=-2 -3
leaf_value=1 -2e-3 3
shrinkage=1

Tree=1
num_leaves=1
num_cat=0
split_feature=
left_child=
right_child=
leaf_value=0.25

end of trees

parameters:
[boosting: gbdt]
[boosting: gbdt]
end of parameters
"""


def model(booster: str = "gbtree") -> dict[str, Any]:
    """As XGBoost 3 writes it, with what is of no interest left out."""
    trees = {"name": "gbtree", "model": {"trees": [TREE, TREE], "tree_info": [0, 0]}}
    held = {
        "gbtree": trees,
        "dart": {"name": "dart", "gbtree": trees, "weight_drop": [1.0]},
        "gblinear": {"name": "gblinear", "model": {"weights": [0.5, 0.5, 0.1]}},
    }[booster]
    numbers = {"base_score": "5E-1", "num_class": "0", "num_feature": "2"}
    return {"learner": {"gradient_booster": held, "learner_model_param": numbers}, "version": [3, 0, 0]}


def ubjson(value: Any) -> bytes:
    """Arrays of numbers of one kind and counted, as XGBoost does it."""
    match value:
        case dict():
            return b"{" + b"".join(counted(key) + ubjson(held) for key, held in value.items()) + b"}"
        case str():
            return b"S" + counted(value)
        case [float(), *_]:
            return b"[$d#L" + struct.pack(">q", len(value)) + numpy.array(value, ">f4").tobytes()
        case [int(), *_]:
            return b"[$l#L" + struct.pack(">q", len(value)) + numpy.array(value, ">i4").tobytes()
        case list():
            return b"[#L" + struct.pack(">q", len(value)) + b"".join(map(ubjson, value))
    raise AssertionError(value)


def counted(text: str) -> bytes:
    return b"L" + struct.pack(">q", len(text)) + text.encode()


def saved(kind: str, booster: str = "gbtree") -> bytes:
    whole = model(booster)
    return json.dumps(whole, separators=(",", ":")).encode() if kind == "json" else ubjson(whole)


def text_of_lightgbm() -> bytes:
    return TEXT.encode()


def with_tree(**parts: Any) -> bytes:
    whole = json.loads(saved("json"))
    tree = whole["learner"]["gradient_booster"]["model"]["trees"][0]
    tree.update({key: change(tree[key]) for key, change in parts.items()})
    return json.dumps(whole).encode()


def first(value: Any) -> Any:
    return lambda held: [value, *held[1:]]


@pytest.mark.parametrize("booster", ["gbtree", "gblinear", "dart"])
@pytest.mark.parametrize("kind", ["json", "ubj"])
def test_what_xgboost_writes_is_no_issue(kind, booster):
    assert look(boosted_trees, saved(kind, booster), f"model.{kind}") == ([], {})


def test_what_lightgbm_writes_is_no_issue():
    assert look(boosted_trees, text_of_lightgbm(), "model.txt") == ([], {})


def test_other_json_is_no_issue():
    assert look(boosted_trees, b'{"learner": "me", "rate": 0.1}', "config.json") == ([], {})


@pytest.mark.parametrize(
    "content",
    [
        with_tree(left_children=first(999_999)),
        with_tree(left_children=first(0)),
        with_tree(right_children=first(-5)),
        with_tree(split_indices=first(10**9)),
        with_tree(split_conditions=lambda held: held[:-1]),
        with_tree(tree_param=lambda held: {**held, "num_nodes": "99999999999"}),
        saved("json").replace(b'"name":"gbtree"', b'"name":"other"'),
        saved("json").replace(b'"num_feature":"2"', b'"num_feature":"-1"'),
        saved("json")[:-1],
        with_tree(left_children=first(0)).replace(
            b'"gbtree",', b'"gbtree", "gbtree": {"model": {"trees": []}},'
        ),
    ],
)
def test_trees_of_xgboost_that_lead_nowhere_are_told(content):
    assert look(boosted_trees, content, "model.json")[0] == BROKEN


def large(last: dict[str, Any]) -> dict[str, Any]:
    """Of a tree that is larger than a block of what is read, and a small one."""
    inner = 1 << 16
    nodes = 2 * inner + 1
    leaves = [-1] * (inner + 1)
    tree = {
        **TREE,
        "left_children": [*range(1, nodes, 2), *leaves],
        "right_children": [*range(2, nodes, 2), *leaves],
        "split_indices": [1] * nodes,
        "split_conditions": [0.5] * nodes,
        "tree_param": {"num_nodes": str(nodes)},
    }
    whole = model()
    whole["learner"]["gradient_booster"]["model"]["trees"] = [tree, last]
    return whole


@pytest.mark.parametrize("form", ["ubj", "json"])
def test_a_large_model_is_followed_tree_by_tree(form):
    write = ubjson if form == "ubj" else lambda value: json.dumps(value).encode()
    good, bad = write(large(TREE)), write(large({**TREE, "split_indices": [9, 0, 0]}))

    assert len(good) > 2 * BLOCK
    assert look(boosted_trees, good, f"model.{form}") == ([], {})
    assert look(boosted_trees, bad, f"model.{form}")[0] == BROKEN


def test_json_whose_trees_cannot_be_followed_is_told(monkeypatch):
    monkeypatch.setattr(tree_json, "MOST_ELSE", 1 << 20)
    padded = saved("json")[:-1] + b" " * tree_json.MOST_ELSE + b"}"
    other = json.dumps({"learner": "x" * tree_json.MOST_ELSE}).encode()

    assert look(boosted_trees, padded, "model.json")[0] == [("high", "not_followed")]
    assert look(boosted_trees, other, "model.json") == ([], {})


def test_what_is_beside_the_trees_is_counted_once(monkeypatch):
    monkeypatch.setattr(tree_json, "MOST_ELSE", 4 * BLOCK)
    padded = saved("json")[:-1] + b" " * 3 * BLOCK + b"}"

    assert look(boosted_trees, padded, "model.json") == ([], {})


def test_trees_of_something_else_are_let_be():
    settings = {"model": model(), "trees": ["oak", 5, {"elm": 1}], "of": {"trees": []}}
    twice = json.dumps(model()).replace('"trees"', '"trees": [], "\\u0074rees"')
    wrong = json.dumps(model()).replace('"trees": [', '"trees": [5, ')

    assert look(boosted_trees, json.dumps(settings).encode(), "settings.json") == ([], {})
    assert look(boosted_trees, twice.encode(), "model.json") == ([], {})
    assert look(boosted_trees, wrong.encode(), "model.json")[0] == BROKEN


@pytest.mark.parametrize(
    "content",
    [
        b"{L" + b"\x7f" * 8,
        b"{L\0\0\0\0\0\0\0\x07learner{L" + b"\x7f" * 8,
        b"{L\0\0\0\0\0\0\0\x07learner[$U#L" + b"\x7f" * 8,
        b"{L\0\0\0\0\0\0\0\x07learner[#L" + b"\x7f" * 8,
        b"{L\0\0\0\0\0\0\0\x07learner" + b"[" * 50_000,
        saved("ubj") + b"\x7fELF",
        saved("ubj")[:-1],
    ],
)
def test_lengths_beyond_the_end_of_ubjson_are_told(content):
    assert look(boosted_trees, content, "model.ubj")[0] == BROKEN


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("num_leaves", "2000000000"),
        ("left_child", "99999"),
        ("left_child", "0"),
        ("right_child", "-99999"),
        ("split_feature", "999999"),
        ("max_feature_idx", "2147483647"),
        ("num_cat", "2000000000"),
        ("leaf_value", "1"),
        ("leaf_value", "1 x"),
    ],
)
def test_trees_of_lightgbm_that_lead_nowhere_are_told(line, value):
    content = re.sub(rf"^{line}=.*$", f"{line}={value}", text_of_lightgbm().decode(), count=1, flags=re.M)

    assert look(boosted_trees, content.encode(), "model.txt")[0] == BROKEN


def test_the_same_said_twice_of_a_tree_is_told():
    content = text_of_lightgbm().replace(b"num_cat=0\n", b"num_cat=0\nnum_cat=0\n", 1)

    assert look(boosted_trees, content, "model.txt")[0] == BROKEN


def test_settings_of_training_are_no_model():
    assert look(boosted_trees, json.dumps(SETTINGS).encode(), "config.json") == ([], {})
