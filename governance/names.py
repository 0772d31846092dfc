"""Which names may be given: of people, teams, artifacts and aliases."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

from governance.errors import Invalid

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\Z")
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
MOST_FOLDERS = 40
RULE = "Use letters A to Z, digits, dots, hyphens and underscores; begin with a letter or digit."
SLUG_RULE = "Use small letters a to z, digits and hyphens; begin and end with a letter or digit."


def check_name(value: str) -> None:
    """A validator for names of people and artifacts: they are parts of addresses and labels."""
    if not NAME.match(value) or ".." in value:
        raise ValidationError(RULE)


def check_slug(value: str) -> None:
    """A validator for teams and aliases."""
    if not SLUG.match(value):
        raise ValidationError(SLUG_RULE)


def hidden(character: str) -> bool:
    """Whether a character cannot be seen: controls, direction marks, surrogates, private use."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def check_path(path: str) -> str:
    """A file's path inside its version: relative, plain, at most 255 characters; else `Invalid`."""
    parts = path.split("/")
    if not path or len(path) > 255 or len(parts) > MOST_FOLDERS + 1:
        raise Invalid(f"A file's path has 1 to 255 characters and at most {MOST_FOLDERS} folders.")
    if any(part in {"", ".", ".."} or part != part.strip() for part in parts):
        raise Invalid(
            "A file's path has no empty part, no “.” or “..”, and no part that starts or ends blank."
        )
    if "\\" in path or any(hidden(character) for character in path):
        raise Invalid("A file's path has no backslash and no character that cannot be seen.")
    return unicodedata.normalize("NFC", path)


def check_text(value: str) -> None:
    """A validator for prose: no NUL and no marks that turn the direction of what follows."""
    if any(hidden(character) and character not in "\n\r\t\u200c\u200d" for character in value):
        raise ValidationError("This text holds a character that cannot be seen, such as a direction mark.")


def plain_text(value: str, field: str) -> str:
    """The same prose for what no model validates; `Invalid` names the field when `check_text` objects."""
    try:
        check_text(value)
    except ValidationError as error:
        raise Invalid(error.messages[0], errors={field: error.messages}) from error
    return value
