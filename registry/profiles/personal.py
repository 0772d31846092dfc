"""What looks like personal data, by the form and the check digits of values and by the names of columns.

Of at most 1,000 different values of a column only how many match is kept, and the shape of one: letters
become a, digits 9. A checksum alone is weak (one number in ten passes Luhn's), so each kind says which share
of the values must match before the column counts as one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

TELEPHONES = "registry.profiles.telephones"
MOST_VALUES = 1_000
LONGEST = 2_000  # characters of a text that are looked at

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}")
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
SSN = re.compile(r"(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}")
DNI = re.compile(r"[XYZ\d]\d{7}[A-Z]")
NIR = re.compile(r"[1278]\d{4}(?:\d{2}|2[AB])\d{8}")
FISCAL = re.compile(r"[A-Z]{6}[\dLMNPQRSTUV]{2}[A-EHLMPRST][\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{3}[A-Z]")
DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"

# Words of columns' names, in the languages in which tables come, and what such a column holds.
NAMES = {
    "a name": "name firstname lastname surname forename fullname vorname nachname nom prenom apellido holder",
    "an address": "address street adresse strasse postcode zip zipcode plz postal",
    "a date of birth": "birth birthday birthdate dob geburtstag geburtsdatum naissance nacimiento",
    "a telephone number": "phone telephone mobile telefon handy telefono",
    "an e-mail address": "email mail e-mail",
    "a national id": "ssn nationalid passport steuerid dni nif nhs",
}
HINTS = {word: kind for kind, words in NAMES.items() for word in words.split()}
SAYS_NOTHING = {
    "file",
    "host",
    "column",
    "product",
    "model",
    "brand",
    "merchant",
    "company",
    "class",
    "label",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of personal data: `least` is the share of the values that must match."""

    word: str
    matches: Callable[[str], bool]
    least: float


def found(libraries: Callable[[str], Any], column: Any, values: Any) -> dict[str, Any]:
    """What a column looks like; empty when it looks like nothing personal."""
    by_value = list(of_values(libraries, values)) if may_hold(column) else []
    by_name = hinted(column.name)
    if by_name and may_be_named(column) and all(kind["word"] != by_name for kind in by_value):
        by_value.append({"word": by_name, "by": "name", "share": None, "shape": ""})
    return {"kinds": by_value} if by_value else {}


def may_hold(column: Any) -> bool:
    return bool(column.dtype.is_integer()) or str(column.dtype) in ("String", "Categorical")


def may_be_named(column: Any) -> bool:
    """A number called "name" is none, a day of birth is a day."""
    return str(column.dtype) in ("String", "Categorical") or bool(column.time)


def of_values(libraries: Callable[[str], Any], values: Any) -> Iterator[dict[str, Any]]:
    texts = [
        str(value)[:LONGEST] for value in values.drop_nulls().unique(maintain_order=True).head(MOST_VALUES)
    ]
    for kind in kinds(libraries):
        matching = [text for text in texts if kind.matches(text)]
        if matching and len(matching) >= kind.least * len(texts):
            share = round(len(matching) / len(texts), 4)
            yield {"word": kind.word, "by": "value", "share": share, "shape": shape(matching[0])}


def kinds(libraries: Callable[[str], Any]) -> list[Kind]:
    return [
        Kind("an e-mail address", lambda text: "@" in text and EMAIL.search(text) is not None, 0.0),
        Kind("an IBAN", is_iban, 0.02),
        Kind("a card number", is_card, 0.5),
        Kind("a telephone number", lambda text: is_phone(libraries, text), 0.05),
        Kind("a national id", is_national, 0.5),
        Kind("an address of a device", is_address, 0.5),
    ]


def shape(text: str) -> str:
    """What a value looks like and nothing of what it says."""
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text[:40]))


def hinted(name: str) -> str:
    """What a column's name says that it holds."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower().replace("_", " ").replace("-", " ").split()
    words += ["".join(pair) for pair in itertools.pairwise(words)]
    if SAYS_NOTHING.intersection(words):
        return ""
    return next((HINTS[word] for word in words if word in HINTS), "")


# ------------------------------------------------------------------ forms and check digits


def bare(text: str) -> str:
    return text.replace(" ", "").replace("-", "").upper()


def is_iban(text: str) -> bool:
    """The remainder by 97 is 1 (ISO 13616, ISO 7064)."""
    text = bare(text)
    if not IBAN.fullmatch(text):
        return False
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


def is_card(text: str) -> bool:
    """13 to 19 digits of a known issuer that pass Luhn's check (ISO/IEC 7812)."""
    digits = bare(text)
    if not (digits.isdecimal() and 13 <= len(digits) <= 19 and digits[0] in "3456"):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def is_phone(libraries: Callable[[str], Any], text: str) -> bool:
    """Valid by its country's plan: without a leading + one cannot know which that is."""
    if not (text.startswith(("+", "00")) and 8 <= len(text) <= 24):
        return False
    number = "+" + text[2:] if text.startswith("00") else text
    return bool(libraries(TELEPHONES).is_valid(number))


def is_address(text: str) -> bool:
    return ADDRESS.fullmatch(text) is not None and all(int(part) < 256 for part in text.split("."))


def is_national(text: str) -> bool:
    """Of the United States, Spain, France, Italy or Germany."""
    text = text.strip().upper()
    return bool(SSN.fullmatch(text)) or any(
        test(bare(text)) for test in (is_dni, is_nir, is_fiscal, is_tax_id)
    )


def is_dni(text: str) -> bool:
    """Spain: the letter is the number's remainder by 23."""
    if not DNI.fullmatch(text):
        return False
    number = int(text[:-1].translate(str.maketrans("XYZ", "012")))
    return DNI_LETTERS[number % 23] == text[-1]


def is_nir(text: str) -> bool:
    """France: the last two digits are 97 less the remainder by 97."""
    if len(text) != 15 or not NIR.fullmatch(text):
        return False
    number = int(text[:13].replace("2A", "19").replace("2B", "18"))
    return int(text[13:]) == 97 - number % 97


def is_fiscal(text: str) -> bool:
    """Italy: the last letter is a weighed sum by 26."""
    if not FISCAL.fullmatch(text):
        return False
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    places = [int(letter) if letter.isdecimal() else ord(letter) - 65 for letter in text[:15]]
    total = sum(odd[value] if place % 2 == 0 else value for place, value in enumerate(places))
    return chr(65 + total % 26) == text[15]


def is_tax_id(text: str) -> bool:
    """Germany: eleven digits, the last one by ISO 7064 (11, 10)."""
    if len(text) != 11 or not text.isdecimal() or text[0] == "0" or len(set(text[:10])) not in (8, 9):
        return False
    product = 10
    for digit in text[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(text[10])
