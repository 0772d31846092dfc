"""A team, who is in it, and what it has, for the tests of knowledge."""

from __future__ import annotations

import pytest

from governance.models import Team, User
from kb import actions as knowing
from kb.models import Article
from registry import actions
from registry.models import Artifact, Version
from tests import factories
from tests.registry.api.conftest import passed


@pytest.fixture
def fraud() -> Team:
    return factories.team("fraud")


@pytest.fixture
def mara(fraud: Team) -> User:
    return factories.member(fraud, "data-scientist", username="mara")


@pytest.fixture
def jonas(fraud: Team) -> User:
    return factories.member(fraud, "steward", username="jonas")


@pytest.fixture
def devi(fraud: Team) -> User:
    return factories.member(fraud, "devops-engineer", username="devi")


@pytest.fixture
def rita(fraud: Team) -> User:
    return factories.member(fraud, "reader", username="rita")


@pytest.fixture
def zoe() -> User:
    return factories.member(factories.team("pricing"), "steward", "data-scientist", username="zoe")


@pytest.fixture
def scorer(fraud: Team, mara: User) -> Artifact:
    return factories.artifact(fraud, mara, name="scorer")


def promoted(artifact: Artifact, by: User, steward: User, operator: User) -> Version:
    """Another version of it, in production."""
    version = passed(factories.submitted(artifact, by))
    factories.approved(version, steward, operator)
    actions.promote(version, "production", by=operator)
    return version


def written(team: Team, by: User, slug: str = "drift", text: str = "Words.", **fields) -> Article:
    given = {"title": slug.replace("-", " ").capitalize(), **fields}
    return knowing.add_article(team, slug=slug, text=text, by=by, **given)
