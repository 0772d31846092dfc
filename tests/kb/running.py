"""A small playbook and a run of it on a clean version of a model, for tests of runs."""

from __future__ import annotations

import pytest

from kb import actions
from kb.models import PlaybookVersion, Run
from kb.playbooks import digest_of
from kb.proving import StepNow, steps_of
from registry.models import CheckResult, Version
from tests.registry.conftest import artifact, author, clean, operator, reader, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

SMALL = """
code = "PB-90"
title = "Ship it"
about = "model"
questions = [3]
decides = "May it go?"
intro = "Short."
checks = []

[[step]]
key = "checks"
title = "Checks"
do = "Wait for them."
roles = ["data-scientist"]
needs = [{ kind = "check", check = "*", text = "Every check passes" }]

[[step]]
key = "load"
title = "Load"
do = "Measure it."
roles = ["devops-engineer"]
days = 2
needs = [{ kind = "number", text = "Slowest answer", unit = "ms", most = 100 }]

[[step]]
key = "word"
title = "Word"
do = "Say it."
roles = ["steward"]
needs = [{ kind = "statement", text = "What was read" }]
"""


def playbook(team, text: str = SMALL) -> PlaybookVersion:
    """The team's own."""
    code = text.split('"')[1]
    return PlaybookVersion.objects.create(team=team, code=code, number=1, text=text, digest=digest_of(text))


@pytest.fixture
def run(team, author, operator, steward, clean) -> Run:
    """Of the small playbook, with its checks done since it began."""
    playbook(team)
    people = {"data-scientist": [author], "devops-engineer": [operator], "steward": [steward]}
    made = actions.start_run(team, "PB-90", subject=clean.label, people=people, by=author)
    done_again(clean, made)
    return made


def done_again(version: Version, run: Run) -> None:
    CheckResult.objects.filter(version=version).update(done_at=run.started_at, outcome="done")


def states(run: Run) -> dict[str, str]:
    return {now.step.key: now.state for now in steps(run)}


def steps(run: Run) -> list[StepNow]:
    return steps_of(Run.objects.select_related("playbook", "team").get(pk=run.pk))
