"""Keras models, as `.keras` archives, HDF5 files or bare configurations, and other HDF5 files.

What a configuration would import or call is judged by parsers/keras.py. An HDF5 file may lead to other files,
which no model needs: then it is told, as is what cannot be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from registry.checks import MIB, Issue, check
from registry.formats import pickled
from registry.parsers import Malformed, hdf5, keras, strict_json
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part, whole
from registry.parsers.telling import ANEW, strict

LARGEST_CONFIG = 64 * MIB
ODD = {
    "external_link": "leads to another file",
    "external_storage": "keeps bytes in another file",
    "virtual": "puts a dataset together from other files",
    "unknown_link": "has a link of a kind that only a plug-in can follow",
    "filter": "is packed by a filter that only a plug-in can undo",
    "huge": "says that it holds more than its bytes can",
}
CONFIGS = ("model_config", "training_config", "layer_config")
IMPORTING = frozenset({"GLOBAL", "STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4"})


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=120, memory=512 * MIB)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.format == "hdf5" or part.extension in {"h5", "hdf5"}:
        yield from strict(part, "HDF5", in_hdf5)
    elif is_config(part):
        yield from strict(part, "Keras", in_config)


def is_config(part: Part) -> bool:
    """By what it holds: it may be called anything, and be the only file of a model."""
    head = part.ends.head.replace(b"\0", b"")  # in whatever encoding its loader would find
    if part.base == "config.json" and b'"class_name"' in head:
        return True
    return part.format in {"json", "jsonl", "text"} and head.lstrip()[:1] == b"{" and b'"class_name"' in head


def in_config(part: Part) -> Iterator[Issue]:
    yield from of_config(whole(part, LARGEST_CONFIG), part.path)


def of_config(raw: bytes, place: str) -> Iterator[Issue]:
    """Judged as the last of repeated keys and as the first, since readers differ."""
    text = raw.decode(json.detect_encoding(raw), "replace").rstrip("\0")  # as its loader reads it
    try:
        config: Any = strict_json.loads(text)
    except strict_json.Repeated:
        said = "Its configuration has the same key twice, of which readers take different ones"
        yield Issue("high", f"{said}: {ANEW}", "repeated_key", place)
        config = strict_json.lenient(text)
    except ValueError as error:
        raise Malformed("has a configuration that is no JSON.") from error
    yield from keras.judge(config, place)


def in_hdf5(part: Part) -> Iterator[Issue]:
    contents = hdf5.read(part.file, part.size)
    for kind, where in contents.odd:
        text = f"This HDF5 file {ODD[kind]}, which no model or table needs: {ANEW}"
        yield Issue("high", text, kind, f"{part.path} {where}".strip())
    for path, name, value in contents.attributes:
        place = f"{part.path} {path} {name}".strip()
        if name in CONFIGS or b'"class_name"' in value:
            yield from of_config(value, place)
        elif pickled.is_pickle(value, complete=True) and calls(value):
            said = "An attribute holds a pickle, which pandas and PyTables load when they open the file"
            yield Issue("high", f"{said}: save it as Parquet, or without Python objects.", "pickle", place)


def calls(value: bytes) -> bool:
    """Whether unpickling it would import something."""
    return not IMPORTING.isdisjoint(pickled.steps(value))
