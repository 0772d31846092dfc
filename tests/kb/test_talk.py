"""Comments on articles."""

from __future__ import annotations

import pytest

from governance.errors import Invalid
from governance.models import Notification
from kb import actions
from kb.models import Comment
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
