"""Who else takes part, and somebody at a page: for tests of both doors."""

from __future__ import annotations

import pytest

from governance.models import Team, User
from tests import factories
from tests.registry.views.conftest import draft as draft  # fixtures
from tests.registry.views.conftest import signed_in as signed_in
from tests.registry.views.conftest import stranger as stranger


@pytest.fixture
def leila(team: Team) -> User:
    """A second steward."""
    return factories.member(team, "steward", username="leila")


@pytest.fixture
def colleague(team: Team) -> User:
    """Somebody who pushes and owns nothing."""
    return factories.member(team, "data-scientist", username="tom")
