"""What an issue may be called: fit to be shown, and never like another one."""

from __future__ import annotations

import pytest

from registry.checks import Issue

LONG = "package." * 30


def name(text: str) -> str:
    return Issue("high", "Something.", text).name


@pytest.mark.parametrize(
    ("one", "other"),
    [(LONG + "load", LONG + "loads"), ("a\u202eb", "a\u202db"), ("a\ud800", "a\ufffd")],
    ids=["cut", "hidden", "not text"],
)
def test_two_names_stay_two_when_they_are_made_fit_to_be_shown(one, other):
    assert name(one) != name(other)
    assert [len(name(text)) <= 200 and name(text).isprintable() for text in (one, other)] == [True, True]


def test_a_cut_name_ends_with_a_part_of_the_digest_of_the_whole_one():
    assert name("x" * 201) == "x" * 183 + "…" + "84a0678c90937f5d"


def test_a_name_that_is_fit_stays_as_it_is():
    assert [name("pickle.loads"), name("x" * 200)] == ["pickle.loads", "x" * 200]


@pytest.mark.parametrize("text", [LONG, "a\u202eb"])
def test_a_name_that_was_made_fit_stays_so(text):
    assert name(name(text)) == name(text)
