"""Who is handed an artifact hears of it."""

from __future__ import annotations

import pytest

from governance.models import Event, Notification, User
from registry.models import Artifact
from tests.registry.doors import BOTH, send

pytestmark = pytest.mark.django_db


def hand_over(door: str, person: User, to: str) -> tuple[int, str]:
    address = "models/fraud/scorer/edit/" if door == "page" else "models/fraud/scorer"
    return send(door, person, address, {"owner": to}, method="PATCH")


def told() -> list[tuple[str, str]]:
    return list(Notification.objects.filter(kind="handed-over").values_list("user__username", "sentence"))


@BOTH
def test_a_new_owner_is_told(artifact, author, colleague, door):
    status, _ = hand_over(door, author, "tom")

    assert (status, Artifact.objects.get().owner) == (200, colleague)
    assert told() == [("tom", "mara handed models/fraud/scorer over to you.")]
    event = Event.objects.get(action="artifact.edit")
    assert (event.before["owner"], event.after["owner"]) == ("mara", "tom")


@BOTH
def test_who_takes_it_knows(artifact, colleague, door):
    status, _ = hand_over(door, colleague, "tom")

    assert (status, Artifact.objects.get().owner, told()) == (200, colleague, [])


@BOTH
@pytest.mark.parametrize(("who", "to", "status"), [("author", "rita", 400), ("stranger", "zoe", 404)])
def test_who_may_not_push_does_not_own(artifact, author, reader, request, stranger, door, who, to, status):
    got, _ = hand_over(door, request.getfixturevalue(who), to)

    assert (got, Artifact.objects.get().owner, told()) == (status, author, [])
