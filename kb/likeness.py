"""How much two texts say the same: the Jaccard index of their shingles of five words, and a sketch by which
the like ones are found without comparing all with all.

The sketch is MinHash by one permutation (Li, Owen and Zhang 2012), with empty bins taken from the next one
(Shrivastava and Li 2014): 64 bins, in 16 bands of 4. Of two texts with an index of 0.8 a band is the same
with 0.8^4 = 0.41, so that at least one is with 0.9998; of two with 0.3, with 0.12.
"""

from __future__ import annotations

from zlib import crc32

from kb.thesaurus import plain

SHINGLE = 5  # words
ALIKE = 0.8
FEWEST = 20  # words of a text that can be like another
BINS, ROWS = 64, 4


def shingles(text: str) -> frozenset[int]:
    """Hashes of five words that follow each other; none of a text of few words."""
    words = plain(text).split()
    if len(words) < FEWEST:
        return frozenset()
    return frozenset(
        crc32(" ".join(words[start : start + SHINGLE]).encode()) for start in range(len(words) - SHINGLE + 1)
    )


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """From 0 to 1; of nothing with anything 0."""
    return len(one & other) / len(one | other) if one and other else 0.0


def bands(found: frozenset[int]) -> list[int]:
    """Texts that are like each other have at least one of these in common, very likely."""
    if not found:
        return []
    least: dict[int, int] = {}
    for each in found:
        place = each % BINS
        least[place] = min(each, least.get(place, each))
    filled = [next(least[(place + step) % BINS] for step in range(BINS) if (place + step) % BINS in least)
              for place in range(BINS)]  # fmt: skip
    starts = range(0, BINS, ROWS)
    return [crc32(repr((start, filled[start : start + ROWS])).encode()) for start in starts]
