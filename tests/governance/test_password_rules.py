"""What a new password must be."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from governance.models import User
from governance.password_rules import ADVICE

MARA = User(username="mara.lindqvist", first_name="Mara Lindqvist", email="mara@fraud.example")
SHORT = f"Use at least 12 characters: these are %d. {ADVICE}"
LEAKED = f"This stands on lists of leaked passwords, as it is or with little added. {ADVICE}"
NAME = f"This is too much like your name or address. {ADVICE}"


def refused(password: str) -> list[str]:
    try:
        validate_password(password, MARA)
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery 9",
        "another horse battery 8",
        "a long enough one 7",
        "mara eats green plums",
        "Grünkohl-mit-Pinkel",
        "水星火星木星金星土星天王海王冥王",
    ],
)
def test_a_good_one_is_taken(password):
    assert refused(password) == []


@pytest.mark.parametrize(
    ("password", "sentences"),
    [
        ("short", [SHORT % 5]),
        ("password", [SHORT % 8, LEAKED]),
        ("international", [LEAKED]),
        ("Password2026!", [LEAKED]),
        ("P@ssw0rd2026!", [LEAKED]),
        ("passwordpassword", [LEAKED]),
        ("qwertyuiop12", [LEAKED]),
        ("!!!iloveyou!!!", [LEAKED]),
        ("abababababab", [LEAKED]),
        ("aaaaaaaaaaaaaaab", [LEAKED]),
        ("mara.lindqvist", [NAME]),
        ("lindqvist mara", [NAME]),
        ("mara-mara-mara-2026", [NAME]),
        ("739204817365", [f"Digits alone are guessed quickly. {ADVICE}"]),
    ],
)
def test_a_bad_one_says_what_to_do(password, sentences):
    assert refused(password) == sentences
