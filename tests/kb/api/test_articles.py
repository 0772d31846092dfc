"""Articles for programs."""

from __future__ import annotations

import pytest

from kb.models import Article
from tests.governance.api.caller import Caller, said
from tests.kb.conftest import promoted, written

pytestmark = pytest.mark.django_db

AT = "articles/fraud/drift"


def test_an_article_is_written_changed_verified_and_brought_back(fraud, mara, jonas, devi, scorer):
    caller = Caller(mara)
    promoted(scorer, mara, jonas, devi)
    made = caller.post(
        "articles/", {"team": "fraud", "slug": "drift", "title": "Drift", "text": "One."}
    ).json()

    changed = caller.put(
        AT, {"title": "Drift", "text": "model:fraud/scorer@1", "based_on": made["digest"]}
    ).json()
    verified = caller.post(f"{AT}/verify", {"digest": changed["digest"]}).json()
    restored = caller.post(f"{AT}/versions/1/restore").json()

    assert (made["state"], verified["state"], verified["verified"]["version"]) == (
        "unverified",
        "verified",
        2,
    )
    assert verified["references"] == [
        {"written": "model:fraud/scorer@1", "there": True, "title": "fraud/scorer 1", "said": "production"}
    ]
    assert (restored["text"], restored["version"]) == ("One.", 3)
    assert caller.get(f"{AT}/versions/2").json()["text"] == "model:fraud/scorer@1"
    numbers = [row["number"] for row in caller.get(f"{AT}/versions/").json()["results"]]
    assert numbers == [3, 2, 1]


def test_nobody_is_overwritten(fraud, mara, jonas):
    written(fraud, mara)

    answer = Caller(jonas).put(AT, {"title": "Drift", "text": "Mine.", "based_on": "0" * 64})

    assert said(answer)[0] == 409
    assert Article.objects.get().text == "Words."


def test_owner_and_labels_change_without_a_version(fraud, mara, jonas):
    written(fraud, mara)
    caller = Caller(mara)

    answer = caller.patch(AT, {"owner": "jonas", "backup": "mara", "labels": ["psi"], "interval": 30}).json()

    assert [answer[name] for name in ("owner", "backup", "labels", "interval", "version")] == [
        "jonas", "mara", ["psi"], 30, 1,
    ]  # fmt: skip
    assert said(caller.patch(AT, {"owner": "nobody"})) == (400, "There is nobody called nobody.")


def test_an_archived_article_is_listed_when_asked_for(fraud, mara):
    written(fraud, mara)
    caller = Caller(mara)

    caller.post(f"{AT}/archive")

    listed = [len(caller.get(f"articles/{query}").json()["results"]) for query in ("", "?state=archived")]
    assert listed == [0, 1]
    assert said(caller.post(f"{AT}/archive")) == (409, "It is archived already.")
    assert caller.post(f"{AT}/unarchive").json()["archived_at"] is None
