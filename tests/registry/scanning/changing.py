"""Samples of every format that is read here, what may be changed in their bytes, and what Python's own
readers still see in them afterwards."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickletools
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from hypothesis import strategies as st

from registry.parsers import words
from registry.pickles.names import danger
from tests.registry.checks import (
    test_archives,
    test_configs,
    test_documents,
    test_file_type,
    test_graphs,
    test_keras_models,
    test_skops_models,
    test_source_code,
    test_tensors,
)
from tests.registry.parsers import hdf5
from tests.registry.pickles import hostile, test_hostile

Named = tuple[str, bytes]
LARGEST = 1 << 16  # of what is changed: larger ones only cost more
LENGTHS = [b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f", b"\xff" * 8, b"\0\0\0\x80", b"\x01"]
STARTS = [
    *(b"", b"\x80\x02", b"\x80\x04\x95", b"cos\nsystem\n", b"PK\3\4", b"\x1f\x8b\x08\0", b"BZh9", b"MZ"),
    *(b"\xfd7zXZ\0", b"\x5d\0\0\x80\0", b"\x78\x9c", b"\x93NUMPY\1\0", b"\x89HDF\r\n\x1a\n", b"\x7fELF"),
    *(b"GGUF\3\0\0\0", b"PAR1", b"ARROW1", b"%PDF-1.7\n", b"\x1c\0\0\0TFL3", b"\x08\x09\x12", b"\xff\xfe"),
    *(b"{", b'{"a": ', b"a: !!python/", b"{{ ", b"<?xml ", b"import os\n", b"a,b\n", b"-----BEGIN "),
    *(b"\x10\0\0\0\0\0\0\0{",),
]
ENDINGS = words(
    """
    pkl pt bin npy npz joblib h5 keras json jsonl yaml onnx pb tflite gguf safetensors skops zip tar gz xz csv
    parquet py ipynb pdf xml jinja mlmodel txt png
    """
)
NPY = b"\x93NUMPY\1"
NAMES = {"GLOBAL", "INST", "STACK_GLOBAL"}
CALLS = {"REDUCE", "OBJ", "INST", "NEWOBJ", "NEWOBJ_EX", "BUILD"}
BY_ITSELF = {"PROTO", "FRAME"}  # what any loader passes over
NEUTRAL = [
    *(
        b"N0",
        b"(1",
        b"(0",
        b"]0",
        b"}0",
        b")0",
        b"K\x070",
        b"\x880",
        b"(K\x01K\x02t0",
        b"(NNd0",
        b"(Nl0",
        b"\x80\x02",
    ),
    *(
        b"X\1\0\0\0a0",
        b"Np77\n0",
        b"Nq\xc80",
        b"Nr\x40\x0d\x03\x000",
        b"I1\n0",
        b"L9L\n0",
        b"F1.5\n0",
        b"N200",
    ),
    *(b"((1N01", b"NN\x860", b"S'a'\n0", b"Va\n0", b"cbuiltins\nint\n0", b"B\x50\0\0\0" + b"N" * 80 + b"0"),
]


def small(found: Iterator[Named]) -> list[Named]:
    return [(name, content) for name, content in found if 0 < len(content) <= LARGEST]


def pickled() -> list[Named]:
    """Hostile, one for each technique; of those that differ in a name alone only some."""
    families = (hostile.operations, hostile.broken, hostile.arrays, hostile.polyglots)
    few = [*hostile.named()][::25]
    made = (few, *(family() for family in families))
    return small((name, held) for samples in made for _, name, held in samples)


def archived() -> list[Named]:
    return small((name, held) for family in (hostile.packed, hostile.archived) for _, name, held in family())


def honest() -> list[Named]:
    known = [(name, held) for name, (_, held) in test_file_type.KNOWN.items()]
    plain = (test_hostile.NEIGHBOURS, test_archives.HONEST, test_tensors.HONEST, test_graphs.HONEST)
    texts = [(name, held.encode()) for name, held in test_configs.HONEST.items()]
    keras = test_keras_models.HONEST.items()
    models = [(f"{name}.keras", test_keras_models.keras(held)) for name, held in keras]
    return small(iter([*known, *(item for held in plain for item in held.items()), *texts, *models]))


def tables() -> list[Named]:
    return [
        (name, held) for name, held in honest() if name.partition(".")[0] in {"table", "semicolons", "wide"}
    ]


def strange() -> list[Named]:
    """What is wrong in another way than by a pickle."""
    return small(iter([*tricks(), *settings()]))


def tricks() -> Iterator[Named]:
    yield from ((f"{name}.zip", held) for name, (held, _) in test_archives.HOSTILE.items())
    yield from test_tensors.MALFORMED.items()
    yield from ((f"{name}.h5", held) for name, held in hdf5.FILES.items())
    yield "model.skops", test_skops_models.skops_file(test_skops_models.node("os", "system", "FunctionNode"))
    yield "a.pdf", test_documents.PLAIN + b"<< /OpenAction << /S /Launch /F (x) >> >>"


def settings() -> Iterator[Named]:
    for name, (config, _) in test_keras_models.HOSTILE.items():
        yield f"{name}.keras", test_keras_models.keras(config)
        yield f"{name}.json", json.dumps(config).encode()
    for number, source in enumerate(test_source_code.HOSTILE):
        yield f"{number}.py", source.encode()
        yield f"{number}.ipynb", test_source_code.notebook(test_source_code.code(source))


def names() -> st.SearchStrategy[str]:
    return st.sampled_from([f"model.{ending}" for ending in sorted(ENDINGS)])


def any_bytes() -> st.SearchStrategy[Named]:
    begun = st.tuples(st.sampled_from(STARTS), st.binary(max_size=600), st.sampled_from(STARTS)).map(b"".join)
    return st.tuples(names(), begun)


@st.composite
def changed(draw: st.DrawFn, family: str, most: int = 4) -> tuple[str, bytes, bytes]:
    """A name, a sample, and what became of it by a few changes."""
    name, before = draw(st.sampled_from(FAMILIES[family]))
    return name, before, change(draw, before, family, most)


@st.composite
def wrapped(draw: st.DrawFn) -> tuple[str, bytes, bytes]:
    """A pickle and what became of it, packed once or twice and perhaps changed again."""
    _, before = draw(st.sampled_from(CALLING))
    after = draw(st.sampled_from([bytes, hostile.npy]))(change(draw, before, "pickled", 1))
    for _ in range(draw(st.integers(1, 2))):
        after = draw(st.sampled_from(WRAPPERS))(after)
    if draw(st.booleans()):
        after = change(draw, after, "archived", 1)
    return draw(names()), before, after


def change(draw: st.DrawFn, held: bytes, family: str, most: int) -> bytes:
    for _ in range(draw(st.integers(1, most))):
        held = draw(st.sampled_from(CHANGES))(draw, held, FAMILIES[family])
    return held


Change = Callable[[st.DrawFn, bytes, list[Named]], bytes]


def stretch(draw: st.DrawFn, held: bytes, most: int = 64) -> tuple[int, int]:
    begin = draw(st.integers(0, len(held)))
    return begin, min(len(held), begin + draw(st.integers(1, most)))


def flip(draw: st.DrawFn, held: bytes, _: list[Named]) -> bytes:
    if not held:
        return held
    place = draw(st.integers(0, len(held) - 1))
    return held[:place] + bytes([held[place] ^ draw(st.integers(1, 255))]) + held[place + 1 :]


def cut(draw: st.DrawFn, held: bytes, _: list[Named]) -> bytes:
    begin, end = stretch(draw, held)
    return held[:begin] + held[end:]


def cut_short(draw: st.DrawFn, held: bytes, _: list[Named]) -> bytes:
    return held[: draw(st.integers(0, len(held)))]


def insert(draw: st.DrawFn, held: bytes, _: list[Named]) -> bytes:
    begin, _end = stretch(draw, held)
    return held[:begin] + draw(st.binary(min_size=1, max_size=16)) + held[begin:]


def duplicate(draw: st.DrawFn, held: bytes, _: list[Named]) -> bytes:
    begin, end = stretch(draw, held, 4096)
    return held[:end] + held[begin:end] * draw(st.integers(1, 20)) + held[end:]


def splice(draw: st.DrawFn, held: bytes, samples: list[Named]) -> bytes:
    other = draw(st.sampled_from(samples))[1]
    begin, end = stretch(draw, other, 512)
    place = draw(st.integers(0, len(held)))
    return held[:place] + other[begin:end] + held[place:]


def length(draw: st.DrawFn, held: bytes, _: list[Named]) -> bytes:
    """Most numbers in a file say how much follows."""
    value = draw(st.sampled_from(LENGTHS))
    place = draw(st.integers(0, len(held)))
    return held[:place] + value + held[place + len(value) :]


CHANGES: list[Change] = [flip, cut, cut_short, insert, duplicate, splice, length]

WRAPPERS: list[Callable[[bytes], bytes]] = [
    *(
        partial(gzip.compress, mtime=0),
        zlib.compress,
        bz2.compress,
        lzma.compress,
        hostile.npy,
        hostile.torch,
    ),
    lambda held: hostile.zipped({"a/data.pkl": held}),
    lambda held: hostile.zipped({"weights": held}, zipfile.ZIP_DEFLATED),
    lambda held: hostile.tarred({"a.bin": held}),
]


@contextmanager
def quiet() -> Iterator[None]:
    """Python's readers warn of what they read leniently."""
    with warnings.catch_warnings(action="ignore"):
        yield


@st.composite
def padded(draw: st.DrawFn) -> tuple[str, bytes]:
    """The same pickle with operations between its own that change nothing."""
    name, held = draw(st.sampled_from(CALLING))
    places = [place for _, _, place in pickletools.genops(held)][1:]
    for place in sorted(draw(st.lists(st.sampled_from(places), min_size=1, max_size=6)), reverse=True):
        held = held[:place] + draw(st.sampled_from(NEUTRAL)) + held[place:]
    return name, held


@quiet()
def called(held: bytes) -> list[tuple[str, Any]]:
    """Every operation up to the first call of what is dangerous, otherwise to the last call, as Python's own
    reader tells them; none when it sees no call of what was named."""
    found: list[tuple[str, Any]] = []
    last, dangerous = 0, False
    with suppress(ValueError):  # what it says where bytes are broken
        for operation, argument, _ in pickletools.genops(held):
            found.append((operation.name, argument))
            dangerous |= operation.name in {"GLOBAL", "INST"} and bool(danger(argument.replace(" ", ".")))
            if operation.name in CALLS and any(name in NAMES for name, _ in found):
                last = len(found)
                if dangerous:
                    break
    return [step for step in found[:last] if step[0] not in BY_ITSELF]


@quiet()
def streams(held: bytes, depth: int = 2) -> list[bytes]:
    """The bytes and what Python's own libraries unpack from them."""
    unpackers = (*(one(unpack) for unpack in UNPACK), zip_members, tar_members)
    inside = [found for unpack in unpackers for found in members(held, unpack)]
    if depth == 1 or held.startswith(NPY):  # behind whose header nothing but a pickle is loaded
        return [held, *inside]
    return [held, *inside, *(found for deeper in inside for found in streams(deeper, depth - 1))]


UNPACK: list[Callable[[bytes], bytes]] = [
    *(gzip.decompress, bz2.decompress, lzma.decompress, zlib.decompress),
    lambda held: (
        held[10 + int.from_bytes(held[8:10], "little") :] if held.startswith(b"\x93NUMPY\1") else b""
    ),
]


def one(unpack: Callable[[bytes], bytes]) -> Callable[[bytes], Iterator[bytes]]:
    return lambda held: iter([unpack(held)])


def members(held: bytes, opened: Callable[[bytes], Iterator[bytes]]) -> list[bytes]:
    found: list[bytes] = []
    try:
        found.extend(opened(held))
    except Exception:  # it is no archive, or ends in the middle
        return found
    return found


def zip_members(held: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(held)) as archive:
        for member in archive.infolist():
            if member.file_size <= LARGEST:
                yield archive.read(member)


def tar_members(held: bytes) -> Iterator[bytes]:
    with tarfile.open(fileobj=io.BytesIO(held)) as archive:
        for member in archive:
            if member.isfile() and member.size <= LARGEST:
                yield archive.extractfile(member).read()


def whole(held: bytes) -> bool:
    """Whether it is a pickle to its end, and calls something."""
    try:
        return bool([*pickletools.genops(held)] and called(held))
    except ValueError:
        return False


FAMILIES = {
    "pickled": pickled(),
    "archived": archived(),
    "honest": honest(),
    "strange": strange(),
    "tables": tables(),
}
CALLING = [(name, held) for name, held in FAMILIES["pickled"] if whole(held)]
