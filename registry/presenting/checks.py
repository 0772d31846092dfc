"""What each check is: what it looks for, by which code and lists it judges, and behind which walls."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from registry import checks, sandbox
from registry.checks import Check
from registry.engines import engine_of
from registry.models.canaries import CanaryRound


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


def paragraphs(check: Check) -> list[str]:
    """What its file says at the top, each paragraph on one line."""
    text = inspect.getdoc(sys.modules[check.run.__module__]) or check.name
    return [" ".join(part.split()) for part in text.split("\n\n")]


def newest_round() -> CanaryRound | None:
    return CanaryRound.objects.finished().first()
