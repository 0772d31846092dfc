"""A card that comes from elsewhere, as Hugging Face writes it: licence and tags of its front matter become
those of the artifact where it has none of its own, everything else stays in the text as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from governance.names import check_slug
from registry.contracts import written
from registry.licences import spelled

MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*$\r?\n?", re.DOTALL | re.MULTILINE)
MOST_TAGS, LONGEST_TAG = 20, 40
REST = "## From its front matter"


def taken_in(text: str, tags: Iterable[str], licence: str) -> tuple[str, list[str], str]:
    """Text, tags and licence of an artifact when somebody gives it this text. A line at the beginning that is
    no front matter is none."""
    found = MATTER.match(text)
    values = read(found.group(1)) if found else None
    if found is None or not values:
        return text, list(tags), licence
    said = known_licence(values.get("license"))
    if said and licence in {"", said}:
        licence = said
        del values["license"]
    kept = list(dict.fromkeys(tags))
    named = values.get("tags")
    if isinstance(named, list):
        kept = list(dict.fromkeys([*kept, *filter(is_tag, named)]))[:MOST_TAGS]
        values["tags"] = [tag for tag in named if tag not in kept]
    rest = {name: value for name, value in values.items() if value not in (None, [], {})}
    block = f"\n\n{REST}\n\n```yaml\n{written.text(rest)}```\n" if rest else ""
    return f"{text[found.end() :].strip()}{block}", kept, licence


def read(matter: str) -> dict[str, Any] | None:
    """Names and values; nothing for what is no plain YAML, or something else."""
    try:
        found = written.read(matter)
    except written.Unwritten:
        return None
    return found if isinstance(found, dict) and all(isinstance(name, str) for name in found) else None


def known_licence(said: object) -> str:
    """Its SPDX name: Hugging Face writes it in small letters."""
    return spelled(said) if isinstance(said, str) and len(said) <= 120 else ""


def is_tag(tag: object) -> bool:
    if not isinstance(tag, str) or not 0 < len(tag) <= LONGEST_TAG:
        return False
    try:
        check_slug(tag)
    except ValidationError:
        return False
    return True
