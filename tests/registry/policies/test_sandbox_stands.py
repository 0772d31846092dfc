"""Below the level of the sandbox that is asked for, nothing is released."""

from __future__ import annotations

import pytest

from governance.errors import Denied
from registry import actions, sandbox
from registry.health import sandbox_level
from registry.policies.sandbox_stands import sandbox_stands
from tests.pages import said

pytestmark = pytest.mark.django_db

LACKS = "This machine's sandbox lacks landlock, so nothing is released here."


@pytest.fixture
def open_machine(monkeypatch):
    """One whose kernel has no Landlock."""
    walls = tuple(wall for wall in sandbox.standing() if wall != "landlock")
    monkeypatch.setattr(sandbox, "standing", lambda: walls)


@pytest.fixture
def strict(monkeypatch):
    monkeypatch.setattr(sandbox.SANDBOX, "least", "full")


def test_below_the_level_nothing_is_released_and_every_place_says_so(
    open_machine, strict, clean, operator, client
):
    client.force_login(operator)

    with pytest.raises(Denied, match=LACKS):
        actions.promote(clean, "staging", by=operator)

    assert sandbox_stands(operator, clean).sentence == LACKS
    assert (sandbox_level().ok, sandbox_level().says) == (
        False,
        "minimum: it lacks landlock, so no check runs here and nothing is released.",
    )
    shown = client.get(f"/{clean.label}/")
    assert f"{LACKS} To cure it: who runs this server lets it put up these walls" in said(shown)
    assert 'href="/checks/">See the checks' in shown.content.decode()
    assert "which lacks landlock, so no check runs" in said(client.get("/checks/"))


def test_at_the_level_it_is_silent(open_machine, clean, operator):
    assert sandbox_stands(operator, clean) is None
    assert sandbox_level().says == "minimum"
