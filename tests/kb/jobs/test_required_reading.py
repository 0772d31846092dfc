"""Who has yet to read what they are asked to read is reminded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Notification
from kb import actions
from kb.jobs.required_reading import required_reading
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def test_however_many_articles_are_to_be_read(fraud, mara, jonas, rita, monkeypatch):
    monkeypatch.setattr("kb.jobs.required_reading.AT_A_TIME", 1)
    for slug in ("one", "two", "three"):
        actions.ask_reading(written(fraud, mara, slug=slug), role="reader", by=jonas)
    Notification.objects.update(at=timezone.now() - timedelta(days=8))

    assert required_reading() == "Reminded 3 people."


def test_each_is_reminded_once_a_week_until_it_is_read(fraud, mara, jonas, rita):
    article = written(fraud, mara)
    actions.ask_reading(article, role="reader", by=jonas)
    at_once = required_reading()
    Notification.objects.update(at=timezone.now() - timedelta(days=8))

    reminded = [required_reading(), required_reading()]
    Notification.objects.update(at=timezone.now() - timedelta(days=8))
    actions.acknowledge(article, digest=article.digest, by=rita)

    assert (at_once, reminded, required_reading()) == (None, ["Reminded 1 person.", None], None)
    assert [each.user for each in Notification.objects.filter(kind="article-to-read")] == [rita, rita]
