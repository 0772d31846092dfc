"""A model consists of formats that are read here, and of what lies beside them."""

from __future__ import annotations

import gzip
import random

import numpy
import pytest

from registry.checks import CHECKS, accepted
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import KNOWN, NOISE, zipped

NEEDLESS = {"code.jar", "module.wasm", "table.csv.zst"}


@pytest.mark.parametrize("name", sorted(KNOWN.keys() - NEEDLESS))
def test_what_is_read_here_is_no_issue(name):
    assert look(accepted, KNOWN[name][1], name) == ([], {})


@pytest.mark.parametrize(
    "name",
    [
        "model.onnx_data",
        "weights.bin",
        "variables.data-00000-of-00001",
        "variables.index",
        "tokenizer.model",
        "x.cbm",
    ],
)
def test_numbers_without_a_format_are_known_by_their_names(name):
    assert look(accepted, NOISE, name) == ([], {})


@pytest.mark.parametrize("size", [4096, 20_000, 200_000])
def test_bytes_that_look_encrypted_are_told_whatever_their_name(size):
    drawn = random.Random(size).randbytes(size)

    assert look(accepted, drawn, "model.bin")[0] == [("high", "format:even")]
    assert look(accepted, drawn, "speech.mp3") == ([], {})


@pytest.mark.parametrize("kind", ["f8", "f4", "f2", "i1", "u2"])
def test_weights_of_any_precision_are_not_even(kind):
    weights = numpy.random.default_rng(1).normal(scale=30, size=70_000).astype(kind)

    assert look(accepted, weights.tobytes(), "weights.bin") == ([], {})


def test_words_that_end_like_one_of_programs_name_none():
    words = b" class.system(1) pos.popen(2) mysubprocess.run(3)"

    assert look(accepted, NOISE + words, "weights.bin") == ([], {})


@pytest.mark.parametrize("name", ["model.joblib.lz4", "table.pkl.zst", "model.joblib"])
def test_what_joblib_and_pandas_pack_is_no_issue(name):
    start = b"\x28\xb5\x2f\xfd" if name.endswith("zst") else b"\x04\x22\x4d\x18"

    assert look(accepted, start + bytes(40), name) == ([], {})


@pytest.mark.parametrize(
    "name", [".gitattributes", "LICENSE", "merges.txt", "README.md", "requirements.txt", "x.prototxt"]
)
def test_texts_beside_a_model_are_no_issue(name):
    assert look(accepted, b"a text\n", name) == ([], {})


@pytest.mark.parametrize(
    ("name", "content", "issue"),
    [
        ("a.xyz", NOISE, "format:unknown"),
        ("model.bin", b"age-encryption.org/v1\n-> X25519 a\n" + NOISE, "encrypted"),
        ("weights.txt", b"-----BEGIN PGP MESSAGE-----\n\nhQ==\n", "encrypted"),
        ("model.pt", NOISE, "format:unknown"),
        ("noname", NOISE, "format:unknown"),
        ("model.engine", NOISE, "format:engine"),
        ("model.rds", gzip.compress(b"RDX3\nX\n\0\0\0\3\0"), "format:rds"),
        ("model.t7", NOISE, "format:t7"),
        ("code.jar", KNOWN["code.jar"][1], "format:jar"),
        ("code.zip", KNOWN["code.jar"][1], "format:jar"),
        ("table.csv.zst", KNOWN["table.csv.zst"][1], "format:zstd"),
        ("words.lz4", b"\x04\x22\x4d\x18" + bytes(40), "format:lz4"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "format:7z"),
        ("module.wasm", KNOWN["module.wasm"][1], "format:wasm"),
        ("report.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "format:doc"),
        ("weights.bin", NOISE + b"__import__('os').system('echo')", "words"),
    ],
)
@pytest.mark.parametrize("pack", [False, True], ids=["plain", "zip"])
def test_any_other_format_is_high(name, content, issue, pack):
    held = zipped(**{name: content}) if pack else content

    assert ("high", issue) in look(accepted, held, "all.zip" if pack else name)[0]


def test_only_models_are_held_to_it():
    assert CHECKS["accepted"].kinds == ("model",)


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, NOISE, "a.xyz", "accepted")

    assert (report.outcome, [issue.name for issue in report.issues]) == ("done", ["format:unknown"])
    sandbox.stop()
