"""Words of one family: what PostgreSQL's stems keep apart though one is made of the other, such as explain
and explanation. Endings by which English makes words of words, in the way of Paice (1990) and of Xu and Croft
(1998): stems that begin alike and whose ends are such endings are kin."""

from __future__ import annotations

SHORT, LONG = 4, 5  # letters that two begin with in common
# What is left of stems behind what they have in common.
ENDINGS = {
    "", "a", "abl", "al", "an", "anc", "ant", "ar", "at", "ation", "ator", "atori", "d", "e", "ed",
    "en", "enc", "ent", "er", "eri", "es", "est", "ful", "fulli", "i", "iat", "ibl", "ic", "ican",
    "icant", "ig", "il", "in", "ing", "ion", "ism", "ist", "it", "iti", "iv", "iz", "izat", "less",
    "li", "ment", "n", "nat", "ness", "or", "ori", "ous", "pt", "r", "s", "si", "sion", "st", "ster",
    "t", "ten", "th", "ti", "tic", "tion", "tor", "tori", "ur", "v", "y", "yz", "z",
}  # fmt: skip


def kin(one: str, other: str) -> bool:
    """Whether two different stems are of one family; of four in common, one more may follow at most."""
    shared = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), -1)
    shared = min(len(one), len(other)) if shared < 0 else shared
    rest, others = one[shared:], other[shared:]
    if one == other or shared < SHORT or rest not in ENDINGS or others not in ENDINGS:
        return False
    return shared >= LONG or max(len(rest), len(others)) <= 1
