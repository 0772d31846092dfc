"""Graphs run no Python, need no library of their author's, and choose no files."""

from __future__ import annotations

import json
import random

import pytest

from registry.checks import graphs
from registry.parsers.tflite import overlap
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import tarred, zipped
from tests.registry.parsers.graphs import (
    Table,
    constant,
    field,
    graph,
    graph_def,
    node,
    onnx,
    operation,
    saved_model,
    tensor,
    tflite,
)

TEXTS = 5  # tensors of texts have as many bytes as they like
BESIDE = (("location", "model.onnx_data"), ("offset", "0"), ("length", "16"))
FUNCTION = field(25, field(1, "F") + field(7, node()) + field(10, "pkg.torch"))
LAMBDA = json.dumps({"class_name": "Model", "config": {"layers": [{"class_name": "Lambda", "config": {}}]}})
DENSE = json.dumps({"class_name": "Dense", "config": {"units": 3}})


def keras_objects(metadata: str) -> bytes:
    return field(7, field(1, field(4, field(1, "_tf_keras_model") + field(3, metadata))))


HONEST = {
    "model.onnx": onnx(node(), tensors=(tensor(2, 2, raw=bytes(16)),)),
    "scalar.onnx": onnx(node(), tensors=(tensor(raw=bytes(4)),)),
    "external.onnx": onnx(node(), tensors=(tensor(2, 2, external=BESIDE),)),
    "classical.onnx": onnx(node("TreeEnsembleClassifier", "ai.onnx.ml")),
    "microsoft.onnx": onnx(node("Attention", "com.microsoft")),
    "quantized.onnx": onnx(node("MatMulNBits", "com.microsoft")),
    "trained.onnx": onnx(node("BiasGeluGrad_dX", "com.microsoft")),
    "function.onnx": onnx(node("F", "pkg.torch"), more=FUNCTION),
    "if.onnx": onnx(node("If", "", field(1, "then_branch") + field(6, graph(node())) + field(20, 5))),
    "properties.onnx": onnx(node(), more=field(14, field(1, "author") + field(2, "me"))),
    "saved_model.pb": saved_model(
        graph_def(
            operation("Placeholder", "file"),
            operation("StringJoin", "join", ("file", "part")),
            constant("_temp_0a1b/part", "part"),
            operation("SaveV2", "save", ("join",)),
            functions=((operation("MatMul"), operation("StatefulPartitionedCall")),),
        ),
        field(6, field(2, "vocab.txt")) + keras_objects(DENSE),
    ),
    "frozen.pb": graph_def(operation("Placeholder"), operation("Conv2D"), operation("PrintV2")),
    "keras_metadata.pb": field(
        1, field(2, 0) + field(3, "root") + field(4, "_tf_keras_model") + field(5, DENSE)
    ),
    "fingerprint.pb": field(1, 1234567) + field(2, 98765),
    "variables/fingerprint.pb": field(1, 3) + field(7, b"\x08\x01"),  # which begins like ONNX
    "model.tflite": tflite(),
    "bytes.tflite": tflite(data="abcd"),
    "large.tflite": tflite(data="a" * 1_100_000, tensor=Table(None, TEXTS, 0, "x")),
    "labelled.tflite": tflite() + zipped(**{"labels.txt": b"a"}),
    "signed.tflite": tflite(signature=Table([Table("x", 0)], None, "s", None, 0)),
    "detection.tflite": tflite("TFLite_Detection_PostProcess"),
    "flex.tflite": tflite("FlexErf"),
    "save.tflite": tflite("FlexRestoreV2"),
    "typed.onnx": onnx(node(), tensors=(field(1, 2) + field(2, 1) + field(4, bytes(8)),)),
    "documented.onnx": onnx(node(), more=field(6, "model.eval()\nx = self.eval(x)")),
}


@pytest.mark.parametrize("name", HONEST)
def test_what_exporters_write_blocks_nothing(name):
    issues, _ = look(graphs, HONEST[name], name)

    assert [issue for issue in issues if issue[0] in {"critical", "high", "medium"}] == []


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "..\\..\\x",
        "C:\\x",
        "file:///etc/passwd",
        "a/../../b",
        "%2e%2e/x",
        "~/x",
        "",
    ],
)
def test_external_data_that_leaves_the_folder_is_critical(path):
    held = onnx(node(), tensors=(tensor(4, external=(("location", path),)),))

    assert look(graphs, held, "model.onnx")[0] == [("critical", "external_path")]


@pytest.mark.parametrize(
    ("content", "issue"),
    [
        (onnx(node("PyOp", "ai.onnx.contrib")), ("critical", "operator:PyOp")),
        (onnx(node("PythonOp", "com.microsoft")), ("critical", "operator:PythonOp")),
        (onnx(node("AzureTextToText", "ai.onnx.contrib")), ("high", "operator:AzureTextToText")),
        (onnx(node("Thing", "fraud.kit")), ("high", "domain:fraud.kit")),
        (onnx(node("Thing", "com.microsoft")), ("high", "operator:Thing")),
        (onnx(node("AzureTextToImage", "com.microsoft.extensions")), ("high", "operator:AzureTextToImage")),
        (onnx(node("ThingGrad", "com.microsoft")), ("high", "operator:ThingGrad")),
        (
            onnx(node("If", "", field(6, graph(node("PyOp", "ai.onnx.contrib"))))),
            ("critical", "operator:PyOp"),
        ),
        (onnx(node(), more=field(25, field(7, node("Thing", "fraud.kit")))), ("high", "domain:fraud.kit")),
        (
            onnx(node("Constant", "", field(5, tensor(4, external=(("location", "/x"),))))),
            ("critical", "external_path"),
        ),
        (
            onnx(node(), tensors=(tensor(4, external=(("location", "x"), ("__class__", "y"))),)),
            ("high", "external_key"),
        ),
        (
            onnx(node(), tensors=(tensor(4, external=(("location", "*/_ORT_MEM_ADDR_/*"),)),)),
            ("critical", "external_memory"),
        ),
        (
            onnx(node(), tensors=(tensor(4, external=(("location", "x"), ("offset", "-9"))),)),
            ("high", "external_place"),
        ),
        (onnx(node(), tensors=(tensor(3, raw=bytes(16)),)), ("high", "malformed")),
        (onnx(node(), tensors=(tensor(-1, raw=b""),)), ("high", "malformed")),
        (onnx(node(), more=field(7, graph())), ("high", "malformed")),
        (onnx(node(), more=field(99, "x")), ("high", "malformed")),
        (onnx(node())[:-3], ("high", "malformed")),
        (
            onnx(node(), more=field(14, field(1, "a") + field(2, "{{ x.__class__ }}"))),
            ("critical", "template_dunder"),
        ),
        (
            onnx(node("EPContext", "com.microsoft", field(1, "ep_cache_context") + field(4, "../x"))),
            ("critical", "context_path"),
        ),
    ],
)
def test_hostile_onnx_is_told(content, issue):
    assert look(graphs, content, "model.onnx")[0] == [issue]


def test_graphs_nested_beyond_measure_are_told():
    held = node()
    for _ in range(60):
        held = node("If", "", field(6, graph(held)))

    assert look(graphs, onnx(held), "model.onnx")[0] == [("high", "malformed")]


@pytest.mark.parametrize("wrap", [lambda held: held, saved_model])
@pytest.mark.parametrize(
    ("severity", "kind"),
    [
        ("critical", "PyFunc"),
        ("critical", "EagerPyFunc"),
        ("critical", "WriteFile"),
        ("critical", "DebugIdentityV2"),
        ("high", "ReadFile"),
        ("high", "MatchingFiles"),
    ],
)
def test_an_operation_that_no_model_needs_is_told(wrap, severity, kind):
    top = wrap(graph_def(operation("Add"), operation(kind)))
    inner = wrap(graph_def(operation("Add"), functions=((operation(kind),),)))

    assert look(graphs, top, "saved_model.pb")[0] == [(severity, kind)]
    assert look(graphs, inner, "graph.pb")[0] == [(severity, kind)]


@pytest.mark.parametrize("packed", [False, True])
def test_saving_to_a_fixed_path_elsewhere_is_critical(packed):
    held = graph_def(
        constant("/root/.bashrc", packed=packed),
        operation("Identity", "same", ("path:0",)),
        operation("SaveV2", "save", ("same",)),
    )

    assert look(graphs, saved_model(held), "saved_model.pb")[0] == [("critical", "SaveV2")]


def test_printing_into_a_file_is_critical():
    held = graph_def(operation("PrintV2", output_stream=field(2, "file:///tmp/x")))

    assert look(graphs, held, "graph.pb")[0] == [("critical", "PrintV2")]


@pytest.mark.parametrize(
    ("content", "name", "issue"),
    [
        (
            saved_model(graph_def(operation("Add")), keras_objects(LAMBDA)),
            "saved_model.pb",
            ("critical", "lambda"),
        ),
        (field(1, field(5, LAMBDA)), "keras_metadata.pb", ("critical", "lambda")),
        (
            saved_model(graph_def(operation("Add")), field(6, field(2, "../../x"))),
            "a.pb",
            ("critical", "asset_path"),
        ),
        (b"\x0a\xff\xff\xff\x7f", "saved_model.pb", ("high", "malformed")),
        (graph_def(operation("PyFunc")), "weights.bin", ("critical", "PyFunc")),
    ],
)
def test_what_lies_beside_the_graph_is_told(content, name, issue):
    assert look(graphs, content, name)[0] == [issue]


def core_operation(path: str = "@model_path/weights/weight.bin", kind: str = "const") -> bytes:
    """An operation of a Core ML program, whose value lies in a file."""
    blob = field(5, field(1, path) + field(2, 64))
    return field(1, kind) + field(5, field(1, "val") + field(2, blob))


def core_program(
    path: str = "@model_path/weights/weight.bin", kind: str = "const", deep: bool = False
) -> bytes:
    held = core_operation(path, kind)
    held = field(1, "cond") + field(4, field(3, held)) if deep else held
    function = field(2, "CoreML7") + field(3, field(1, "CoreML7") + field(2, field(3, held)))
    return field(1, 7) + field(502, field(1, 1) + field(2, field(1, "main") + field(2, function)))


CUSTOM = field(1, field(1, "a") + field(500, field(10, "MyLayer")))


@pytest.mark.parametrize(
    ("content", "issues"),
    [
        (field(1, 4) + field(2, field(100, field(1, "short"))) + field(500, field(1, field(1, "a"))), []),
        (field(1, 4) + field(500, CUSTOM), [("high", "custom_layer")]),
        (field(1, 4) + field(202, field(1, field(1, 4) + field(500, CUSTOM))), [("high", "custom_layer")]),
        (
            field(1, 4) + field(200, field(1, field(1, field(1, 4) + field(500, CUSTOM)))),
            [("high", "custom_layer")],
        ),
        (field(1, 4) + field(555, field(1, "MyModel")), [("high", "custom_model")]),
        (field(1, 4) + field(556, field(1, "x")), [("high", "linked_model")]),
        (core_program("@model_path/../../x"), [("critical", "weights_elsewhere")]),
        (bytes(range(200)), [("high", "malformed")]),
    ],
)
def test_core_ml_needs_no_code_of_an_app(content, issues):
    assert look(graphs, content, "model.mlmodel")[0] == issues


def test_a_graph_as_text_is_read_too():
    held = b'node { name: "a" op: "PyFunc" }\nnode { name: "b" op: "Add" }\n'

    assert look(graphs, held, "saved_model.pbtxt")[0] == [("critical", "PyFunc")]


def test_a_message_of_another_program_is_medium():
    assert look(graphs, tensor(2, 2, raw=bytes(16)), "input_0.pb")[0] == [("medium", "malformed")]


@pytest.mark.parametrize(
    ("content", "issue"),
    [
        (tflite("FlexPyFunc"), ("critical", "operator:FlexPyFunc")),
        (tflite("FlexReadFile"), ("critical", "operator:FlexReadFile")),
        (tflite("EvilOp"), ("high", "operator:EvilOp")),
        (tflite(version=9), ("high", "malformed")),
        (tflite(code=7), ("high", "malformed")),
        (tflite(first=Table(None, None, None, 999)), ("high", "malformed")),
        (tflite(first=Table(32)), ("high", "malformed")),
        (tflite(tensor=Table(None, 99, 0, "x")), ("high", "malformed")),
        (tflite(tensor=Table(None, 0, 3, "x")), ("high", "malformed")),
        (tflite(data="abcde"), ("high", "malformed")),
        (tflite(signature=Table(None, None, "s", None, 1)), ("high", "malformed")),
        (tflite(signature=Table([Table("x", 1)], None, "s", None, 0)), ("high", "malformed")),
        (tflite()[:40], ("high", "malformed")),
        (b"\xff\xff\xff\x7fTFL3" + bytes(60), ("high", "malformed")),
    ],
)
def test_hostile_tflite_is_told(content, issue):
    assert look(graphs, content, "model.tflite")[0] == [issue]


@pytest.mark.parametrize("pack", [lambda held: zipped(**{"model.onnx": held}), lambda held: tarred(held)])
def test_archives_hide_nothing(pack):
    assert look(graphs, pack(onnx(node("PyOp", "ai.onnx.contrib"))), "a")[0] == [
        ("critical", "operator:PyOp")
    ]


def test_buffers_of_tflite_that_share_bytes_are_seen():
    assert (overlap([(0, 8), (20, 0), (8, 8)]), overlap([(0, 8), (30, 4), (7, 2)])) == (False, True)


@pytest.mark.parametrize("name", ["if.onnx", "saved_model.pb", "detection.tflite"])
def test_whatever_is_changed_it_comes_to_an_end(name):
    chance = random.Random(7)
    for _ in range(300):
        held = bytearray(HONEST[name])
        for _ in range(chance.randint(1, 5)):
            held[chance.randrange(len(held))] = chance.choice([0, 255, chance.randrange(256)])
        issues, _ = look(graphs, bytes(held), name)
        assert {severity for severity, _ in issues} <= {"high", "critical", "low"}


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, tflite("EvilOp"), "a.tflite", "graphs")

    assert (report.outcome, [issue.name for issue in report.issues]) == ("done", ["operator:EvilOp"])
    sandbox.stop()


@pytest.mark.parametrize(
    ("held", "name"),
    [
        (onnx(node("G", "pkg.torch"), more=FUNCTION), "domain:pkg.torch"),
        (onnx(node("EvilOp")), "operator:EvilOp"),
        (
            onnx(node("ATen", "org.pytorch.aten", field(1, "operator") + field(4, "aten::from_file"))),
            "operator:ATen",
        ),
        (
            onnx(node(), tensors=(tensor(4, external=(("location", "w"), ("length", "9" * 20))),)),
            "external_place",
        ),
        (
            onnx(node(), tensors=(tensor(4, external=(("location", "w"), ("basepath", "/etc"))),)),
            "external_path",
        ),
        (onnx(node(), tensors=(field(1, 1 << 40) + field(2, 1) + field(4, bytes(4)),)), "malformed"),
        (onnx(node(), more=field(6, "{{ ''.__class__.__mro__ }}")), "template_dunder"),
        (onnx(node(), more=field(2, "__import__('os').system('echo')")), "metadata_code"),
    ],
    ids=["function", "operator", "aten", "length", "base", "numbers", "template", "producer"],
)
def test_what_onnx_does_not_define_itself_is_told(held, name):
    assert name in [
        found for severity, found in look(graphs, held, "a.onnx")[0] if severity in {"critical", "high"}
    ]


@pytest.mark.parametrize(
    ("operator", "severity"),
    [("FlexCopyFile", "critical"), ("FlexSqlDataset", "critical"), ("FlexMyOwn", "high"), ("FlexErf", "low")],
)
def test_operators_of_tensorflow_in_tflite_are_judged_as_in_tensorflow(operator, severity):
    assert look(graphs, tflite(operator), "a.tflite")[0] == [(severity, f"operator:{operator}")]


@pytest.mark.parametrize(
    ("held", "issue"),
    [
        (core_program(deep=True), []),
        (core_program("/etc/passwd"), [("critical", "weights_elsewhere")]),
        (core_program("@model_path/..\\..\\x", deep=True), [("critical", "weights_elsewhere")]),
        (core_program(kind="custom_layer", deep=True), [("high", "custom_layer")]),
        (field(1, 4) + field(500, field(1, field(605, field(1, CUSTOM)))), [("high", "custom_layer")]),
        (field(1, 4) + field(500, field(1, field(615, field(4, CUSTOM)))), [("high", "custom_layer")]),
    ],
    ids=["honest", "absolute", "backslashes", "custom", "branch", "loop"],
)
def test_core_ml_is_followed_into_its_blocks(held, issue):
    assert look(graphs, held, "model.mlmodel")[0] == issue


@pytest.mark.parametrize(
    ("path", "issue"),
    [("weights/w.bin", []), ("../../x", [("critical", "weights_elsewhere")])],
    ids=["in", "out"],
)
def test_a_compiled_core_ml_program_reads_beside_itself(path, issue):
    text = (
        f'main() {{ y = const()[val = BLOBFILE(path = string("@model_path/{path}"), offset = uint64(64))]; }}'
    )

    assert look(graphs, text.encode(), "model.mil")[0] == issue
