"""What harmless names do together, and pickles that are written as text. Made by hand; never loaded.

Each gadget reaches a file, memory or time without end by names that are known, and has a neighbour that looks
alike and is what libraries save.
"""

from __future__ import annotations

import base64
import bz2
import codecs
import gzip
import json
import lzma
import pickle
import zlib
from collections.abc import Iterator

from tests.registry.pickles.hostile import RUNS, Sample, calls, text

P = b"\x80\x02"


def named(name: str) -> bytes:
    module, _, attribute = name.rpartition(".")
    return f"c{module}\n{attribute}\n".encode()


def called(name: str, *arguments: bytes) -> bytes:
    return named(name) + b"(" + b"".join(arguments) + b"tR"


def number(value: int) -> bytes:
    return b"\x8a\x09" + value.to_bytes(9, "little", signed=True)


def method(of: bytes, name: str) -> bytes:
    return called("builtins.getattr", of, text(name))


def made(name: str, **state: bytes) -> bytes:
    """An object of a class, with what it holds."""
    held = b"".join(text(key) + value for key, value in state.items())
    return named(name) + b")\x81}(" + held + b"ub"


def dtype(offset: int) -> bytes:
    """Of eight bytes with one field."""
    fields = b"}" + text("a") + called("numpy.dtype", text("f4"), b"\x89\x88") + number(offset) + b"\x86s"
    state = b"(K\x03" + text("|") + b"N" + text("a") + b"\x85" + fields + b"K\x08K\x01K\x10tb"
    return called("numpy.dtype", text("V8"), b"\x89\x88") + state


PATH = called("pathlib.PosixPath", text("x"))
DELETES = method(PATH, "unlink")
RANGE = called("builtins.range", number(1 << 28))
HUGE = called("decimal.Decimal", text("1e999999999"))
TRANSFORMER = "sklearn.preprocessing._function_transformer.FunctionTransformer"
NET = "networkx.classes.coreviews.FilterAtlas"
BOOSTER = named("xgboost.core.Booster") + b")\x81"


def doubled(operation: str, start: bytes) -> bytes:
    return start + (b"q\x000" + named(operation) + b"h\x00h\x00\x86R") * 40


def gadgets() -> Iterator[Sample]:
    ways = {
        "deletes-when-stepped": made("torch.optim.lr_scheduler.LambdaLR", lr_lambdas=b"]" + DELETES + b"a"),
        "deletes-when-called": made("torch.nn.modules.linear.Linear", forward=DELETES),
        "deletes-in-a-hook": made(
            "torch.nn.modules.linear.Linear", _forward_hooks=b"}K\x00" + DELETES + b"s"
        ),
        "deletes-in-a-wrapped-hook": made("torch.nn.modules.module._WrappedHook", hook=DELETES),
        "deletes-in-a-transformer": made(TRANSFORMER, func=DELETES),
        "deletes-by-vectorize": made("numpy.vectorize", pyfunc=DELETES),
        "writes-for-each-text": made(
            "sklearn.feature_extraction.text.CountVectorizer", tokenizer=method(PATH, "write_text")
        ),
        "writes-a-frame": made(
            TRANSFORMER, func=method(named("pandas.core.frame.DataFrame") + b")\x81", "to_pickle")
        ),
        "loads-a-booster": made(TRANSFORMER, func=method(BOOSTER, "load_model")),
        "writes-an-array": b"}K\x00" + method(called("numpy.ndarray", b"K\x01\x85"), "tofile") + b"s",
        "listens-to-a-logger": b"]" + method(called("logging.getLogger"), "addHandler") + b"a",
        "called-while-listed": called("builtins.list", called(NET, b"}K\x00Ns", DELETES)),
        "called-for-what-is-missing": named("collections.defaultdict")
        + called("builtins.tuple", b"]" + DELETES + b"a")
        + b"R",
        "texts-that-double": doubled("operator.add", text("A" * 200)),
        "numbers-that-square": doubled("operator.mul", number(1 << 60)),
        "text-times": called("operator.mul", text("A" * 200), number(1 << 27)),
        "list-of-range": called("builtins.list", RANGE),
        "new-tuple-of-range": named("builtins.tuple") + RANGE + b"\x85\x81",
        "sum-of-range": called("builtins.sum", RANGE),
        "array-of-range": called("numpy.array", RANGE),
        "all-addresses": called("collections.deque", called("ipaddress.IPv6Network", text("::/0"))),
        "fraction-of-many-digits": called("fractions.Fraction", text("1e999999999")),
        "fraction-of-a-decimal": called("fractions.Fraction", HUGE),
        "all-digits-of-a-decimal": called("builtins.int", HUGE),
        "rounded-decimal": called("builtins.round", HUGE),
        "much-memory-often": b"](" + called("builtins.bytes", number(1 << 27)) * 100 + b"e",
        "arguments-in-a-list": named("builtins.bytearray") + b"]" + number(1 << 40) + b"aR",
        "generator-by-a-list": named("numpy.random._pickle.__randomstate_ctor")
        + b"]("
        + text("x")
        + DELETES
        + b"eR",
        "tiles-of-tiles": called(
            "numpy.tile", called("numpy.tile", b"K\x01", number(1 << 26)), number(1 << 20)
        ),
        "class-of-another-size": called(
            "sklearn._loss._loss.__pyx_unpickle_CyHalfTweedieLoss", named("builtins.object"), b"K\x01", b"N"
        ),
        "class-of-what-was-made": called("sklearn.neighbors._kd_tree.newObj", PATH),
        "helper-that-calls": called(
            "sklearn.utils.extmath._safe_accumulator_op", named("builtins.bytes"), number(1 << 40)
        ),
        "storage-of-a-tebibyte": called("torch.FloatStorage", number(1 << 40)),
        "texts-of-a-tebibyte": called("numpy.char.chararray", number(1 << 40) + b"\x85"),
        "masked-array-of-a-tebibyte": called(
            "numpy.ma.core._mareconstruct",
            named("numpy.ma.core.MaskedArray")
            + named("numpy.ndarray")
            + number(1 << 40)
            + b"\x85"
            + text("b"),
        ),
        "heap-of-a-tebibyte": called("sklearn.neighbors._kd_tree.NodeHeap", number(1 << 40)),
        "layer-of-a-tebibyte": called("torch.nn.modules.linear.Linear", number(1 << 20), number(1 << 20)),
        "field-behind-its-item": dtype(1 << 30),
        "field-before-its-item": dtype(-8),
    }
    for name, content in ways.items():
        yield "gadgets", f"{name}.pkl", P + content + b"."


def written(pickled: bytes) -> dict[str, bytes]:
    """The same as letters and digits."""
    return {
        "hex": pickled.hex().encode(),
        "hex-upper": pickled.hex().upper().encode(),
        "escapes": b"".join(b"\\x%02x" % each for each in pickled),
        "uu": codecs.encode(pickled, "uu"),
        "ascii85": base64.a85encode(pickled, adobe=True),
        "base85": base64.b85encode(pickled),
        "base32": base64.b32encode(pickled),
        "base64": base64.b64encode(pickled),
        "base64-lines": base64.encodebytes(pickled + b"\0" * 99),
        "base64-twice": base64.b64encode(base64.b64encode(pickled)),
        "base64-zlib": base64.b64encode(zlib.compress(pickled)),
        "base64-gzip": base64.b64encode(gzip.compress(pickled)),
        "base64-bz2": base64.b64encode(bz2.compress(pickled)),
        "base64-xz": base64.b64encode(lzma.compress(pickled)),
        "hex-zlib": zlib.compress(pickled).hex().encode(),
        "numbers": repr(list(pickled)).encode(),
    }


def placed(pickled: bytes) -> Iterator[Sample]:
    """In each kind of file that keeps texts."""
    for form, held in written(pickled).items():
        yield "written", f"{form}.json", b'{"model": ' + json.dumps(held.decode()).encode() + b"}"
        yield "written", f"{form}.txt", held
        yield "written", f"{form}.h5", b"\x89HDF\r\n\x1a\n" + bytes(500) + held + bytes(500)
        yield "written", f"{form}.pkl", pickle.dumps({"model": held}, 4)


def texts() -> Iterator[Sample]:
    yield from placed(calls(protocol=4))
    yield from placed(RUNS)
    protocol_0 = base64.b64encode(calls(protocol=0))
    yield "written", "protocol-0.json", b'{"model": "' + protocol_0 + b'"}'


HARMLESS = {
    "schedule": made("torch.optim.lr_scheduler.LambdaLR", lr_lambdas=b"]Na"),
    "stems": made(
        "sklearn.feature_extraction.text.CountVectorizer",
        tokenizer=method(named("nltk.stem.porter.PorterStemmer") + b")\x81", "stem"),
    ),
    "predicts": made(TRANSFORMER, func=method(named("sklearn.base.BaseEstimator") + b")\x81", "predict")),
    "entropy": b"]" + method(named("scipy.stats._discrete_distns.randint_gen") + b")\x81", "_entropy") + b"a",
    "path": PATH,
    "function": made(TRANSFORMER, func=named("numpy.log1p")),
    "function-with-words": made(TRANSFORMER, func=called("functools.partial", named("numpy.clip"))),
    "range": called("builtins.range", number(1 << 27)),
    "set": called("builtins.set", b"](K\x01K\x02e"),
    "fraction": called("fractions.Fraction", text("-1/3")),
    "decimal": called("decimal.Decimal", text("1e999")),
    "addresses": called("ipaddress.IPv4Network", text("10.0.0.0/8")),
    "factory": called("collections.defaultdict", named("builtins.list")),
    "some-memory": called("builtins.bytes", number(1 << 20)) * 2 + b"\x86",
    "fields": dtype(4),
    "compiled-class": called(
        "sklearn._loss._loss.__pyx_unpickle_CyHalfTweedieLoss",
        named("sklearn._loss._loss.CyHalfTweedieLoss"),
        b"J\x01\x02\x03\x04N",
    ),
    "derived-class": called(
        "pandas._libs.arrays.__pyx_unpickle_NDArrayBacked", named("pandas.Categorical"), b"J\x01\x02\x03\x04N"
    ),
    "new-object": called("sklearn.neighbors._kd_tree.newObj", named("sklearn.neighbors._kd_tree.KDTree")),
    "helper-as-a-value": made(TRANSFORMER, func=named("sklearn.preprocessing._data._handle_zeros_in_scale")),
    "small-storage": called("torch.FloatStorage", b"K\x04"),
    "no-texts": called("numpy.char.chararray", b"K\x00\x85"),
    "empty-masked-array": called(
        "numpy.ma.core._mareconstruct",
        named("numpy.ma.core.MaskedArray") + named("numpy.ndarray") + b"K\x00\x85" + text("b"),
    ),
    "layer": named("torch.nn.modules.linear.Linear") + b")\x81",
}


def neighbours() -> Iterator[Sample]:
    for name, content in HARMLESS.items():
        yield "gadgets", f"{name}.pkl", P + content + b"."
    yield from placed(pickle.dumps({"weights": [1.0, 2.0], "name": "plain"}, 4))
    yield "written", "digests.json", json.dumps({str(n): f"80049{n:059x}" for n in range(99)}).encode()
