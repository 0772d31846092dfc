"""Comments on articles, and searches in vain."""

from __future__ import annotations

import pytest

from governance.errors import Invalid
from governance.models import Notification
from kb import actions
from kb.models import Comment, Miss
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.conftest import written
from tests.pages import said

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.filter(kind="article-said").order_by("pk")
    return list(rows.values_list("user__username", "sentence"))


def test_the_owner_and_who_is_named_hear_of_a_comment(client, fraud, mara, jonas, rita, zoe):
    written(fraud, mara)
    client.force_login(rita)

    client.post("/articles/fraud/drift/", {"text": "@jonas, @Zoe and mail@mara.example: <b>why</b>?"})
    page = client.get("/articles/fraud/drift/")

    assert told() == [
        ("jonas", "rita names you in a comment on articles/fraud/drift."),
        ("mara", "rita commented on articles/fraud/drift."),
    ]
    assert "<b>why" not in page.content.decode()
    assert "rita" in said(page)


def test_nobody_is_told_of_what_they_said_themselves(fraud, mara):
    actions.comment_article(written(fraud, mara), text="@mara", by=mara)

    assert told() == []


def test_an_empty_comment_says_nothing(fraud, mara):
    with pytest.raises(Invalid):
        actions.comment_article(written(fraud, mara), text="  ", by=mara)

    assert Comment.objects.count() == 0


def test_programs_comment_too(fraud, mara):
    written(fraud, mara)
    caller = Caller(mara)

    caller.post("articles/fraud/drift/comments/", {"text": "So be it."})

    (row,) = caller.get("articles/fraud/drift/comments/").json()["results"]
    assert (row["text"], row["by"], row["version"]) == ("So be it.", "mara", 1)


def test_what_two_people_miss_is_asked_for(client, fraud, mara, jonas, rita, zoe):
    for person in (mara, jonas, mara):
        client.force_login(person)
        client.get("/search/?q=Zebra  stripes")
    client.force_login(rita)
    client.get("/search/?q=only one")
    client.get("/search/?q=only me", headers={"HX-Request": "true"})
    written(fraud, mara)

    assert sorted(Miss.objects.values_list("text", flat=True)) == [
        "only one",
        "zebra stripes",
        "zebra stripes",
    ]
    client.force_login(mara)
    assert "zebra stripes 2 persons" in said(client.get("/articles/")).replace("people", "persons")
    for person in (rita, zoe):
        client.force_login(person)
        assert "zebra" not in said(client.get("/articles/"))


def test_others_of_another_team_do_not_count(client, fraud, mara, zoe):
    actions.note_miss(mara, "zebra")
    actions.note_miss(zoe, "zebra")
    actions.note_miss(factories.member(fraud, "reader"), "lion")
    written(fraud, mara)
    client.force_login(mara)

    assert "Searched for and not found" not in said(client.get("/articles/"))
