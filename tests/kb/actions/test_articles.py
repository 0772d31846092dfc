"""Writing, saving at once, restoring, verifying and archiving."""

from __future__ import annotations

import pytest

from governance.errors import Conflict, Denied, Invalid
from governance.models import Event
from kb import actions
from kb.actions.articles import Edited
from kb.digests import digest_of
from kb.models import Article, Draft, Reference
from kb.models.articles import LONGEST
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def edit(article, by, text, based_on="", **fields):
    given = {"title": article.title, "based_on": based_on or article.digest, **fields}
    return actions.edit_article(article, text=text, by=by, **given)


def events(article) -> list[str]:
    return [*Event.objects.filter(subject=article.label).order_by("pk").values_list("action", flat=True)]


def test_each_save_is_a_version_with_its_digest(fraud, mara, jonas):
    article = written(fraud, mara, text="One.")

    article = edit(article, jonas, "Two.", note="More.")

    rows = article.versions.order_by("number").values_list("number", "text", "digest", "note", "by__username")
    assert list(rows) == [
        (1, "One.", digest_of("Drift", "One."), "", "mara"),
        (2, "Two.", digest_of("Drift", "Two."), "More.", "jonas"),
    ]
    assert (article.number, article.digest, article.updated_by) == (2, digest_of("Drift", "Two."), jonas)
    assert events(article) == ["article.add", "article.edit"]


def test_saving_the_same_again_does_nothing(fraud, mara):
    article = written(fraud, mara, text="One.")

    edit(article, mara, "One.", based_on="0" * 64)

    assert (article.versions.count(), events(article)) == (1, ["article.add"])


def test_nobody_is_overwritten(fraud, mara, jonas):
    article = written(fraud, mara, text="One.")
    began = article.digest
    edit(article, jonas, "Theirs.")

    with pytest.raises(Edited, match="jonas saved this article while you wrote"):
        edit(article, mara, "Mine.", based_on=began)

    assert Article.objects.get(pk=article.pk).text == "Theirs."


def test_what_is_named_is_what_the_newest_text_names(fraud, mara):
    article = written(fraud, mara, text="model:fraud/a@3 article:fraud/b")

    edit(article, mara, "dataset:fraud/c")

    assert list(Reference.objects.values_list("label", "number")) == [("datasets/fraud/c", None)]


def test_an_older_version_comes_back_as_a_new_one(fraud, mara, jonas):
    article = edit(written(fraud, mara, text="One."), mara, "Two.")

    article = actions.restore_article(article, 1, by=jonas)

    newest = article.versions.get(number=3)
    assert (article.text, newest.text, newest.restores, newest.by) == ("One.", "One.", 1, jonas)
    with pytest.raises(Conflict, match="Version 1 is what stands there now"):
        actions.restore_article(article, 1, by=jonas)


def test_a_verification_is_of_what_was_read(fraud, mara):
    article = written(fraud, mara, text="One.")
    read = article.digest
    article = edit(article, mara, "Two.")

    with pytest.raises(Conflict, match="It was changed while you read it"):
        actions.verify_article(article, digest=read, by=mara)

    article = actions.verify_article(article, digest=article.digest, by=mara)
    assert (article.verified_by, article.verified_number) == (mara, 2)
    assert (article.verified_until - article.verified_at).days == article.interval


def test_who_does_not_answer_for_it_verifies_nothing(fraud, mara, devi):
    article = written(fraud, mara)

    with pytest.raises(Denied, match="Only mara, or a steward, may do this"):
        actions.verify_article(article, digest=article.digest, by=devi)

    actions.set_article(article, backup=devi, by=mara)
    actions.verify_article(article, digest=article.digest, by=devi)


def test_who_may_not_write_owns_nothing(fraud, mara, rita):
    article = written(fraud, mara)

    with pytest.raises(Invalid, match="rita may not write articles of fraud"):
        actions.set_article(article, owner=rita, by=mara)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"slug": "../x"}, "slug"),
        ({"slug": "a" * 101}, "slug"),
        ({"title": "\u202egnp"}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"text": "a\0b"}, "text"),
        ({"text": "x" * (LONGEST + 1)}, "text"),
        ({"labels": ["Not A Slug"]}, "labels"),
    ],
    ids=["slug", "long slug", "direction", "no title", "long title", "nul", "long text", "label"],
)
def test_what_is_malformed_leaves_nothing_behind(fraud, mara, fields, field):
    with pytest.raises(Invalid) as caught:
        written(fraud, mara, **{"slug": "x", **fields})

    assert list(caught.value.details["errors"]) == [field]
    assert Article.objects.count() == 0


def test_an_address_is_given_once(fraud, mara):
    written(fraud, mara)

    with pytest.raises(Conflict, match="fraud already has an article at drift"):
        written(fraud, mara)


def test_a_draft_is_ones_own_and_goes_when_it_is_saved(fraud, mara, jonas):
    article = written(fraud, mara)
    for person, text in ((mara, "Mine"), (jonas, "His"), (mara, "Mine, more")):
        actions.save_draft(person, article, title="x", text=text, based_on=article.digest)

    edit(article, mara, "Mine, more")

    assert list(Draft.objects.values_list("person__username", "text")) == [("jonas", "His")]
