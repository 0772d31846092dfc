"""Somebody at a page, and somebody who may not know that it exists."""

from __future__ import annotations

import pytest
from django.test import Client

from governance.models import Team, User
from registry.models import Version
from tests import factories


@pytest.fixture
def stranger() -> User:
    return factories.member(factories.team("elsewhere"), "steward", "data-scientist", username="zoe")


@pytest.fixture
def auditor(team: Team) -> User:
    return factories.member(team, "auditor", username="nadia")


@pytest.fixture
def draft(artifact, author: User) -> Version:
    return factories.draft(artifact, author)


@pytest.fixture
def signed_in():
    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


def page(version: Version, more: str = "") -> str:
    return f"/{version.label}/{more}"
