"""XGBoost and LightGBM: a model in JSON, UBJSON or text is trees whose every number leads to something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from registry.checks import MIB, Issue, check
from registry.parsers import Malformed, strict_json, trees
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part, whole
from registry.parsers.telling import strict

LEARNER = (b'"gradient_booster"', b'"learner_model_param"')
LARGEST = 16 * MIB  # what is larger is not held in memory as a whole


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
    """What is no JSON at all, or says things twice, other checks tell."""
    if part.size > LARGEST:
        yield from too_large(part)
        return
    text = whole(part, LARGEST)
    if b'"learner' not in text:
        return
    learner = all(word in text for word in LEARNER)
    try:
        value = strict_json.lenient(text.decode("utf-8", "replace"))
    except ValueError as error:
        if learner:
            raise Malformed("is no JSON that ends where it should.") from error
        return
    if learner:
        trees.xgboost(value)
    yield from ()


def too_large(part: Part) -> Iterator[Issue]:
    """What is not followed is said. Of other JSON this check says nothing, whatever its size."""
    missing, rest = set(LEARNER), b""
    part.file.seek(0)
    while missing and (block := part.file.read(MIB)):
        text = rest + block
        missing = {word for word in missing if word not in text}
        rest = text[-max(map(len, LEARNER)) :]
    if not missing:
        said = f"This XGBoost file is JSON of more than {LARGEST // MIB} MiB: its trees were not followed"
        yield Issue("high", f"{said}. Save it as .ubj, which is read at any size.", "not_followed", part.path)


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
        if len(rest) > LARGEST:
            raise Malformed("has a line that is longer than any tree.")
    yield rest
