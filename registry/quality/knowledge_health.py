"""Whether what a team knows is written down, linked, checked by others and read."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from governance.templatetags.words import counted
from registry.checks import Issue
from registry.quality import Knowledge, Needs, quality
from registry.quality.ownership_coverage import named

FEWEST, HALF = 5, 0.5
Z = 1.96


@quality(
    "Knowledge",
    "each model has a card and an article that names it, and no article names what is not there (medium); no "
    "verification is over, no own playbook older than 90 days, no two articles say nearly the same (shingles "
    "of five words, Jaccard 0.8 or more), none is unhelpful (95 % Wilson upper bound below 0.5, of five "
    "readers or more), nothing was searched for three times in vain by two people within 30 days, and "
    "nobody has yet to read what they were asked to (low); shares that are verified and that another team "
    "has used (info)",
    "Wilson 1927, Probable inference; Broder 1997, On the resemblance of documents",
    about="knowledge",
    also="team",
)
def run(known: Knowledge) -> Iterator[Issue | Needs]:
    if not known.models and not known.articles:
        yield Needs("a model or an article of the team")
        return
    yield from of_models(known)
    if known.broken:
        text = f"{counted(known.broken, 'link')} in articles lead to what is not there. Cure or remove them."
        yield Issue("medium", text, "broken")
    yield from of_articles(known)
    yield Issue("info", shares(known), "shares")


def of_models(known: Knowledge) -> Iterator[Issue]:
    if without := [label for label, card, _ in known.models if not card]:
        yield Issue("medium", f"{named(without)}: no card says what it is for. Write one.", "card")
    if alone := [label for label, _, article in known.models if not article]:
        yield Issue(
            "medium", f"{named(alone)}: no article names it. Write down what is known of it.", "article"
        )


def of_articles(known: Knowledge) -> Iterator[Issue]:
    unhelpful = sum(did_not_help(*each) for each in known.ratings)
    told = (
        (known.stale, "article", "articles", "verified until a day that is over", "stale"),
        (known.old_playbooks, "own playbook", "own playbooks", "older than 90 days", "playbooks"),
        (known.twins, "pair of articles", "pairs of articles", "nearly the same", "twins"),
        (unhelpful, "article", "articles", "found unhelpful by readers", "unhelpful"),
        (known.wanted, "text", "texts", "searched for in vain", "wanted"),
        (known.unread, "person", "people", "still asked to read something", "unread"),
    )
    for number, one, many, what, name in told:
        if number:
            yield Issue("low", f"{counted(number, one, many)}: {what}.", name)


def shares(known: Knowledge) -> str:
    verified = f"{known.verified:,} of {counted(known.articles, 'article')} verified"
    return f"{verified}; {known.reused:,} of {counted(known.assets, 'artifact')} used by another team."


def did_not_help(helpful: int, readers: int) -> bool:
    return readers >= FEWEST and upper(helpful, readers) < HALF


def upper(helpful: int, readers: int) -> float:
    """The upper end of Wilson's 95 % interval of a share."""
    share, spread = helpful / readers, Z * Z / readers
    middle = share + spread / 2
    side = Z * sqrt(share * (1 - share) / readers + spread / (4 * readers))
    return (middle + side) / (1 + spread)
