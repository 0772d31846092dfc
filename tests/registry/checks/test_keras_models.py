"""Keras configurations import nothing but Keras, and HDF5 files lead nowhere else."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from registry.checks import keras_models
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import zipped
from tests.registry.parsers.hdf5 import FILES

CODE = "4wEAAAAAAAAAAAAAAAEAAAADAAAAUwAAAHMIAAAAfABkARcAUwCpAk7pAQAAAKkBcgIAAAA="


def keras(config: Any) -> bytes:
    held = config if isinstance(config, str) else json.dumps(config)
    return zipped(
        **{"metadata.json": b"{}", "config.json": held.encode(), "model.weights.h5": FILES["plain_earliest"]}
    )


def layer(name: str = "Dense", module: str | None = "keras.layers", **config: Any) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": {"name": "a", **config}, "registered_name": None}


def model(*layers: Any, **more: Any) -> dict[str, Any]:
    return {**layer("Sequential", "keras", layers=list(layers)), **more}


def function(module: str | None, name: str) -> dict[str, Any]:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


DENSE = layer(
    units=3,
    kernel_initializer=layer("GlorotUniform", "keras.initializers"),
    dtype=layer("DTypePolicy", "keras"),
)
HONEST = {
    "sequential": model(DENSE, layer("Dropout", rate=0.5)),
    "functional": {
        **layer("Functional", "keras.src.models.functional", layers=[DENSE]),
        "registered_name": "Functional",
    },
    "compiled": model(DENSE, compile_config={"optimizer": layer("Adam", "keras.optimizers"), "loss": "mse"}),
    "loss": model(DENSE, compile_config={"loss": function("keras.losses", "mean_squared_error")}),
    "words": model(layer("StringLookup", vocabulary=["a", "b"])),
    "vectors": model(layer("TextVectorization", vocabulary=None)),
    "hub": model(layer("BertBackbone", "keras_hub.models")),
    "older": {
        "class_name": "Sequential",
        "config": {"layers": [{"class_name": "Dense", "config": {"units": 1}}]},
    },
    "operations": model(layer("Add", "keras.src.ops.numpy")),
    "addition": model(layer("TFOpLambda", "keras.src.layers.core.tf_op_layer", function="math.add")),
    "old addition": model(
        layer("TFOpLambda", "keras.src.layers.core.tf_op_layer", function="compat.v1.shape")
    ),
    "nested": model(model(model(DENSE))),
}
HOSTILE = {
    "lambda": (
        model(layer("Lambda", function={"class_name": "__lambda__", "config": {"code": CODE}})),
        "lambda",
    ),
    "nested lambda": (model(model(layer("Wrapper", layer=layer("Lambda", function="f")))), "lambda"),
    "older lambda": (model({"class_name": "Lambda", "config": {"function": [CODE, None, None]}}), "lambda"),
    "registered lambda": (model({**layer("Innocent"), "registered_name": "keras.layers>Lambda"}), "lambda"),
    "code under any key": (model(layer(note=CODE)), "code"),
    "lambda in a text": (model(layer(inner=json.dumps(model(layer("Lambda"))))), "lambda"),
    "module": (model(layer("system", "os")), "os.system"),
    "initializer": (model(layer(kernel_initializer=function("builtins", "exec"))), "builtins.exec"),
    "function": (model(layer(activation=function("subprocess", "run"))), "subprocess.run"),
    "top": ({**model(), "module": "importlib", "class_name": "import_module"}, "importlib.import_module"),
    "download": (model(layer(activation=function("keras.utils", "get_file"))), "keras.utils.get_file"),
    "setting": (
        model(layer(x=function("keras.config", "enable_unsafe_deserialization"))),
        "keras.config.enable_unsafe_deserialization",
    ),
    "loader": (model(layer(x=function("keras.models", "load_model"))), "keras.models.load_model"),
    "operation": (
        model(layer("TFOpLambda", "keras.src.layers.core", function="io.write_file")),
        "function:io.write_file",
    ),
    "old operation": (
        model(layer("TFOpLambda", "keras.src.layers.core", function="compat.v1.py_func")),
        "function:compat.v1.py_func",
    ),
    "torch": (model(layer("TorchModuleWrapper", module_="UEsDBA==")), "layer:TorchModuleWrapper"),
    "lambda's module": (model(layer("Masking", fn_module="os")), "os"),
}
HIGH = {
    "foreign": (model(layer("Encoder", "fraudkit.layers")), "fraudkit.layers.Encoder"),
    "vocabulary": (model(layer("StringLookup", vocabulary="/etc/passwd")), "vocabulary_path"),
    "remote words": (
        model(layer("TextVectorization", vocabulary="http://host/words.txt")),
        "vocabulary_path",
    ),
    "saved model": (model(layer("TFSMLayer", filepath="/tmp/model")), "layer:TFSMLayer"),
    "part": (model(layer("Thing", "keras.src.saving.file_editor")), "keras.src.saving.file_editor.Thing"),
    "named function": (model(layer("Masking", function="f", function_type="function")), "function"),
}


@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("file", ["model.keras", "model.json"])
def test_what_keras_writes_is_no_issue(name, file):
    held = keras(HONEST[name]) if file == "model.keras" else json.dumps(HONEST[name]).encode()

    assert look(keras_models, held, file) == ([], {})


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("file", ["model.keras", "model.json", "model.bin"])
def test_what_runs_code_is_critical(name, file):
    config, issue = HOSTILE[name]
    held = json.dumps(config).encode() if file == "model.json" else keras(config)

    assert ("critical", issue) in look(keras_models, held, file)[0]


@pytest.mark.parametrize("name", HIGH)
def test_what_is_not_known_is_high(name):
    config, issue = HIGH[name]

    assert ("high", issue) in look(keras_models, keras(config), "model.keras")[0]


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ('{"class_name": "Dense", "config": {}, "class_name": "Flatten"}', "repeated_key"),
        ('{"class_name": "Dense", "config": ' + '{"a":' * 400 + "1" + "}" * 401, "too_deep"),
        ('{"class_name": "Dense", "config": ' + '{"a":' * 40_000 + "1" + "}" * 40_001, "malformed"),
        ('{"class_name": "Dense", ', "malformed"),
    ],
    ids=["repeated", "deep", "deeper", "cut"],
)
def test_a_configuration_that_readers_take_differently_is_high(config, name):
    assert look(keras_models, keras(config), "model.keras")[0] == [("high", name)]


@pytest.mark.parametrize("name", ["plain_earliest", "plain_latest", "many_earliest", "many_latest", "order"])
def test_honest_hdf5_is_no_issue(name):
    assert look(keras_models, FILES[name], "model.h5") == ([], {})


@pytest.mark.parametrize("age", ["earliest", "latest"])
@pytest.mark.parametrize(
    ("kind", "issue"),
    [
        ("link", ("high", "external_link")),
        ("storage", ("high", "external_storage")),
        ("virtual", ("high", "virtual")),
        ("huge", ("high", "huge")),
        ("lambda", ("critical", "lambda")),
        ("fixed", ("critical", "lambda")),
        ("pickle", ("high", "pickle")),
    ],
)
@pytest.mark.parametrize("name", ["model.h5", "weights.bin"])
def test_hostile_hdf5_is_told(kind, age, issue, name):
    assert look(keras_models, FILES[f"{kind}_{age}"], name)[0] == [issue]


@pytest.mark.parametrize("age", ["earliest", "latest"])
def test_an_honest_model_in_hdf5_is_no_issue(age):
    assert look(keras_models, FILES[f"model_{age}"], "model.h5") == ([], {})


def test_weights_in_an_archive_are_looked_at():
    held = zipped(**{"config.json": b"{}", "model.weights.h5": FILES["link_latest"]})

    assert look(keras_models, held, "model.keras")[0] == [("high", "external_link")]


@pytest.mark.parametrize("name", ["many_earliest", "many_latest"])
def test_whatever_is_changed_it_comes_to_an_end(name):
    chance = random.Random(7)
    for _ in range(150):
        held = bytearray(FILES[name])
        for _ in range(chance.randint(1, 9)):
            held[chance.randrange(len(held))] = chance.choice([0, 255, chance.randrange(256)])
        issues, _ = look(keras_models, bytes(held), "a.h5")
        assert {severity for severity, _ in issues} <= {"high", "critical"}


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, keras(HOSTILE["lambda"][0]), "a.keras", "keras_models")

    assert (report.outcome, sorted(issue.name for issue in report.issues)) == ("done", ["code", "lambda"])
    sandbox.stop()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32-be"])
def test_a_configuration_is_read_in_the_encoding_that_its_loader_would_find(encoding):
    held = zipped(**{"config.json": json.dumps(model(layer("Lambda"))).encode(encoding)})

    assert [name for _, name in look(keras_models, held, "a.keras")[0]] == ["lambda"]
