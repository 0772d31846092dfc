"""What a file is, by its bytes against its name."""

from __future__ import annotations

import io
import pickle

import pytest

from registry.checks import Fact
from registry.checks.file_type import run


def issues(content: bytes, name: str) -> list[tuple[str, str]]:
    file = io.BytesIO(content)
    file.name = name
    return [(found.severity, found.name) for found in run(file) if not isinstance(found, Fact)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"# Title\n\nWords.\n", "README.md"),
        (b"a,b\n1,2\n", "data.csv"),
        (b'{"a": 1}', "config.json"),
        (pickle.dumps([1]), "model.pkl"),
        (pickle.dumps([1], 0), "model.pkl"),
        (b"PAR1....PAR1", "data.parquet"),
        (b"#!/bin/sh\n", "run.sh"),
        ("Zürich".encode(), "cities.txt"),
    ],
)
def test_what_is_what_its_name_says_is_left_alone(content, name):
    assert issues(content, name) == []


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (b"\x7fELF\x02\x01", "model.bin", ("high", "executable")),
        (b"MZ\x90\0", "setup.exe", ("high", "executable")),
        (pickle.dumps([1]), "data.csv", ("high", "disguised")),
        (pickle.dumps([1]), "model.safetensors", ("high", "disguised")),
        (b"PK\x03\x04....", "data.json", ("high", "disguised")),
        (b"\xff\xd8\xff\xe0", "photo.png", ("medium", "mismatch")),
        (b"\x00\x01\x02\xff\xfe", "thing.xyz", ("medium", "unknown")),
        (b"", "empty.csv", ("low", "empty")),
    ],
)
def test_what_is_something_else_is_told(content, name, found):
    assert issues(content, name) == [found]


def test_the_type_is_a_fact():
    file = io.BytesIO(b"PAR1....PAR1")
    file.name = "data.parquet"

    assert next(run(file)) == Fact({"type": "parquet", "size": 12})
