"""A team with one person per part, and a version that waits for a yes."""

from __future__ import annotations

import pytest
from django.test import Client

from governance import actions
from governance.models import Approval, Team, User
from registry.models import CheckResult, Version
from tests import factories


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
def admin() -> User:
    return factories.admin()


@pytest.fixture
def stranger() -> User:
    return factories.member(factories.team("elsewhere"), "steward", username="zoe")


@pytest.fixture
def version(team: Team, author: User) -> Version:
    """Frozen, with every check done and nothing found."""
    version = factories.submitted(factories.artifact(team, author, name="scorer"), author)
    CheckResult.objects.filter(version=version).update(outcome="done", finished_at=version.submitted_at)
    return version


@pytest.fixture
def approval(version: Version, operator: User) -> Approval:
    return actions.request_approval(version.label, alias="production", note="AUC is up.", by=operator)


@pytest.fixture
def signed_in(client: Client):
    def sign_in(person: User) -> Client:
        client.force_login(person)
        return client

    return sign_in
