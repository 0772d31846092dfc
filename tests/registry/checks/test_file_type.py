from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import joblib
import numpy
import pandas
import pytest
from sklearn.linear_model import LogisticRegression

from registry.checks import Fact, file_type
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(40)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
ELF = b"\x7fELF\2\1\1" + bytes(60)
PE = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(20)
MACH_O = b"\xcf\xfa\xed\xfe\7\0\0\1" + bytes(60)
CSV = b"id,age\n1,30\n2,40\n"
NOISE = bytes(range(1, 256)) * 8


class Model:
    """What a team pickles."""


def frame() -> pandas.DataFrame:
    return pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]})


def parquet() -> bytes:
    return frame().to_parquet()


def feather() -> bytes:
    sink = io.BytesIO()
    frame().to_feather(sink)
    return sink.getvalue()


def zipped(**members: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def torch() -> bytes:
    return zipped(
        **{"model/data.pkl": pickle.dumps({"w": 1}), "model/data/0": bytes(64), "model/version": b"3\n"}
    )


def keras() -> bytes:
    return zipped(**{"metadata.json": b"{}", "config.json": b"{}", "model.weights.h5": b"\x89HDF\r\n\x1a\n"})


def npz() -> bytes:
    sink = io.BytesIO()
    numpy.savez(sink, a=numpy.zeros(3))
    return sink.getvalue()


def npy() -> bytes:
    sink = io.BytesIO()
    numpy.save(sink, numpy.zeros(3))
    return sink.getvalue()


def tarred(content: bytes = b"hello") -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return sink.getvalue()


def joblibbed(compress: str | int = 0) -> bytes:
    sink = io.BytesIO()
    joblib.dump(LogisticRegression().fit(numpy.eye(4), [0, 1, 0, 1]), sink, compress=compress)
    return sink.getvalue()


def safetensors() -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(8)


def onnx() -> bytes:
    graph = b"\x12\x05graph"
    return b"\x08\x09\x12\x07pytorch\x3a" + bytes([len(graph)]) + graph + b"\x42\x02\x10\x12"


def sqlite(tmp_path: Path) -> bytes:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    return (tmp_path / "a.db").read_bytes()


def notebook() -> bytes:
    return json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


KNOWN = {
    "pickle-0.pkl": ("pickle", pickle.dumps(Model(), protocol=0)),
    "pickle-1.pkl": ("pickle", pickle.dumps(Model(), protocol=1)),
    "pickle-2.pkl": ("pickle", pickle.dumps(Model(), protocol=2)),
    "pickle-5.pickle": ("pickle", pickle.dumps(frame(), protocol=5)),
    "list-0.pkl": ("pickle", pickle.dumps([1, 2, {"a": "b"}], protocol=0)),
    "large.pkl": ("pickle", pickle.dumps({"weights": bytes(1 << 20)})),
    "sklearn.joblib": ("pickle", joblibbed()),
    "packed.joblib": ("zlib", joblibbed(3)),
    "packed-gz.joblib": ("gzip", joblibbed("gzip")),
    "packed-bz2.joblib": ("bzip2", joblibbed("bz2")),
    "packed-xz.joblib": ("xz", joblibbed("xz")),
    "packed-lzma.joblib": ("lzma", joblibbed("lzma")),
    "model.pt": ("torch", torch()),
    "pytorch_model.bin": ("torch", torch()),
    "model.ckpt": ("torch", torch()),
    "model.keras": ("keras", keras()),
    "arrays.npz": ("npz", npz()),
    "array.npy": ("npy", npy()),
    "code.jar": ("jar", zipped(**{"META-INF/MANIFEST.MF": b""})),
    "any.zip": ("zip", zipped(a=b"b")),
    "empty.zip": ("zip", zipped()),
    "any.tar": ("tar", tarred()),
    "table.csv.gz": ("gzip", gzip.compress(CSV)),
    "table.csv.bz2": ("bzip2", bz2.compress(CSV)),
    "table.csv.xz": ("xz", lzma.compress(CSV)),
    "table.csv.zst": ("zstd", b"\x28\xb5\x2f\xfd\x04\x58" + bytes(20)),
    "model.h5": ("hdf5", b"\x89HDF\r\n\x1a\n" + bytes(100)),
    "user-block.h5": ("hdf5", bytes(512) + b"\x89HDF\r\n\x1a\n" + bytes(100)),
    "model.onnx": ("onnx", onnx()),
    "model.safetensors": ("safetensors", safetensors()),
    "model.gguf": ("gguf", b"GGUF\3\0\0\0" + bytes(40)),
    "booster.ubj": ("ubjson", b"{L" + bytes(7) + b"\x07learner" + bytes(40)),
    "big-endian.gguf": ("gguf", b"GGUF\0\0\0\3" + bytes(40)),
    "table.parquet": ("parquet", parquet()),
    "table.feather": ("arrow", feather()),
    "table.csv": ("csv", CSV),
    "semicolons.csv": ("csv", b"a;b\n1;2\n"),
    "latin.csv": ("csv", "name,town\nJos\xe9,C\xf3rdoba\n".encode("latin-1")),
    "wide.csv": ("csv", "id,town\n1,Zürich\n".encode("utf-16")),
    "table.tsv": ("tsv", CSV.replace(b",", b"\t")),
    "text.pkl": ("pickle", pickle.dumps("a" * 100_000, 3)),
    "config.json": ("json", b'{"a": [1, 2]}'),
    "long.json": ("json", json.dumps({"a": list(range(50_000))}).encode()),
    "rows.json": ("jsonl", b'{"a": 1}\n{"a": 2}\n'),
    "rows.jsonl": ("jsonl", b'{"a": 1}\n{"a": 2}\n' * 9000),
    "work.ipynb": ("notebook", notebook()),
    "config.yaml": ("yaml", b"a: 1\nb: [2]\n"),
    "README.md": ("markdown", b"# Model\n\nIt is [here](there).\n"),
    "notes.txt": ("text", b"cat\ndog\nRat.\n"),
    "LICENSE": ("text", b"Do what you like.\n"),
    "model.py": ("python", b"import numpy\n"),
    "page.html": ("html", b"<!DOCTYPE html><html></html>"),
    "model.lgb": ("text", b"tree\nversion=v4\nnum_class=1\n"),
    "a.png": ("png", PNG),
    "a.jpg": ("jpeg", JPEG),
    "a.gif": ("gif", b"GIF89a" + bytes(20)),
    "a.webp": ("webp", b"RIFF\x10\0\0\0WEBPVP8 " + bytes(20)),
    "a.pdf": ("pdf", PDF),
    "saved_model.pb": ("protobuf", b"\x08\x01\x12\x03abc"),
    "module.wasm": ("wasm", b"\0asm\1\0\0\0"),
}


def gguf(key: bytes, text: bytes) -> bytes:
    """With an architecture and one more text."""
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 2)
    texts = (b"general.architecture", b"llama"), (key, text)
    return head + b"".join(
        struct.pack("<Q", len(name)) + name + struct.pack("<IQ", 8, len(held)) + held for name, held in texts
    )


@pytest.mark.parametrize(("name", "format", "content"), [(name, *known) for name, known in KNOWN.items()])
def test_a_known_format_under_its_own_name_is_a_fact_and_no_issue(name, format, content):
    issues, fact = look(file_type, content, name)

    assert (issues, fact["type"], fact["size"]) == ([], format, len(content))


def test_sqlite_is_known(tmp_path):
    issues, fact = look(file_type, sqlite(tmp_path), "a.db")

    assert (issues, fact["media_type"]) == ([], "application/vnd.sqlite3")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("table.csv", pickle.dumps(Model())),
        ("notes.txt", pickle.dumps(Model(), protocol=0)),
        ("notes.txt", b"cos\nsystem\n(S'true'\ntR.and so on, and so on\n"),
        ("notes.txt", b"(S'true'\nios\nsystem\n.\n"),
        ("config.json", torch()),
        ("model.safetensors", torch()),
        ("model.safetensors", pickle.dumps(Model())),
        ("picture.png", zipped(a=b"b")),
        ("table.parquet", joblibbed()),
        ("table.parquet", pickle.dumps({"weights": bytes(1 << 20)})),
        ("model.onnx", pickle.dumps(Model(), protocol=1)),
        ("table.csv", tarred()),
        ("table.csv", ELF),
        ("table.csv", joblibbed("gzip")),
        ("table.csv", joblibbed(3)),
        ("table.csv.gz", joblibbed(3)),
        ("weights.bin", b"#!/bin/sh\nrm -r /\n"),
        ("array.npy", PE),
        ("model.h5", torch()),
    ],
)
def test_danger_under_an_innocent_name_is_high(name, content):
    issues, _ = look(file_type, content, name)

    assert issues == [("high", "disguised")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", PNG),
        ("a.csv", CSV),
        ("model.safetensors", safetensors()),
        ("notes", b"a text\n"),
        ("a.bin", NOISE),
    ],
)
def test_a_zip_behind_something_else_is_high(name, content):
    issues, _ = look(file_type, content + torch(), name)

    assert issues == [("high", "disguised")]


def test_a_zip_inside_a_tar_hides_nothing():
    issues, _ = look(file_type, tarred(torch()), "a.tar")

    assert issues == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("table.json", CSV),
        ("table.csv", b'{"a": 1}'),
        ("table.csv", parquet()),
        ("table.csv", NOISE),
        ("table.csv.gz", CSV),
        ("table.parquet", CSV),
        ("cut.parquet", parquet()[:-10]),
        ("model.safetensors", b"\0" * 100),
        ("model.safetensors", NOISE),
        ("model.onnx", b'{"a": 1}'),
        ("model.h5", safetensors()),
        ("picture.png", CSV),
    ],
)
def test_another_format_than_the_name_promises_is_medium(name, content):
    issues, _ = look(file_type, content, name)

    assert issues == [("medium", "mismatch")]


def test_a_picture_under_another_pictures_name_is_low():
    issues, _ = look(file_type, JPEG, "a.png")

    assert issues == [("low", "mismatch")]


@pytest.mark.parametrize("name", ["weights", "weights.bin", "variables.data-00000-of-00001", "a.xyz"])
def test_bytes_that_nobody_can_read_are_medium(name):
    issues, fact = look(file_type, NOISE, name)

    assert (issues, fact["type"]) == ([("medium", "unknown")], "unknown")


@pytest.mark.parametrize("name", ["model\u202egpj.py", "a\u200b.csv", "a\x07.txt"])
def test_a_name_with_signs_that_cannot_be_seen_is_high(name):
    issues, _ = look(file_type, CSV, name)

    assert issues == [("high", "hidden_name")]


def test_labels_behind_a_tflite_model_hide_nothing():
    issues, fact = look(file_type, b"\x1c\0\0\0TFL3" + bytes(60) + zipped(labels=b"cat"), "model.tflite")

    assert (issues, fact["type"]) == ([], "tflite")


def test_an_empty_file_is_low():
    issues, fact = look(file_type, b"", "a.csv")

    assert (issues, fact) == (
        [("low", "empty")],
        {"type": "empty", "media_type": "application/x-empty", "size": 0},
    )


def test_a_file_that_is_meant_to_be_empty_is_nothing():
    issues, _ = look(file_type, b"", "package/__init__.py")

    assert issues == []


@pytest.mark.parametrize(
    "text",
    [b".", b"N.", b"0.", b"1.", b"I am.\n", b"cat\ndog\nRat\n", b"cat\ncow\ncrab\nRat\n", b"(hello)\n"],
)
def test_a_text_that_begins_like_a_pickle_is_a_text(text):
    issues, fact = look(file_type, text, "a.txt")

    assert (issues, fact["type"]) == ([], "text")


def test_a_message_says_what_to_do_and_quotes_nothing():
    file = io.BytesIO(pickle.dumps(Model()))
    file.name = "table.csv"

    issue = next(file_type.run(file))

    assert issue.message == (
        "This is a file named .csv, but it can be opened as a pickle file, which may run code when loaded."
        " Ask its author what it is, and push it under its true name or not at all."
    )


class Endless(io.RawIOBase):
    """Claims a tebibyte and counts what is asked of it."""

    name = "weights.bin"
    given = 0
    place = 0

    def seek(self, offset, whence=0):
        self.place = offset + {0: 0, 1: self.place, 2: 1 << 40}[whence]
        return self.place

    def read(self, size=-1):
        self.given += size
        self.place += size
        return bytes(size)


def test_of_a_tebibyte_only_the_ends_are_read():
    file = Endless()

    *_, fact = file_type.run(file)

    assert (file.given, fact) == (
        128 << 10,
        Fact({"type": "unknown", "media_type": "application/octet-stream", "size": 1 << 40}),
    )


def test_every_cut_of_every_format_is_survived():
    for name, (_, content) in KNOWN.items():
        for length in {*range(1, min(len(content), 120)), len(content) // 2, len(content) - 1}:
            *_, fact = file_type.run(named(content[:length], name))

            assert fact.data["size"] == length


def named(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, zlib.compress(pickle.dumps(Model())), "a.csv", "file_type")

    assert (report.outcome, [issue.name for issue in report.issues], report.fact) == (
        "done",
        ["disguised"],
        {"type": "zlib", "media_type": "application/zlib", "size": report.fact["size"]},
    )
    sandbox.stop()


@pytest.mark.parametrize(
    ("name", "content", "licence"),
    [
        ("README.md", b"---\nlicense: apache-2.0\ntags: [a]\n---\n# A\n", "apache-2.0"),
        ("README.md", b"---\nlicense: other\nlicense_name: llama3\n---\n", "llama3"),
        (
            "README.md",
            b"---\nlicense:\n- cc-by-4.0 # of the rows\n- 'mit'\ntags:\n- a\n---\n",
            "cc-by-4.0 AND mit",
        ),
        ("README.md", b"---\nlicense: [mit, gpl-3.0]\n---\n", "mit AND gpl-3.0"),
        ("README.md", b"# A\nlicense: mit\n", None),
        ("a.gguf", gguf(b"general.license", b"mit"), "mit"),
        ("a.gguf", gguf(b"general.name", b"mit"), None),
    ],
)
def test_a_file_says_which_licence_it_has(name, content, licence):
    assert look(file_type, content, name)[1].get("licence") == licence


def test_a_file_that_is_cut_says_what_it_can():
    assert "licence" not in look(file_type, gguf(b"general.license", b"mit")[:-9], "a.gguf")[1]
