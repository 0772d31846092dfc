"""Everybody as a program: callers for the people of the team, somebody of another team, and nobody."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.models import User
from registry.models import CheckResult, Version
from tests import factories
from tests.governance.api.caller import Caller


@pytest.fixture
def mara(author: User) -> Caller:
    """A data scientist: the author of what there is."""
    return Caller(author)


@pytest.fixture
def jonas(steward: User) -> Caller:
    return Caller(steward)


@pytest.fixture
def priya(operator: User) -> Caller:
    """A DevOps engineer."""
    return Caller(operator)


@pytest.fixture
def rita(reader: User) -> Caller:
    """A reader."""
    return Caller(reader)


@pytest.fixture
def sven() -> Caller:
    """A steward of another team."""
    return Caller(factories.member(factories.team("pricing"), "steward", "data-scientist", username="sven"))


@pytest.fixture
def nobody() -> Caller:
    return Caller()


def passed(version: Version) -> Version:
    """As after checks that found nothing."""
    CheckResult.objects.filter(version=version).update(
        outcome="done", started_at=None, finished_at=timezone.now()
    )
    return version


@pytest.fixture
def clean(waiting: Version) -> Version:
    return passed(waiting)
