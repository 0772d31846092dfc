"""XGBoost and LightGBM: a model in JSON, UBJSON or text is trees whose every number leads to something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from registry.checks import MIB, Issue, check
from registry.parsers import Malformed, tree_json, trees
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part
from registry.parsers.telling import strict

LEARNER = (b'"gradient_booster"', b'"learner_model_param"')
LONGEST_LINE = 16 * MIB


@check("model", "dataset", "asset", since=date(2026, 11, 28), timeout=120, memory=512 * MIB)
@each_part
def run(part: Part) -> Iterator[Issue]:
    head = part.ends.head
    if part.format == "ubjson" or part.extension == "ubj":
        yield from strict(part, "XGBoost", in_ubjson)
    elif head.startswith((b"tree\n", b"tree\r\n")) and b"num_tree_per_iteration" in head:
        yield from strict(part, "LightGBM", in_text)
    elif head.lstrip().startswith(b"{") and (part.extension == "json" or b'"learner"' in head):
        yield from strict(part, "XGBoost", in_json)


def in_ubjson(part: Part) -> Iterator[Issue]:
    part.file.seek(0)
    trees.xgboost(trees.Binary(part.file, part.size).read())
    yield from ()


def in_json(part: Part) -> Iterator[Issue]:
    """Of other JSON this check says nothing: what is none at all, or says things twice, other checks tell."""
    if not all(says(part, word) for word in LEARNER):
        return
    part.file.seek(0)
    try:
        tree_json.follow(part.file)
    except tree_json.TooMuch:
        said = "This XGBoost file holds too much beside its trees to follow them"
        yield Issue("high", f"{said}: save it as .ubj, which is read at any size.", "not_followed", part.path)
    except ValueError as error:
        raise Malformed("is no JSON that ends where it should.") from error


def says(part: Part, word: bytes) -> bool:
    rest = b""
    part.file.seek(0)
    while block := part.file.read(MIB):
        if word in (rest := rest + block):
            return True
        rest = rest[-len(word) :]
    return False


def in_text(part: Part) -> Iterator[Issue]:
    trees.lightgbm(lines(part))
    yield from ()


def lines(part: Part) -> Iterator[bytes]:
    """A block at a time: a model may have millions of them."""
    part.file.seek(0)
    rest = b""
    while block := part.file.read(MIB):
        *whole_lines, rest = (rest + block).split(b"\n")
        yield from whole_lines
        if len(rest) > LONGEST_LINE:
            raise Malformed("has a line that is longer than any tree.")
    yield rest
