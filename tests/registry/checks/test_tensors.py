"""safetensors and GGUF are exactly what their headers say."""

from __future__ import annotations

import io
import random
import struct
from typing import Any

import numpy
import pytest

from registry.checks import tensors
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import tarred, zipped
from tests.registry.parsers.tensors import KEYS, gguf, header, key, safetensors, tensor, text, with_template

CHATML = (
    "{%- set ns = namespace(found=false) -%}{% for message in messages[::-1] %}"
    "{{ '<|im_start|>' + message['role']"
    " + '\\n' + message.content | trim + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}"
    "{{ raise_exception('no') if not tools else tools | tojson(indent=4) }}{% endif %}"
)
BACKWARDS = {"b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}, "a": header()["w"]}
SECOND = {"dtype": "I64", "shape": [1, 1], "data_offsets": [8, 16]}

HONEST = {
    "model.safetensors": safetensors(),
    "two.safetensors": safetensors(header(v=SECOND), bytes(16)),
    "metadata.safetensors": safetensors({"__metadata__": {"format": "pt"}, **header()}),
    "empty.safetensors": safetensors({}, b""),
    "scalar.safetensors": safetensors({"a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}}, bytes(4)),
    "none.safetensors": safetensors(header(n={"dtype": "F32", "shape": [0], "data_offsets": [8, 8]})),
    "padded.safetensors": safetensors(safetensors()[8:-8] + b"   "),
    "model.gguf": gguf(),
    "old.gguf": gguf(version=2),
    "vocabulary.gguf": gguf(tensors=(), data=b""),
    "quantised.gguf": gguf(tensors=(tensor(shape=(32, 2), kind=2),), data=bytes(64)),
    "newer.gguf": gguf(tensors=(tensor(kind=40),), data=bytes(99)),
    "chat.gguf": with_template(CHATML),
    "weights.zip": zipped(**{"model.safetensors": safetensors()}),
}
MALFORMED = {
    "length.safetensors": safetensors(length=1 << 40),
    "beyond.safetensors": safetensors(length=100),
    "list.safetensors": safetensors(b"[]"),
    "twice.safetensors": safetensors(b'{"w":1,"w":' + safetensors()[8:-8] + b"}"),
    "text.safetensors": safetensors(b'{"w": '),
    "deep.safetensors": safetensors(b'{"w":' * 20_000 + b"1" + b"}" * 20_000),
    "space.safetensors": safetensors(b" " + safetensors()[8:-8]),
    "type.safetensors": safetensors({"w": {"dtype": "O", "shape": [2], "data_offsets": [0, 8]}}),
    "shape.safetensors": safetensors({"w": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}),
    "negative.safetensors": safetensors({"w": {"dtype": "F32", "shape": [-2], "data_offsets": [0, -8]}}),
    "sides.safetensors": safetensors({"w": {"dtype": "U8", "shape": [1] * 99, "data_offsets": [0, 1]}}, b"1"),
    "more.safetensors": safetensors(header(x=1)),
    "field.safetensors": safetensors({"w": {**header()["w"], "code": "1"}}),
    "metadata.safetensors": safetensors({"__metadata__": {"a": {"b": "c"}}, **header()}),
    "overlap.safetensors": safetensors(BACKWARDS),
    "gap.safetensors": safetensors(header(v={**SECOND, "data_offsets": [16, 24]}), bytes(24)),
    "behind.safetensors": safetensors(data=bytes(9)),
    "cut.safetensors": safetensors(data=bytes(7)),
    "none.gguf": b"GGML" + bytes(40),
    "version.gguf": gguf(version=77),
    "first.gguf": gguf(version=1),
    "counts.gguf": gguf(counts=(1, 1 << 60)),
    "tensors.gguf": gguf(counts=(1 << 60, 4)),
    "more.gguf": gguf(counts=(1, 9)),
    "twice.gguf": gguf((*KEYS, KEYS[0])),
    "type.gguf": gguf((key("a", 77, b""),)),
    "text.gguf": gguf((key("a", 8, (1 << 62).to_bytes(8, "little")),)),
    "array.gguf": gguf((key("a", 9, struct.pack("<IQ", 8, 1 << 50)),)),
    "items.gguf": gguf((key("a", 9, struct.pack("<IQ", 4, 1 << 62)),)),
    "nested.gguf": gguf((key("a", 9, struct.pack("<IQ", 9, 1) * 50),)),
    "truth.gguf": gguf((key("a", 7, b"\x07"),)),
    "alignment.gguf": gguf((key("general.alignment", 4, (33).to_bytes(4, "little")),)),
    "zero.gguf": gguf((key("general.alignment", 4, bytes(4)),)),
    "sides.gguf": gguf(tensors=(tensor(shape=(1,) * 9),)),
    "overflow.gguf": gguf(tensors=(tensor(shape=(1 << 33, 1 << 33)),)),
    "beyond.gguf": gguf(tensors=(tensor(offset=1 << 20),)),
    "unaligned.gguf": gguf(tensors=(tensor(offset=3),)),
    "same.gguf": gguf(tensors=(tensor(), tensor())),
    "overlap.gguf": gguf(tensors=(tensor(shape=(16,)), tensor("v", offset=32)), data=bytes(99)),
    "behind.gguf": gguf(data=bytes(32) + b"hidden" * 30),
    "cut.gguf": gguf()[:-9],
    "block.gguf": gguf(tensors=(tensor(shape=(31,), kind=2),)),
}


def saved(array: numpy.ndarray, **more: Any) -> bytes:
    sink = io.BytesIO()
    numpy.save(sink, array, **more)
    return sink.getvalue()


def header_of(text: str, data: bytes = b"") -> bytes:
    return b"\x93NUMPY\x01\0" + len(text).to_bytes(2, "little") + text.encode() + data


@pytest.mark.parametrize(
    "array",
    [
        numpy.arange(6.0).reshape(2, 3),
        numpy.float32(3),
        numpy.array(["a", "bcd"]),
        numpy.array([b"a", b"bcd"]),
        numpy.array(["2020-01-01"], "M8[D]"),
        numpy.zeros((0, 3), bool),
        numpy.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]),
        numpy.array([{}, None], object),
        numpy.zeros(3, "c16"),
        numpy.asfortranarray(numpy.eye(3)),
    ],
    ids=str,
)
def test_arrays_as_numpy_saves_them_are_no_issue(array):
    assert look(tensors, saved(array, allow_pickle=True), "a.npy") == ([], {})


@pytest.mark.parametrize(
    "content",
    [
        header_of("{'descr': '<f8', 'fortran_order': False, 'shape': (9,), }", bytes(8)),
        header_of("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", bytes(9)),
        header_of("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", bytes(8)),
        header_of("__import__('os').system('echo')"),
        header_of("{'descr': '<f8', 'shape': (1,), }", bytes(8)),
        header_of("{'descr': 'Q', 'fortran_order': False, 'shape': (1,), }", bytes(8)),
        header_of("(" * 5000),
        b"\x93NUMPY\x09\0" + bytes(80),
        b"no array",
    ],
    ids=range(9),
)
def test_an_array_that_numpy_does_not_save_is_high(content):
    assert look(tensors, content, "a.npy")[0] == [("high", "malformed")]


@pytest.mark.parametrize("name", HONEST)
def test_what_libraries_write_is_no_issue(name):
    assert look(tensors, HONEST[name], name) == ([], {})


@pytest.mark.parametrize("name", MALFORMED)
def test_what_no_library_writes_is_high(name):
    issues, _ = look(tensors, MALFORMED[name], name)

    assert issues == [("high", "malformed")]


@pytest.mark.parametrize("name", ["weights.bin", "notes.txt"])
def test_bytes_count_whatever_the_name(name):
    issues, _ = look(tensors, safetensors(data=bytes(9)), name)

    assert issues == [("high", "malformed")]


@pytest.mark.parametrize("pack", [lambda held: zipped(**{"a/model.bin": held}), tarred])
def test_archives_hide_nothing(pack):
    issues, _ = look(tensors, pack(safetensors(data=bytes(9))), "all.archive")

    assert issues == [("high", "malformed")]


def test_code_in_metadata_is_high():
    held = safetensors({"__metadata__": {"note": "__import__('os').system('echo')"}, **header()})

    assert look(tensors, held, "a.safetensors") == ([("high", "metadata_code")], {})


def test_a_hostile_chat_template_is_critical():
    held = with_template("{{ ''.__class__.__mro__[1] }}")

    assert look(tensors, held, "a.gguf") == ([("critical", "template_dunder")], {})


def test_a_hostile_template_in_an_array_of_templates_is_critical():
    named = key("tokenizer.chat_templates", 9, struct.pack("<IQ", 8, 1) + text("{{ x.__class__ }}"))

    assert look(tensors, gguf((*KEYS, named)), "a.gguf") == ([("critical", "template_dunder")], {})


@pytest.mark.parametrize("honest", [safetensors(header(v=SECOND), bytes(16)), gguf()])
def test_whatever_is_changed_it_comes_to_an_end(honest):
    chance = random.Random(7)
    for _ in range(400):
        held = bytearray(honest)
        for _ in range(chance.randint(1, 4)):
            held[chance.randrange(len(held))] = chance.randrange(256)
        issues, _ = look(
            tensors, bytes(held[: chance.choice([len(held), chance.randrange(1, len(held))])]), "a.gguf"
        )
        assert all(severity in {"high", "critical"} for severity, _ in issues)


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, MALFORMED["twice.gguf"], "a.gguf", "tensors")

    assert (report.outcome, [issue.name for issue in report.issues]) == ("done", ["malformed"])
    sandbox.stop()
