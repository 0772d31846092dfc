"""What is restricted is described and handed over by its owner or a steward, who do not take it."""

from __future__ import annotations

import pytest

from governance.errors import Denied
from registry import actions
from registry.policies.restricted_edit import restricted_edit
from tests import factories
from tests.registry.granting import dataset, restricted

pytestmark = pytest.mark.django_db


@pytest.fixture
def otto(team):
    return factories.member(team, "data-scientist", username="otto")


def test_what_is_open_is_nothing_to_object_to(team, author, otto):
    assert restricted_edit(otto, dataset(team, author), owner=otto) is None


def test_its_owner_hands_it_to_whom_they_like_and_a_steward_to_another(team, author, steward, otto):
    artifact = restricted(team, author)

    assert restricted_edit(author, artifact, owner=otto) is None
    assert restricted_edit(steward, artifact, owner=otto) is None


def test_nobody_else_changes_it(team, author, steward, otto):
    objection = restricted_edit(otto, restricted(team, author))

    assert objection.sentence == "wine is restricted: only its owner or a steward may change it."
    assert objection.who == "mara or jonas"


def test_a_steward_does_not_make_themself_its_owner(team, author, steward):
    artifact = restricted(team, author)

    with pytest.raises(Denied) as refused:
        actions.edit_artifact(artifact, owner=steward, by=steward)

    artifact.refresh_from_db()
    assert refused.value.sentence == "wine is restricted: nobody makes themself its owner."
    assert artifact.owner == author
