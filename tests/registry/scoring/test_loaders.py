"""Models of other formats are loaded and asked, or there is one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pytest
import xgboost
from sklearn.linear_model import LogisticRegression

from registry.scoring.running import Failed, Scorer
from tests.registry.parsers.graphs import field
from tests.registry.scoring.conftest import Score, opened, written

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(size=(300, 3)).round(4)
TRUTH = (ROWS[:, 0] + 0.5 * RANDOM.normal(size=300) > 0).astype(int)
THREE = np.digitize(ROWS[:, 0], [-0.5, 0.5])
VALUES = (2 * ROWS[:, 0] - ROWS[:, 1]).round(4)
TABLE = written(ROWS.tolist(), TRUTH.tolist())
LINEAR = LogisticRegression().fit(ROWS, TRUTH)
ANSWERS = {"two": TRUTH, "three": THREE, "values": VALUES}


def of_xgboost(form: str, objective: str, truth: Any, **more: Any) -> bytes:
    asked = {"objective": objective, "nthread": 1, "max_depth": 3, **more}
    return bytes(xgboost.train(asked, xgboost.DMatrix(ROWS, truth), 5).save_raw(form))


def of_lightgbm(objective: str, truth: Any, **more: Any) -> bytes:
    asked = {"objective": objective, "num_threads": 1, "verbose": -1, **more}
    return lightgbm.train(asked, lightgbm.Dataset(ROWS, truth), 5).model_to_string().encode()


def safetensors(**tensors: Any) -> bytes:
    header, body = {}, b""
    for name, values in tensors.items():
        raw = np.asarray(values, dtype="<f4").tobytes()
        place = [len(body), len(body) + len(raw)]
        header[name] = {"dtype": "F32", "shape": list(np.shape(values)), "data_offsets": place}
        body += raw
    head = json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + body


def onnx(*nodes: bytes, wide: int | None, tensors: dict[str, Any] | None = None) -> bytes:
    """Of an input x of three numbers and an output y."""
    held = [
        field(5, b"".join(field(1, side) for side in np.shape(values)) + field(2, 1) + field(8, name)
              + field(9, np.asarray(values, dtype="<f4").tobytes()))
        for name, values in (tensors or {}).items()
    ]  # fmt: skip
    graph = b"".join(field(1, node) for node in nodes) + field(2, "g") + b"".join(held)
    graph += field(11, shaped("x", 3)) + field(12, shaped("y", wide))
    return field(1, 8) + field(7, graph) + field(8, field(2, 17))


def shaped(name: str, wide: int | None) -> bytes:
    sides = field(1, field(2, "rows")) + (field(1, field(1, wide)) if wide else b"")
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, sides)))


def node(operator: str, *names: str, gives: str = "y") -> bytes:
    return b"".join(field(1, name) for name in names) + field(2, gives) + field(4, operator)


def of_linear(last: str = "Sigmoid") -> bytes:
    tensors = {"w": LINEAR.coef_.T, "b": LINEAR.intercept_}
    nodes = (node("MatMul", "x", "w", gives="p"), node("Add", "p", "b", gives="s"), node(last, "s"))
    return onnx(*nodes, wide=1, tensors=tensors)


CLASSES = json.dumps({"task": "classification"})
LAYERS = json.dumps(
    {
        "task": "classification",
        "gives": "logits",
        "classes": [0, 1],
        "layers": [{"weight": "w", "bias": "b"}],
    }
)
GOOD = {
    "onnx": ("m.onnx", of_linear(), CLASSES, "two"),
    "onnx of values": ("m.onnx", of_linear("Identity"), "", "values"),
    "xgboost json": ("model.json", of_xgboost("json", "binary:logistic", TRUTH), "", "two"),
    "xgboost ubj": ("m.ubj", of_xgboost("ubj", "multi:softprob", THREE, num_class=3), "", "three"),
    "xgboost softmax": ("m.ubj", of_xgboost("ubj", "multi:softmax", THREE, num_class=3), "", "three"),
    "xgboost values": ("m.ubj", of_xgboost("ubj", "reg:squarederror", VALUES), "", "values"),
    "xgboost linear": (
        "m.ubj",
        of_xgboost("ubj", "reg:squarederror", VALUES, booster="gblinear", max_depth=None),
        "",
        "values",
    ),
    "xgboost dart": ("m.ubj", of_xgboost("ubj", "binary:logistic", TRUTH, booster="dart"), "", "two"),
    "lightgbm": ("model.txt", of_lightgbm("binary", TRUTH), "", "two"),
    "lightgbm of three": ("m.lgb.txt", of_lightgbm("multiclass", THREE, num_class=3), "", "three"),
    "lightgbm of values": ("model.txt", of_lightgbm("regression", VALUES), "", "values"),
    "safetensors": ("m.safetensors", safetensors(w=LINEAR.coef_, b=LINEAR.intercept_), LAYERS, "two"),
}


@pytest.mark.parametrize(
    "case", [name if " " not in name else pytest.param(name, marks=pytest.mark.slow) for name in GOOD]
)
def test_a_model_is_loaded_and_measured(score: Score, case: str) -> None:
    name, content, beside, answers = GOOD[case]
    truth = ANSWERS[answers]

    measured = score(content, written(ROWS.tolist(), truth.tolist()), name=name, beside=beside)["measured"]

    if answers == "values":
        assert measured["metrics"]["rmse"] < measured["baseline"]["rmse"] * (9 if "onnx" in case else 1)
    else:
        assert measured["metrics"]["accuracy"] > 0.8


def endless() -> bytes:
    """A loop that nobody ends: 2^62 times around."""
    count = field(2, 7) + field(8, "n") + field(9, (1 << 62).to_bytes(8, "little"))
    true = field(2, 9) + field(8, "t") + field(9, b"\x01")
    inner = field(1, node("Identity", "c", gives="go")) + field(1, node("Identity", "v", gives="w"))
    inner += (
        field(2, "body") + field(11, scalar("i", 7)) + field(11, scalar("c", 9)) + field(11, shaped("v", 3))
    )
    inner += field(12, scalar("go", 9)) + field(12, shaped("w", 3))
    loop = node("Loop", "n", "t", "x") + field(5, field(1, "body") + field(6, inner) + field(20, 5))
    graph = field(1, loop) + field(2, "g") + field(5, count) + field(5, true)
    return (
        field(1, 8)
        + field(7, graph + field(11, shaped("x", 3)) + field(12, shaped("y", 3)))
        + field(8, field(2, 17))
    )


def scalar(name: str, kind: int) -> bytes:
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, b"")))


def of_one_row() -> bytes:
    """Answers one row, however many it is asked."""
    axis = field(1, "axes") + field(8, 0) + field(20, 7)
    return onnx(node("ReduceMean", "x") + field(5, axis), wide=3)


def allocating() -> bytes:
    """x of so many rows against itself, 2^30 times as wide."""
    shape = field(1, 2) + field(2, 7) + field(8, "s") + field(9, (1 << 16).to_bytes(8, "little") * 2)
    nodes = (node("ConstantOfShape", "s", gives="m"), node("ReduceMean", "m"))
    graph = b"".join(field(1, each) for each in nodes) + field(2, "g") + field(5, shape)
    return (
        field(1, 8)
        + field(7, graph + field(11, shaped("x", 3)) + field(12, shaped("y", 1)))
        + field(8, field(2, 17))
    )


def beyond() -> bytes:
    """A tree whose root leads to nodes that are not there, as no check would let it through."""
    model = json.loads(of_xgboost("json", "binary:logistic", TRUTH))
    tree = model["learner"]["gradient_booster"]["model"]["trees"][0]
    tree["left_children"][0] = tree["right_children"][0] = 1 << 30
    return json.dumps(model).encode()


def layers(*named: dict[str, str], **more: Any) -> str:
    return json.dumps({"task": "classification", "gives": "logits", "layers": named, **more})


NUMBERS = safetensors(w=np.ones((1, 3)), v=np.ones((1, 7)))
BAD = {
    "onnx, no bytes": ("m.onnx", b"\x08\x08", "", "ONNX Runtime"),
    "onnx, several numbers": (
        "m.onnx",
        onnx(node("Relu", "x"), wide=3),
        "",
        "It gives 3 numbers a row: scoring",
    ),
    "onnx, another shape": (
        "m.onnx",
        of_one_row(),
        json.dumps({"task": "classification", "classes": ["0", "1", "2"]}),
        "The model is not sound. It answered 1 rows for ",
    ),
    "onnx, allocates": ("m.onnx", allocating(), CLASSES, "It fails for a row of zeros ("),
    "xgboost, no bytes": ("model.json", b"", "", "It is no model of XGBoost in JSON or UBJSON"),
    "xgboost, cut": ("model.json", b'{"learner": {', "", "XGBoost "),
    "xgboost, crashes": ("model.json", beyond(), "", "The model "),
    "lightgbm, no model": ("model.txt", b"tree\n", "", "LightGBM "),
    "numbers without words": ("m.safetensors", NUMBERS, "", "It is numbers alone: it needs scoring.json"),
    "another layer": ("m.safetensors", NUMBERS, layers({"weight": "u"}), "scoring.json names a tensor that"),
    "layers apart": (
        "m.safetensors",
        NUMBERS,
        layers({"weight": "w"}, {"weight": "v"}),
        "scoring.json: a layer takes 7 numbers and is given 1.",
    ),
    "other words": (
        "m.safetensors",
        NUMBERS,
        '{"task": "classification", "run": 1}',
        "scoring.json: it says run",
    ),
    "said twice": ("m.safetensors", NUMBERS, '{"task": 1, "task": 2}', "scoring.json is no JSON that says"),
    "one class": (
        "m.safetensors",
        NUMBERS,
        layers({"weight": "w"}, classes=["a"]),
        "scoring.json: classes are two",
    ),
}


@pytest.mark.parametrize(
    "case", [pytest.param(name, marks=pytest.mark.slow) if "onnx" in name else name for name in BAD]
)
def test_an_odd_model_is_a_sentence(score: Score, case: str) -> None:
    name, content, beside, sentence = BAD[case]

    with pytest.raises(Failed) as failed:
        score(content, TABLE, name=name, beside=beside)

    assert str(failed.value).startswith(sentence)


@pytest.mark.slow
def test_a_graph_that_does_not_end_is_stopped(scorer: Scorer, tmp_path: Path) -> None:
    one, other = opened(tmp_path, endless(), "m.onnx"), opened(tmp_path, TABLE, "t.csv")

    with one.sealed, other.sealed, pytest.raises(Failed) as failed:
        Scorer.sharing(scorer, seconds=2).score(one, other, {"target": "target"})

    assert str(failed.value).startswith("It was stopped after 2 s")


def test_words_are_not_numbers(score: Score) -> None:
    with pytest.raises(Failed) as failed:
        score(
            GOOD["safetensors"][1], written([["a", 1, 2]] * 3, [0, 1, 0]), name="m.safetensors", beside=LAYERS
        )

    assert str(failed.value) == "It takes numbers, and some of its features are words here."
