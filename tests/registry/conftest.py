"""A team with one person per part, for tests of the line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from governance.models import Team, User
from registry.models import Artifact, CheckResult, Finding, Severity, Version
from registry.scoring.running import Scorer
from tests import factories
from tests.registry.server import server as server  # a fixture


@pytest.fixture(scope="session")
def scorer() -> Iterator[Scorer]:
    """One for all tests: its warm parents take seconds to start. It also knows models that misbehave."""
    scorer = Scorer(["tests.registry.scoring.hostile"], seconds=60)
    yield scorer
    scorer.stop()


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def author(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


@pytest.fixture
def steward(team: Team) -> User:
    return factories.member(team, "steward", username="jonas")


@pytest.fixture
def operator(team: Team) -> User:
    return factories.member(team, "devops-engineer", username="priya")


@pytest.fixture
def reader(team: Team) -> User:
    return factories.member(team, "reader", username="rita")


@pytest.fixture
def artifact(team: Team, author: User) -> Artifact:
    return factories.artifact(team, author, name="scorer")


@pytest.fixture
def waiting(artifact: Artifact, author: User) -> Version:
    """Frozen, its checks asked for and not yet run."""
    return factories.submitted(artifact, author)


@pytest.fixture
def clean(waiting: Version) -> Version:
    """Frozen, with every check done and nothing found."""
    CheckResult.objects.filter(version=waiting).update(outcome="done", finished_at=waiting.submitted_at)
    return waiting


def found(version: Version, severity: Severity, name: str = "strange.Name", **fields: object) -> Finding:
    """A finding as a check would leave it."""
    return Finding.objects.create(
        version=version,
        check_name="pickle_imports",
        path="notes.txt",
        name=name,
        severity=severity,
        message=f"It names {name}.",
        **fields,
    )
