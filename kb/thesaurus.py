"""Words that mean the same: how a query is taken apart, and what else each part of it may be called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kb.models.folding import folded

FILE = Path(__file__).with_name("thesaurus.txt")
LIGHT_WORDS = Path(__file__).with_name("light_words.txt")
LONGEST_PHRASE = 4
MOST_WORDS = 16  # of a query: hyphens make many of one, and each is asked for in several ways


@dataclass(frozen=True)
class Part:
    """A word or a phrase of a query, and what means the same."""

    text: str
    others: tuple[str, ...] = ()
    light: bool = False
    """Whether it says little of what is asked for."""


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Every phrase with all that stand in a line with it."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines(FILE):
        group = tuple(plain(phrase) for phrase in line.split(","))
        for phrase in group:
            found[phrase] = tuple(dict.fromkeys((*found.get(phrase, ()), *group)))
    return found


@cache
def light() -> frozenset[str]:
    return frozenset(word for line in lines(LIGHT_WORDS) for word in line.split())


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line and not line.startswith("#")]


def plain(text: str) -> str:
    """Words with single blanks between them, lower and without marks."""
    return " ".join("".join(each if each.isalnum() else " " for each in folded(text)).split())


def parts(text: str) -> list[Part]:
    """The longest phrases that are known, and words."""
    words, found = plain(text).split()[:MOST_WORDS], []
    while words:
        size = next(
            (size for size in range(min(LONGEST_PHRASE, len(words)), 1, -1) if known(words[:size])), 1
        )
        phrase = " ".join(words[:size])
        group = known(words[:size])
        little = phrase in light()
        # A word that says little stands for itself alone, and for others that do.
        others = (other for other in group if other != phrase and (little or other not in light()))
        found.append(Part(phrase, tuple(others), little))
        del words[:size]
    return found


def known(words: list[str]) -> tuple[str, ...]:
    """The group of these words, also when the last of them stands in the plural."""
    phrase = " ".join(words)
    return groups().get(phrase) or groups().get(phrase.removesuffix("s")) or ()
