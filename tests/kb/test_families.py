"""Which words are of one family."""

from __future__ import annotations

import pytest

from kb.families import kin


@pytest.mark.parametrize(
    ("one", "other", "related"),
    [
        ("explain", "explan", True),
        ("decid", "decis", True),
        ("fraud", "fraudster", True),
        ("predict", "predictor", True),
        ("explain", "explain", False),
        ("contract", "contrast", False),
        ("cost", "cosin", False),
        ("car", "card", False),
        ("batch", "bench", False),
    ],
)
def test_stems_are_kin_when_their_ends_make_words_of_words(one, other, related):
    assert kin(one, other) is related
    assert kin(other, one) is related
