"""What looks like personal data: by form, by check digits and by the names of columns."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import polars as pl
import pytest

from registry.profiles import personal
from registry.profiles.columns import Column


def kinds(values: list[Any], name: str = "x") -> list[tuple[str, str, float | None, str]]:
    series = pl.Series(name, values)
    found = personal.found(import_module, Column(pl, name, series.dtype), series)
    return [(kind["word"], kind["by"], kind["share"], kind["shape"]) for kind in found.get("kinds", [])]


@pytest.mark.parametrize(
    ("value", "word", "shape"),
    [
        ("mara.lind@example.org", "an e-mail address", "aaaa.aaaa@aaaaaaa.aaa"),
        ("DE89 3704 0044 0532 0130 00", "an IBAN", "aa99 9999 9999 9999 9999 99"),
        ("4111 1111 1111 1111", "a card number", "9999 9999 9999 9999"),
        ("+49 30 901820", "a telephone number", "+99 99 999999"),
        ("0044 20 7946 0958", "a telephone number", "9999 99 9999 9999"),
        ("123-45-6789", "a national id", "999-99-9999"),
        ("12345678Z", "a national id", "99999999a"),
        ("RSSMRA85T10A562S", "a national id", "aaaaaa99a99a999a"),
        ("255081416802538", "a national id", "999999999999999"),
        ("86095742719", "a national id", "99999999999"),
        ("192.168.10.7", "an address of a device", "999.999.99.9"),
    ],
)
def test_forms_and_check_digits_are_known(value: str, word: str, shape: str) -> None:
    assert kinds([value]) == [(word, "value", 1.0, shape)]


@pytest.mark.parametrize(
    "value",
    [
        "DE88 3704 0044 0532 0130 00",
        "4111 1111 1111 1112",
        "+49 1",
        "(00) 555-5555",
        "+00 555 5555",
        "666-45-6789",
        "12345678A",
        "RSSMRA85T10A562T",
        "255081416802539",
        "86095742718",
        "192.168.10.700",
        "a @ b",
    ],
)
def test_what_fails_its_check_digits_is_nothing_personal(value: str) -> None:
    assert kinds([value]) == []


def test_an_address_inside_a_text_is_found() -> None:
    assert kinds(["paid", "ask mara@example.org", "late", "late again"]) == [
        ("an e-mail address", "value", 0.25, "aaa aaaa@aaaaaaa.aaa")
    ]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("first_name", "a name"),
        ("lastName", "a name"),
        ("date-of-birth", "a date of birth"),
        ("Telefon", "a telephone number"),
        ("file_name", ""),
        ("merchant name", ""),
        ("amount", ""),
    ],
)
def test_names_of_columns_are_hints(name: str, word: str) -> None:
    assert kinds(["one", "two"], name) == ([(word, "name", None, "")] if word else [])


def test_numbers_that_happen_to_pass_a_checksum_are_no_cards() -> None:
    assert kinds(list(range(4000000000000000, 4000000000000500))) == []
