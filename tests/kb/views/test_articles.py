"""The pages of articles."""

from __future__ import annotations

import re

import pytest

from kb import actions
from kb.models import Article, Draft
from tests import factories
from tests.kb.conftest import promoted, written
from tests.pages import queries, said, told

pytestmark = pytest.mark.django_db

PAGE = "/articles/fraud/drift/"


def test_an_article_is_written_read_and_listed(client, fraud, mara, rita):
    client.force_login(mara)
    sent = {
        "team": "fraud",
        "title": "Drift",
        "slug": "drift",
        "labels": "psi, alarms",
        "text": "# Why\r\n*So*.",
    }

    answer = client.post("/articles/new/", {**sent, "act": "save"})
    client.force_login(rita)

    assert answer["Location"] == PAGE
    assert Article.objects.get().text == "# Why\n*So*."
    assert "<em>So</em>" in client.get(PAGE).content.decode()
    assert "Drift fraud psi alarms Not verified" in said(client.get("/articles/?label=psi"))
    assert "No article matches" in said(client.get("/articles/?state=verified"))


def test_others_see_nothing_of_it(client, fraud, mara, zoe):
    written(fraud, mara, title="Canary")
    client.force_login(zoe)

    assert client.get(PAGE).status_code == 404
    assert "Canary" not in said(client.get("/articles/"))
    assert "Canary" not in said(client.get("/search/?q=canary&kind=article"))


def test_what_one_may_not_see_looks_like_what_does_not_exist(client, fraud, mara, zoe, scorer):
    written(fraud, mara, slug="secret")
    pricing = zoe.memberships.first().team
    text = (
        "model:fraud/scorer model:fraud/nothing article:fraud/secret article:fraud/none model:fraud/scorer@1"
    )
    written(pricing, zoe, slug="names", text=text)
    client.force_login(zoe)

    page = client.get("/articles/pricing/names/").content.decode()

    shown = re.findall(r'<(\w+) class="ref" data-state="(\w+)">.*?<span>([^<]+)</span>', page)
    assert shown == [("span", "none", name) for name in text.split()]


def test_a_live_reference_says_how_the_thing_stands(client, fraud, mara, jonas, devi, scorer):
    promoted(scorer, mara, jonas, devi)
    promoted(scorer, mara, jonas, devi)
    written(fraud, mara, text="model:fraud/scorer@1, model:fraud/scorer@2 and model:fraud/scorer")
    client.force_login(mara)

    page = client.get(PAGE).content.decode()

    assert re.findall(r'href="(/models/[^"]+)">.*?<small>([^<]+)</small>', page) == [
        ("/models/fraud/scorer/versions/1/", "ready, production is 2"),
        ("/models/fraud/scorer/versions/2/", "production"),
        ("/models/fraud/scorer/", "production is 2"),
    ]


def test_a_page_takes_the_same_queries_however_much_it_names(client, fraud, mara, scorer):
    names = [factories.artifact(fraud, mara).name for _ in range(4)]
    written(fraud, mara, slug="a", text="model:fraud/scorer@1 article:fraud/b")
    written(fraud, mara, slug="b", text=f"article:fraud/a model:fraud/{names[0]}@1")
    text = " ".join(f"model:fraud/{name}@1 model:fraud/{name}" for name in names)
    written(fraud, mara, slug="many", text=f"{text} article:fraud/a article:fraud/b")
    for number in range(3):
        written(fraud, mara, slug=f"back-{number}", text="article:fraud/many")
    client.force_login(mara)
    client.get("/articles/fraud/a/")

    assert queries(client, "/articles/fraud/many/") == queries(client, "/articles/fraud/a/")


def test_a_list_takes_the_same_queries_however_long(client, fraud, mara, scorer):
    client.force_login(mara)
    written(fraud, mara, slug="a", text="model:fraud/scorer@1")
    one = queries(client, "/articles/")
    for slug in ("b", "c"):
        written(fraud, mara, slug=slug, text="model:fraud/scorer@1")

    assert queries(client, "/articles/") == one


# ------------------------------------------------------------------ two at once


@pytest.fixture
def clash(client, fraud, mara, jonas):
    """Mara saves after Jonas did, and both began from the same."""
    article = written(fraud, mara, text="one\ntwo\nthree\nfour\n")
    began = article.digest
    theirs = {"title": article.title, "text": "ONE\ntwo\nthree\nfour\n", "based_on": began}
    actions.edit_article(article, by=jonas, **theirs)
    client.force_login(mara)
    mine = {"title": "Drift", "text": "one\ntwo\nthree\nFOUR\n", "based_on": began, "act": "save"}
    return client.post(f"{PAGE}edit/", mine)


def test_two_who_save_at_once_are_shown_both_and_a_proposal(client, clash):
    page = clash.content.decode()

    assert clash.status_code == 409
    assert "jonas saved this article while you wrote." in said(clash)
    assert "You changed different lines: this has all of them." in said(clash)
    assert "ONE\ntwo\nthree\nFOUR" in page
    assert "one\ntwo\nthree\nFOUR" in page
    assert Draft.objects.get().text == "one\ntwo\nthree\nFOUR\n"


def test_the_proposal_can_be_saved_as_it_is(client, clash):
    page = clash.content.decode()
    based_on = re.search(r'name="based_on" value="(\w{64})"', page)[1]
    merged = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.S)[1]

    answer = client.post(
        f"{PAGE}edit/", {"title": "Drift", "text": merged, "based_on": based_on, "act": "save"}
    )

    article = Article.objects.get()
    assert told(answer) == ["Saved as version 3."]
    assert (article.text.strip(), article.number) == ("ONE\ntwo\nthree\nFOUR", 3)
    assert Draft.objects.count() == 0


# ------------------------------------------------------------------ drafts and previews


def test_what_is_typed_is_kept_as_it_is_typed(client, fraud, mara):
    written(fraud, mara)
    client.force_login(mara)
    typed = {"title": "Drift", "text": "half a sen", "based_on": "0" * 64, "act": "draft"}

    answer = client.post(f"{PAGE}edit/", typed, headers={"X-Draft": "1"})
    page = client.get(f"{PAGE}edit/")

    assert answer.status_code == 204
    assert "half a sen</textarea>" in page.content.decode()
    assert "Somebody saved the article after you began it" in said(page)
    client.post(f"{PAGE}edit/", {"act": "drop"})
    assert "half a sen" not in client.get(f"{PAGE}edit/").content.decode()


def test_a_preview_saves_nothing_with_and_without_a_script(client, fraud, mara):
    written(fraud, mara)
    client.force_login(mara)
    typed = {"title": "Drift", "text": "*new* model:fraud/none", "act": "preview"}

    part = client.post(f"{PAGE}edit/", typed, headers={"HX-Request": "true"}).content.decode()
    whole = client.post(f"{PAGE}edit/", typed).content.decode()

    assert "<em>new</em>" in part
    assert "<html" not in part
    assert "<em>new</em>" in whole
    assert "<html" in whole
    assert Article.objects.get().number == 1


def test_a_new_article_has_a_draft_too(client, fraud, mara):
    client.force_login(mara)

    client.post("/articles/new/", {"title": "Soon", "text": "half", "act": "draft"}, headers={"X-Draft": "1"})

    assert 'value="Soon"' in client.get("/articles/new/").content.decode()


# ------------------------------------------------------------------ what may happen to it


def test_verifying_says_what_changed_since(client, fraud, mara, jonas, devi, scorer):
    promoted(scorer, mara, jonas, devi)
    article = written(fraud, mara, text="Of model:fraud/scorer@1.")
    actions.verify_article(article, digest=article.digest, by=mara)
    actions.edit_article(
        article, title="Drift", text="About model:fraud/scorer@1.", based_on=article.digest, by=mara
    )
    promoted(scorer, mara, jonas, devi)
    client.force_login(mara)

    page = client.get(f"{PAGE}verify/")
    digest = Article.objects.get().digest
    answer = client.post(f"{PAGE}verify/", {"digest": digest})

    assert "This is about version 1 of fraud/scorer; production is 2 now." in said(page)
    assert "<del>Of model:fraud/scorer@1.</del>" in page.content.decode()
    assert told(answer) == ["Verified for 180 days."]
    assert "Verified until" not in told(answer)
    assert "Stale" not in said(client.get(PAGE))


def test_history_compares_and_brings_back(client, fraud, mara):
    article = written(fraud, mara, text="One.")
    actions.edit_article(article, title="Drift", text="Two.", note="Better", based_on=article.digest, by=mara)
    client.force_login(mara)

    history = said(client.get(f"{PAGE}versions/"))
    difference = client.get(f"{PAGE}versions/2/compare/1/").content.decode()
    client.post(f"{PAGE}versions/1/restore/")

    assert "2 Better" in history
    assert "<del>One.</del>" in difference
    assert "<ins>Two.</ins>" in difference
    assert Article.objects.get().text == "One."
    assert "One." in said(client.get(f"{PAGE}versions/3/"))
    assert client.get(f"{PAGE}versions/9/").status_code == 404


def test_an_archived_article_is_read_and_not_listed(client, fraud, mara):
    written(fraud, mara)
    client.force_login(mara)

    client.post(f"{PAGE}archive/")

    assert "Archived" in said(client.get(PAGE))
    assert "No article matches" not in said(client.get("/articles/?state=archived"))
    assert "There is no article yet" in said(client.get("/articles/"))
    client.post(f"{PAGE}archive/")
    assert Article.objects.get().archived_at is None


def test_owner_and_labels_are_changed(client, fraud, mara, jonas):
    written(fraud, mara)
    client.force_login(mara)

    answer = client.post(
        f"{PAGE}about/", {"owner": "jonas", "backup": "mara", "interval": "30", "labels": "psi"}
    )

    article = Article.objects.get()
    assert answer["Location"] == PAGE
    assert (article.owner, article.backup, article.interval, article.labels) == (jonas, mara, 30, ["psi"])
    assert article.number == 1


def test_a_title_may_hold_what_acts(client, fraud, mara):
    written(fraud, mara, title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    client.force_login(mara)

    for address in (PAGE, f"{PAGE}edit/", "/articles/", f"{PAGE}versions/", f"{PAGE}verify/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img" not in page


def test_the_page_of_an_artifact_leads_to_what_is_written_about_it(client, fraud, mara, rita, zoe, scorer):
    written(fraud, mara, title="Tuning", text="model:fraud/scorer@3")
    actions.add_decision(fraud, title="Boosting", context="model:fraud/scorer", choice="Trees.", by=mara)
    here = "/articles/?about=models/fraud/scorer"
    client.force_login(mara)

    page = client.get("/models/fraud/scorer/").content.decode()
    part = client.get(here, headers={"HX-Request": "true", "HX-Target": "about-this"})

    assert f'href="{here}"' in page
    assert said(part) == "Tuning not verified Boosting decided"
    assert "Tuning" in said(client.get(here))
    client.force_login(zoe)
    part = client.get(here, headers={"HX-Request": "true", "HX-Target": "about-this"})
    assert said(part) == "Nothing names it yet. Write model:fraud/scorer in an article."
