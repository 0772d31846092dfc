"""Following, both doors, and what those who follow are told."""

from __future__ import annotations

import pytest

from governance.models import Event, Notification
from registry import actions
from registry.models import Follow
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said
from tests.registry.views.conftest import signed_in as signed_in
from tests.registry.views.conftest import stranger as stranger

pytestmark = pytest.mark.django_db


def told(person) -> list[str]:
    return list(Notification.objects.filter(user=person, kind="followed").values_list("sentence", flat=True))


def test_following_twice_is_one_row_and_one_event(artifact, operator):
    assert [actions.follow(artifact, by=operator) for _ in range(2)] == [True, False]
    assert Follow.objects.count() == 1
    assert Event.objects.filter(action="artifact.follow").count() == 1


def test_both_doors_follow_and_stop(artifact, operator, signed_in):
    where, client, program = f"/{artifact.label}/", signed_in(operator), Caller(operator)

    client.post(f"{where}follow")
    followed = said(client.get(where))
    listed = [row["name"] for row in program.get("follows/").json()["results"]]
    answer = program.delete(f"{artifact.label}/follow").json()

    assert ("Followed by 1" in followed, "Unfollow" in followed) == (True, True)
    assert (listed, answer) == (["scorer"], {"followed": False})
    assert "You follow nothing yet" in said(client.get("/following/"))


def test_news_reach_those_who_follow_and_not_who_made_them(artifact, author, steward, operator):
    for person in (author, operator):
        actions.follow(artifact, by=person)

    version = factories.checked(artifact, author)
    factories.approved(version, steward, asker=author)
    actions.promote(version, "production", by=operator)

    assert told(operator) == ["mara pushed version 1 of scorer."]
    assert told(author) == ["Production of scorer is now version 1."]


def test_who_stopped_is_told_nothing(artifact, author, operator):
    actions.follow(artifact, by=operator)
    actions.unfollow(artifact, by=operator)

    factories.submitted(artifact, author)

    assert told(operator) == []


def test_what_one_does_not_see_is_neither_followed_nor_listed(artifact, operator, stranger, signed_in):
    actions.follow(artifact, by=operator)
    operator.memberships.all().delete()

    assert signed_in(stranger).post(f"/{artifact.label}/follow").status_code == 404
    assert Caller(operator).get("follows/").json()["results"] == []


def test_news_of_a_version_that_one_may_not_see_are_not_shown(artifact, author, steward, operator, reader):
    first = factories.checked(artifact, author)
    factories.approved(first, steward, asker=author)
    actions.promote(first, "production", by=operator)
    actions.follow(artifact, by=reader)

    factories.submitted(artifact, author)

    assert Caller(reader).get("notifications/").json()["results"] == []
