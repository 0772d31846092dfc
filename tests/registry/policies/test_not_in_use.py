"""Nothing in use is deleted."""

from __future__ import annotations

import pytest

from governance import actions as governing
from registry import actions
from registry.models import Alias
from registry.policies.not_in_use import not_in_use
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_nobody_uses_may_go(clean, artifact, author):
    factories.submitted(artifact, author, parents=[(clean, "derived-from")])

    assert not_in_use(author, artifact) is None


def test_what_was_released_stays_when_no_alias_points_at_it_any_more(clean, artifact, author, operator):
    actions.promote(clean, "staging", by=operator)
    Alias.objects.all().delete()

    objection = not_in_use(author, artifact)

    assert objection.sentence == "scorer is in use or was: version 1 was released as staging."
    assert (objection.who, objection.link) == ("mara", "/models/fraud/scorer/")


def test_readers_do_not_learn_of_it(clean, artifact, author, reader):
    actions.move_alias(clean, "nightly", by=author)

    assert not_in_use(reader, artifact) is None


def test_every_use_is_said(clean, artifact, author, operator):
    actions.move_alias(clean, "nightly", by=author)
    factories.draft(factories.artifact(artifact.team, author), author, parents=[(clean, "trained-on")])
    governing.request_approval(clean.label, alias="production", by=operator)

    assert not_in_use(author, artifact).sentence == (
        "scorer is in use or was: nightly points at version 1; 1 version elsewhere comes from it; "
        "1 request for an approval of it is open."
    )
