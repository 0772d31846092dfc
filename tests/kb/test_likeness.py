"""How much two texts say the same."""

from __future__ import annotations

import random

import pytest

from kb.likeness import ALIKE, bands, likeness, shingles

WORDS = [f"word{number}" for number in range(400)]
TEXT = " ".join(WORDS)


def test_the_same_words_are_the_same_whatever_their_case_and_marks():
    assert likeness(shingles(TEXT), shingles(f"# {TEXT.upper()}!")) == 1


def test_the_index_is_that_of_shingles_of_five_words():
    one, other = (shingles(" ".join(WORDS[start : start + 100])) for start in (0, 50))

    assert likeness(one, other) == (46 / (2 * 96 - 46))


@pytest.mark.parametrize("text", ["", "a few words only", "🦀 " * 100], ids=["empty", "few", "no words"])
def test_what_has_too_few_words_is_like_nothing(text):
    assert (likeness(shingles(text), shingles(text)), bands(shingles(text))) == (0.0, [])


def test_like_texts_have_a_band_in_common_and_others_have_none():
    chance = random.Random(7)
    for _ in range(50):
        words = chance.sample(WORDS, 200)
        changed = [*words[:100], "new", *words[101:]]
        one, other, far = (shingles(" ".join(each)) for each in (words, changed, chance.sample(WORDS, 200)))
        assert likeness(one, other) >= ALIKE
        assert {*bands(one)} & {*bands(other)}
        assert not {*bands(one)} & {*bands(far)}
