"""A skops file names known types only, each with its own loader."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy
import pytest
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC

from registry.checks import skops_models
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import zipped

X, Y = numpy.arange(40.0).reshape(20, 2) % 7, numpy.arange(20) % 2
HONEST = [
    LogisticRegression(),
    RandomForestClassifier(3),
    HistGradientBoostingClassifier(max_iter=2),
    make_pipeline(StandardScaler(), SVC()),
    make_pipeline(FunctionTransformer(numpy.log1p), SVC()),
    GridSearchCV(SVC(), {"C": [1, 2]}, cv=2),
]


def node(module: str, name: str, loader: str = "ObjectNode", **more: Any) -> dict[str, Any]:
    return {"__module__": module, "__class__": name, "__loader__": loader, **more}


def skops_file(*nodes: dict[str, Any]) -> bytes:
    schema = node("builtins", "list", "ListNode", content=list(nodes), protocol=2, _skops_version="0.13")
    return zipped(**{"schema.json": json.dumps(schema).encode()})


@pytest.mark.parametrize("model", HONEST, ids=lambda model: type(model).__name__)
def test_what_skops_saves_is_no_issue(model):
    assert look(skops_models, skops.io.dumps(model.fit(X, Y)), "model.skops") == ([], {})


@pytest.mark.parametrize(
    ("held", "issue"),
    [
        (node("os", "system", "FunctionNode"), ("critical", "os.system")),
        (node("builtins", "eval", "FunctionNode"), ("critical", "builtins.eval")),
        (node("subprocess", "Popen", "TypeNode"), ("critical", "subprocess.Popen")),
        (node("fraudkit", "Encoder"), ("high", "fraudkit.Encoder")),
        (node("sklearn.utils", "load_things", "FunctionNode"), ("high", "sklearn.utils.load_things")),
        (node("operator", "attrgetter", "OperatorFuncNode"), ("high", "OperatorFuncNode:attrgetter")),
        (node("operator", "methodcaller", "OperatorFuncNode"), ("high", "OperatorFuncNode:methodcaller")),
        (node("sklearn.svm._classes", "SVC", "MethodNode"), ("high", "MethodNode:SVC")),
        (node("sklearn.svm._classes", "SVC", "EvilNode"), ("high", "loader:EvilNode")),
        (
            node("builtins", "dict", "DictNode", content={"a": node("os", "system")}),
            ("critical", "os.system"),
        ),
    ],
)
@pytest.mark.parametrize("name", ["model.skops", "model.bin"])
def test_what_is_not_known_is_told(held, issue, name):
    assert issue in look(skops_models, skops_file(held), name)[0]


@pytest.mark.parametrize("schema", [b"{", b'{"__loader__": 1, "__loader__": 2}', b'{"__loader__":' * 2000])
def test_a_schema_that_cannot_be_read_is_high(schema):
    issues, _ = look(skops_models, zipped(**{"schema.json": schema + b' "__loader__"'}), "model.skops")

    assert issues == [("high", "malformed")]


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()
    content = skops_file(node("fraudkit", "Encoder"))

    report = look_in_sandbox(sandbox, tmp_path, content, "model.skops", "skops_models")

    assert (report.outcome, [issue.name for issue in report.issues]) == ("done", ["fraudkit.Encoder"])
    sandbox.stop()


def test_bytes_beside_the_schema_do_not_matter():
    sink = io.BytesIO()
    skops.io.dump({"a": numpy.arange(3), "b": [1, (2,)]}, sink)

    assert look(skops_models, sink.getvalue(), "data.skops") == ([], {})


def test_a_schema_is_read_in_the_encoding_that_its_loader_would_find():
    schema = json.dumps(node("os", "system", "FunctionNode")).encode("utf-16")

    issues, _ = look(skops_models, zipped(**{"schema.json": schema}), "model.skops")

    assert issues == [("critical", "os.system")]
