"""A proposal that has what both wrote."""

from __future__ import annotations

import itertools
import time

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


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", [lambda n: "", lambda n: str(n % 7), lambda n: str(n)], ids=["empty", "few", "own"]
)
def test_many_lines_are_put_together_in_time(line):
    base = [line(n) for n in range(4900)]
    mine = [*base[:100], "mine", *base[100:2000], *base[2040:]]
    theirs = [each if n % 50 else f"theirs {n}" for n, each in enumerate(base)]
    begun = time.process_time()

    merged = merge("\n".join(base), "\n".join(mine), "\n".join(theirs))

    took = time.process_time() - begun
    assert {"mine", "theirs 0", "theirs 4850"} <= {*merged.text.splitlines()}
    assert took < 3
    print(f"{took:.2f} s, {merged.clashes} clashes")
