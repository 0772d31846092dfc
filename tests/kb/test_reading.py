"""Which articles a list shows, and the labels that there are."""

from __future__ import annotations

import pytest

from kb import actions, reading
from kb.labels import articles_of
from kb.staleness import OF_ARTIFACT
from tests.governance.api.caller import Caller, rows
from tests.kb.conftest import promoted, written

pytestmark = pytest.mark.django_db


def shown(person, **asked: str) -> list[str]:
    return sorted(article.slug for article in reading.narrowed(person, articles_of(person), asked))


def test_what_production_moved_on_from_is_listed_to_who_sees_that(fraud, mara, jonas, devi, rita, scorer):
    promoted(scorer, mara, jonas, devi)
    written(fraud, mara, slug="old", text="model:fraud/scorer@1")
    written(fraud, mara, slug="whole", text="model:fraud/scorer article:fraud/old run:1")
    promoted(scorer, mara, jonas, devi)
    written(fraud, mara, slug="new", text="model:fraud/scorer@2")

    assert OF_ARTIFACT.startswith("^")
    assert shown(mara, state="moved") == ["old"]
    assert rows(Caller(mara).get("articles/?state=moved"), "slug") == ["old"]


def test_ones_own_and_what_one_watches(fraud, mara, devi):
    written(fraud, mara, slug="hers")
    written(fraud, devi, slug="his")
    helped = actions.set_article(written(fraud, devi, slug="both"), backup=mara, by=devi)
    actions.watch(helped, by=devi)

    assert shown(mara, mine="yours") == ["both", "hers"]
    assert shown(devi, mine="watched") == ["both"]


def test_labels_are_counted_as_far_as_one_sees_articles(client, fraud, mara, devi):
    plans = actions.add_collection(fraud, slug="plans", title="Plans", closed=True, by=mara)
    written(fraud, mara, slug="a", labels=["psi", "drift"])
    written(fraud, mara, slug="b", labels=["psi"])
    written(fraud, mara, slug="c", labels=["canary", "psi"], collection=plans)
    client.force_login(devi)

    page = client.get("/articles/labels/").content.decode()

    assert reading.labels(devi) == [{"word": "psi", "articles": 2}, {"word": "drift", "articles": 1}]
    assert "canary" not in page
    assert '<a class="name" href="/articles/?label=psi">psi</a>' in page
