"""What a card says that only people know: fields of an artifact, which a gate may ask for by their titles.

After Mitchell and others 2019 (model cards) and Gebru and others 2018 (datasheets for datasets).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from governance.errors import Invalid
from governance.names import plain_text

LONGEST = 10_000
MODEL, DATASET, ASSET = "model", "dataset", "asset"


@dataclass(frozen=True, slots=True)
class CardField:
    name: str
    title: str
    asks: str
    kinds: tuple[str, ...] = (MODEL, DATASET, ASSET)


FIELDS = (
    CardField("intended_use", "Intended use", "For which people, decisions and data it is meant."),
    CardField("out_of_scope", "Out of scope", "What it must not be used for, though somebody might."),
    CardField("limits", "Limits", "Where it is known to be wrong or weak, or was not tried."),
    CardField("ethics", "Ethics", "Whom it may harm, how, and what was done about that."),
    CardField("oversight", "Oversight", "Who looks at what it decides, and how one objects.", (MODEL,)),
    CardField("collection", "Collection", "Who collected it, how, when, and with whose consent.", (DATASET,)),
    CardField("preparation", "Preparation", "What was cleaned, labelled, left out, and by whom.", (DATASET,)),
    CardField("upkeep", "Upkeep", "Who keeps it right, how errors are told, how long it is kept."),
)
TITLES = ", ".join(field.title for field in FIELDS)


def of_kind(kind: str) -> list[CardField]:
    return [field for field in FIELDS if kind in field.kinds]


def changed(kind: str, card: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The card with what is given in place of what it said; an empty text takes a field out."""
    known = {field.name: field for field in of_kind(kind)}
    found = dict(card)
    for name, text in given.items():
        if name not in known:
            refuse(f"A card of a {kind} has no field {name[:80]}: {', '.join(known)}.")
        if len(text) > LONGEST:
            refuse(f"{known[name].title} is longer than {LONGEST:,} letters.")
        found[name] = plain_text(text, "card").replace("\r\n", "\n").strip()
    return {name: found[name] for name in known if found.get(name)}


def refuse(sentence: str) -> NoReturn:
    raise Invalid(sentence, errors={"card": [sentence]})


def titles_of(card: Mapping[str, str]) -> set[str]:
    """Titles, in small letters, of what is filled."""
    return {field.title.casefold() for field in FIELDS if card.get(field.name)}
