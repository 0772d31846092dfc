"""What checks of quality say, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from registry.checks import SEVERITIES
from registry.judging import Judgement
from registry.quality import Quality

MOST_NAMED = 12


@dataclass
class JudgedRow:
    """What one check of quality says of the table."""

    check: Quality
    state: str
    word: str
    said: list[str]
    page: str


def judged_row(found: Judgement) -> JudgedRow:
    """Not evaluated is never a pass."""
    said = [issue.message for issue in found.issues[:MOST_NAMED]]
    if len(found.issues) > MOST_NAMED:
        said.append(f"and {len(found.issues) - MOST_NAMED:,} more")
    said += [f"Not evaluated: needs {need.what}." for need in found.needs]
    state, word = standing(found)
    return JudgedRow(
        found.check, state, word, said, next((need.page for need in found.needs if need.page), "")
    )


def standing(found: Judgement) -> tuple[str, str]:
    worst = min((SEVERITIES.index(issue.severity) for issue in found.issues), default=None)
    if worst is not None:
        name = SEVERITIES[worst]
        return ("blocked" if worst < 2 else "warn" if name == "medium" else "info"), name.capitalize()
    return ("neutral", "Not evaluated") if found.needs else ("good", "Nothing found")
