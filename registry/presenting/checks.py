"""What each check is: what it looks for, by which code and lists it judges, and behind which walls."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from governance import access
from governance.models import Team, User
from registry import checks, judging, sandbox
from registry.canaries import CANARIES
from registry.checks import Check
from registry.engines import engine_of
from registry.models import GateSettings
from registry.models.canaries import CanaryRound
from registry.presenting.judged import JudgedRow, judged_row
from registry.presenting.words import number
from registry.quality import QUALITY, Quality
from registry.thresholds import of_check

MOST_TEAMS = 500
MOST_JUDGED = 10
MOST_ROUNDS = 7


def all_checks() -> list[dict[str, Any]]:
    return [described(check) for _, check in sorted(checks.CHECKS.items())]


def described(check: Check) -> dict[str, Any]:
    """One check as page and API say it. `timeout` in seconds, `memory` in bytes beyond an idle child's."""
    about = paragraphs(check)
    return {
        "name": check.name,
        "looks_for": about[0],
        "about": about[1:],
        "kinds": list(check.kinds),
        "may_be_spared": check.may_be_spared,
        "since": check.since,
        "engine": engine_of(check),
        "lists": check.list_version,
        "libraries": [name for name in check.libraries if not name.startswith("registry.")],
        "timeout": check.timeout,
        "memory": check.memory,
        "sandbox": sandbox.level(),
    }


def all_quality() -> list[Quality]:
    return [check for _, check in sorted(QUALITY.items())]


def limits(check: Quality, person: User) -> list[dict[str, Any]]:
    """The thresholds of a check, and which teams that one sees have set them otherwise."""
    teams = Team.objects.filter(pk__in=access.teams(person, "version.view"))
    newest = GateSettings.objects.visible_to(person).order_by("team_id", "-number").distinct("team_id")
    known = list(newest.filter(team__in=teams).select_related("team")[:MOST_TEAMS])
    return [
        {
            "threshold": each,
            "usual": number(each.usual),
            "between": f"{number(each.least)} and {number(each.most)}",
            "loosens": "higher" if each.looser == "up" else "lower",
            "teams": [
                (found.team, number(found.thresholds[each.key]))
                for found in known
                if each.key in found.thresholds
            ],
        }
        for each in of_check(check.name)
    ]


def of_teams(check: Quality, person: User) -> list[tuple[Team, JudgedRow]]:
    """What a check about teams says of those whose trail one reads, the first ones by name."""
    if "team" not in (check.about, check.also):
        return []
    teams = Team.objects.filter(pk__in=access.teams(person, "event.view"), archived_at=None).order_by("slug")
    found = []
    for team in teams[:MOST_JUDGED]:
        judged = judging.of_team(team, judging.seen_by(check))
        said = [each for each in judged if each.check.name == check.name]
        found += [(team, judged_row(each)) for each in said]
    return found


def paragraphs(check: Check) -> list[str]:
    """What its file says at the top, each paragraph on one line."""
    text = inspect.getdoc(sys.modules[check.run.__module__]) or check.name
    return [" ".join(part.split()) for part in text.split("\n\n")]


def rounds() -> list[CanaryRound]:
    """The newest ones that came to their end."""
    return list(CanaryRound.objects.finished()[:MOST_ROUNDS])


def sent(newest: CanaryRound | None) -> list[dict[str, Any]]:
    """Each canary, and whether the newest round caught it; None when that one did not know it."""
    missed = set(newest.missed) if newest else set()
    names = {one.name for one in CANARIES}
    asked = newest is not None and newest.known == len(CANARIES) and missed <= names
    return [
        {"name": one.name, "check": one.check, "caught": one.name not in missed if asked else None}
        for one in CANARIES
    ]


def newest_round() -> CanaryRound | None:
    return CanaryRound.objects.finished().first()
