"""What a new password must be: long, unlike its person, and on no list of leaked ones.

The list is the one that Django brings (the 20,000 commonest of public leaks); nothing is asked over the
network. Of what has twelve characters hardly anything stands on such lists as it is: most of what leaks is a
common word with little added, so that is looked for, too.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth import password_validation as rules
from django.core.exceptions import ValidationError

LENGTH = 12
FEW = 6  # characters beside one's own name are guessed as quickly as the name alone
ADVICE = "Three words that have nothing to do with each other are long and easy to remember."
# What people write for a letter.
SIGNS = str.maketrans("@4310!$57", "aaeloisst")


class LongEnough:
    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < LENGTH:
            raise ValidationError(f"Use at least {LENGTH} characters: these are {len(password)}. {ADVICE}")

    def get_help_text(self) -> str:
        return f"At least {LENGTH} characters."


class NotTheName(rules.UserAttributeSimilarityValidator):
    def validate(self, password: str, user: Any = None) -> None:
        sentence = f"This is too much like your name or address. {ADVICE}"
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(sentence) from error
        if user and is_name_with_little(password, user):
            raise ValidationError(sentence)

    def get_help_text(self) -> str:
        return "Not like your name or address."


class NotOnlyDigits(rules.NumericPasswordValidator):
    def validate(self, password: str, user: Any = None) -> None:
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(f"Digits alone are guessed quickly. {ADVICE}") from error

    def get_help_text(self) -> str:
        return "More than digits."


class NotLeaked(rules.CommonPasswordValidator):
    def validate(self, password: str, user: Any = None) -> None:
        if any(guess in self.passwords for guess in guesses(password)) or is_dull(password):
            raise ValidationError(
                f"This stands on lists of leaked passwords, as it is or with little added. {ADVICE}"
            )

    def get_help_text(self) -> str:
        return "On no list of leaked passwords."


def is_name_with_little(password: str, user: Any) -> bool:
    """A name of theirs, once or more often, and hardly anything else."""
    written = " ".join([user.username, user.first_name, user.email]).casefold()
    plain = rest = password.casefold()
    for name in re.findall(r"\w{3,}", written):
        rest = rest.replace(name, "")
    return rest != plain and len(re.findall(r"\w", rest)) < FEW


def guesses(password: str) -> set[str]:
    """The password and what it is made of: without digits and signs around it, with letters for signs, and
    its part when it is one part repeated."""
    plain = password.casefold()
    bare = plain.strip("0123456789!?.,;:-_+*#$%&/()=@ ")
    found = {plain, bare, plain.translate(SIGNS), bare.translate(SIGNS)}
    return found | {repeated(guess) for guess in found}


def repeated(text: str) -> str:
    """“abc” of “abcabcabc”; the text itself when nothing repeats."""
    return text[: (text + text).find(text, 1)] if text else text


def is_dull(password: str) -> bool:
    """A part of up to four characters again and again, or hardly any different ones."""
    return len(repeated(password)) <= 4 or len(set(password)) <= 4
