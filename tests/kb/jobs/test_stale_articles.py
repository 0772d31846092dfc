"""Owners hear of their stale articles, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Notification
from kb import actions
from kb.jobs.stale_articles import stale_articles
from kb.models import Article
from tests.kb.conftest import promoted, written

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.filter(kind="article-stale").order_by("pk")
    return list(rows.values_list("user__username", "subject"))


def test_owner_and_backup_hear_once_until_it_is_verified_again(fraud, mara, jonas, devi, scorer):
    article = written(fraud, mara, text="model:fraud/scorer@7")
    actions.set_article(article, backup=jonas, by=mara)
    written(fraud, mara, slug="fresh")
    promoted(scorer, mara, jonas, devi)
    label = "articles/fraud/drift"

    first, second = stale_articles(), stale_articles()

    assert (first, second) == ("Told of 1 article.", None)
    assert told() == [("mara", label), ("jonas", label)]
    article = actions.verify_article(Article.objects.get(pk=article.pk), digest=article.digest, by=mara)
    assert not Notification.objects.filter(kind="article-stale", read_at=None).exists()
    Article.objects.filter(pk=article.pk).update(verified_until=timezone.now() - timedelta(days=1))
    assert stale_articles() == "Told of 1 article."


def test_what_is_archived_or_holds_is_told_of_to_nobody(fraud, mara):
    written(fraud, mara)
    away = written(fraud, mara, slug="away")
    actions.verify_article(away, digest=away.digest, by=mara)
    actions.archive_article(away, by=mara)
    Article.objects.filter(pk=away.pk).update(verified_until=timezone.now() - timedelta(days=1))

    assert (stale_articles(), told()) == (None, [])
