"""Several artifacts of a list at once, and what lists are narrowed by."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session

from registry import actions
from registry.models import Artifact, Finding, Follow, Severity
from tests import factories
from tests.pages import said, told
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(team, author):
    return [factories.artifact(team, author, name=name, tags=["old"]) for name in ("a", "b", "c")]


def send(client, chosen, **more):
    return client.post("/models/", {"artifact": [each.pk for each in chosen], **more})


def archived() -> list[str]:
    return list(Artifact.objects.exclude(archived_at=None).order_by("name").values_list("name", flat=True))


def test_those_that_are_ticked_are_archived_tagged_and_followed(three, author, signed_in):
    client = signed_in(author)

    send(client, three[:2], act="follow")
    send(client, three[:2], act="tag", tag="new")
    answer = send(client, three[:2], act="archive")

    assert told(answer)[-1] == "2 models are archived."
    assert archived() == ["a", "b"]
    assert Follow.objects.count() == 2
    assert [each.tags for each in Artifact.objects.order_by("name")] == [
        ["old", "new"],
        ["old", "new"],
        ["old"],
    ]


def test_when_one_is_refused_none_is_changed_and_it_is_named(three, author, steward, signed_in):
    actions.edit_artifact(three[1], owner=steward, by=author)

    answer = send(signed_in(author), three, act="archive")

    assert (answer.status_code, archived()) == (403, [])
    assert "None of them was changed." in said(answer)
    assert "b: " in said(answer)


def ticked(answer) -> list[str]:
    """What a list or the board shows as chosen."""
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*value="(\d+)"([^>]*)', answer.content.decode())
    return [key for key, more in boxes if "checked" in more]


def test_what_is_refused_stays_ticked_in_the_same_list(three, author, steward, signed_in):
    actions.edit_artifact(three[1], owner=steward, by=author)
    client = signed_in(author)

    answer = client.post(
        "/models/?sort=name&tag=old", {"artifact": [three[1].pk, three[2].pk], "act": "archive", "tag": "x y"}
    )
    after = client.post("/models/?sort=name", {"artifact": [three[0].pk], "act": "follow"})

    assert ticked(answer) == [str(three[1].pk), str(three[2].pk)]
    assert 'name="tag" maxlength="40" value="x y"' in answer.content.decode()
    assert after["Location"] == "/models/?sort=name"


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/findings/", "/models/"])
def test_what_was_ticked_is_ticked_again_after_signing_in(clean, author, signed_in, address):
    finding = found(clean, Severity.HIGH, "a.A")
    key = str({"/findings/": finding.pk, "/models/": clean.artifact_id}[address])
    client = signed_in(author)
    client.get(address)
    Session.objects.all().delete()

    client.post(address, {"findings": key, "artifact": key, "note": "Looked at."})
    client.post(
        "/account/login/", {"login": author.username, "password": factories.PASSWORD, "next": address}
    )

    assert ticked(client.get(address)) == [key]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"act": "archive", "artifact": []}, "Choose at least one."),
        ({"act": ""}, "Say what is done with them."),
        ({"act": "delete"}, "Select a valid choice."),
        ({"act": "tag"}, "Say which tag."),
        ({"act": "tag", "tag": "No Tag"}, "Use small letters"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(three, author, signed_in, more, sentence):
    answer = signed_in(author).post("/models/", {"artifact": [three[0].pk], **more})

    assert (answer.status_code, sentence in said(answer)) == (400, True)


def test_what_one_does_not_see_is_not_there(three, author, stranger, signed_in):
    assert send(signed_in(stranger), three, act="follow").status_code == 404
    assert Follow.objects.count() == 0


def test_a_list_is_narrowed_by_findings_of_the_newest_version(three, author, steward, signed_in):
    first, second = (factories.submitted(three[0], author) for _ in range(2))
    other = factories.submitted(three[1], author)
    found(first, Severity.HIGH, "old.Name")
    found(second, Severity.LOW)
    finding = found(other, Severity.HIGH)
    client = signed_in(author)

    def names(severity: str) -> list[str]:
        rows = client.get(f"/models/?severity={severity}").context["rows"]
        return [row.artifact.name for row in rows]

    before = names("high"), names("low"), names("medium")
    Finding.objects.filter(pk=finding.pk).update(closed_at=finding.opened_at)

    assert before == (["b"], ["a"], [])
    assert names("high") == []


def test_a_list_is_narrowed_by_alias(three, author, signed_in):
    actions.move_alias(factories.submitted(three[2], author), "nightly", by=author)

    answer = signed_in(author).get("/models/?alias=nightly")

    assert [row.artifact.name for row in answer.context["rows"]] == ["c"]
    assert 'aria-label="Alias is nightly, remove"' in answer.content.decode()
