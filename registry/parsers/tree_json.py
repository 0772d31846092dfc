"""A model of XGBoost in JSON, tree by tree: each is followed and let go, as one may be larger than memory."""

from __future__ import annotations

import codecs
import json
import re
import secrets
from typing import Any, BinaryIO

from registry.parsers import Malformed, strict_json, trees

BLOCK = 1 << 20
LARGEST = 16 << 20  # characters of one tree: some 150,000 nodes
MOST_ELSE = 16 << 20  # characters of all that is no tree
BEGIN = re.compile(r'(?<!\\)"trees"\s{0,80}:\s{0,80}\[')
LONGEST = 200  # characters of a beginning
VALUE = re.compile(r"[^\s,]")
DECODER = json.JSONDecoder()


class TooMuch(ValueError):
    """More beside its trees, or in one of them, than is held in memory."""


def follow(file: BinaryIO) -> None:
    """`Malformed` for what no XGBoost writes, `TooMuch` for what cannot be told, `ValueError` for what
    is no JSON."""
    model = Model(file)
    trees.xgboost(strict_json.lenient(model.rest()), model.followed)


class Model:
    """The text of a file whose trees are taken out of it while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._text, self._at, self._ended = file, "", 0, False
        self._decoded = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._mark = secrets.token_hex(8)  # what stands in a tree's place, which no file can know
        self.followed: dict[str, trees.Followed | Malformed] = {}

    def rest(self) -> str:
        """All that is no tree, with a mark where one was."""
        kept: list[str] = []
        size = 0
        while not self._ended or self._at < len(self._text):
            begins = BEGIN.search(self._text, self._at)
            end = begins.end() if begins else len(self._text) - (0 if self._ended else LONGEST)
            if end <= self._at:
                self._more()
                continue
            found = [self._text[self._at : end]]
            self._at = end
            if begins:
                found.append(", ".join(f'"{mark}"' for mark in self._trees()))
            kept += found
            size += sum(map(len, found))
            if size > MOST_ELSE:
                raise TooMuch
        return "".join(kept)

    def _trees(self) -> list[str]:
        marks = []
        while (tree := self._next()) is not None:
            marks.append(f"{self._mark} {len(self.followed)}")
            try:
                self.followed[marks[-1]] = trees.xgboost_tree(tree)
            except Malformed as error:  # of a list of something else nobody asks
                self.followed[marks[-1]] = error
        return marks

    def _next(self) -> Any | None:
        """The next of a list, or None at its end."""
        while True:
            found = VALUE.search(self._text, self._at)
            begin = found.start() if found else len(self._text)
            if found and found[0] == "]":
                self._at = begin
                return None
            try:
                value, end = DECODER.raw_decode(self._text, begin)
            except RecursionError as error:
                raise strict_json.TooDeep from error
            except ValueError:
                if self._ended:
                    raise
            else:
                if end < len(self._text):  # a number may go on
                    self._at = end
                    return value
                if self._ended:
                    raise ValueError("The list does not end.")
            if len(self._text) - self._at > LARGEST:
                raise TooMuch
            self._more()

    def _more(self) -> None:
        """As much again as is held: what is one piece is tried a few times only."""
        held = self._text[self._at :]
        block = self._file.read(max(BLOCK, len(held)))
        self._ended = not block
        self._text, self._at = held + self._decoded(block, self._ended), 0
