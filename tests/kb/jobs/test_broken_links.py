"""Owners are told once which of their articles name what is gone."""

from __future__ import annotations

import pytest

from governance.models import Notification
from kb import actions
from kb.jobs.broken_links import broken_links
from registry import actions as registering
from tests import factories
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(kind="article-broken").order_by("pk")
    return list(rows.values_list("user__username", "subject", "sentence"))


def test_an_owner_is_told_once_and_again_after_a_change(fraud, mara, jonas, scorer):
    gone = factories.artifact(fraud, mara, name="gone")
    text = "model:fraud/scorer and model:fraud/gone and article:fraud/nowhere"
    article = written(fraud, mara, text=text)
    written(fraud, jonas, slug="whole", text="model:fraud/scorer")
    registering.delete_artifact(gone, by=mara)

    first, second = broken_links(), broken_links()
    actions.edit_article(article, based_on=article.digest, title="Drift", text="model:fraud/gone", by=mara)
    third = broken_links()

    assert (first, second, third) == ("Told of 1 article.", None, "Told of 1 article.")
    assert told() == [
        ("mara", "articles/fraud/drift", "2 links of “Drift” lead nowhere."),
        ("mara", "articles/fraud/drift", "1 link of “Drift” leads nowhere."),
    ]


def test_what_an_owner_may_not_see_leads_nowhere_like_what_is_not_there(fraud, mara, zoe):
    factories.artifact(zoe.memberships.first().team, zoe, name="hidden")
    written(fraud, mara, text="model:pricing/hidden model:pricing/nothing")

    broken_links()

    assert [sentence for _, _, sentence in told()] == ["2 links of “Drift” lead nowhere."]
