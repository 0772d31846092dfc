"""A proposal that has what both wrote."""

from __future__ import annotations

import itertools

import pytest

from kb.merging import MINE, THEIRS, Merged, merge

BASE = "one\ntwo\nthree\nfour\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ("ONE\ntwo\nthree\nfour\n", "one\ntwo\nthree\nFOUR\n", Merged("ONE\ntwo\nthree\nFOUR\n", 0)),
        ("one\ntwo\nthree\n", "one\n1.5\ntwo\nthree\nfour\n", Merged("one\n1.5\ntwo\nthree\n", 0)),
        (BASE, "other", Merged("other", 0)),
        ("same", "same", Merged("same", 0)),
        ("one\nA\nthree\nfour\n", "one\nB\nthree\nfour\n",
         Merged(f"one\n{MINE}\nA\n=======\nB\n{THEIRS}\nthree\nfour\n", 1)),
        (BASE + "mine\n", BASE + "theirs\n", Merged(f"{BASE}{MINE}\nmine\n=======\ntheirs\n{THEIRS}\n", 1)),
    ],
    ids=["apart", "gone and new", "only theirs", "alike", "same line", "both at the end"],
)  # fmt: skip
def test_what_both_wrote_is_there(mine, theirs, merged):
    assert merge(BASE, mine, theirs) == merged


def test_no_line_that_somebody_added_is_lost():
    texts = ["\n".join(lines) for size in range(4) for lines in itertools.product("ab", repeat=size)]
    lost = [
        (base, mine, theirs)
        for base, mine, theirs in itertools.product(texts, repeat=3)
        if not added(base, mine, theirs) <= {*merge(base, mine, theirs).text.splitlines()}
    ]

    assert lost == []


def added(base: str, *texts: str) -> set[str]:
    return {line for text in texts for line in text.splitlines()} - {*base.splitlines()}
