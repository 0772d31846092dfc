"""The week of articles: for who asked for it, once, of what they may see when it is sent."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from governance import actions as governing
from governance import mailing
from governance.models import Mail, Membership, Notification, User
from kb import actions
from kb.jobs.weekly_digest import weekly_digest
from kb.models import Article, Week
from kb.weekly import monday
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(rita: User) -> User:
    """A reader who asked for it by mail."""
    User.objects.filter(pk=rita.pk).update(email="rita@example.org")
    rita.refresh_from_db()
    governing.set_ways(rita, {"article-week": "once"}, by=rita)
    return rita


@pytest.fixture
def drift(fraud, mara) -> Article:
    """Written in the week before."""
    return last_week(written(fraud, mara, slug="drift", title="Drift by PSI"))


def last_week(article: Article) -> Article:
    begun = datetime.combine(monday(timezone.now()), datetime.min.time(), timezone.now().tzinfo)
    Article.objects.filter(pk=article.pk).update(created_at=begun + timedelta(days=2))
    return article


def letter() -> str:
    mailing.send_due()
    (sent,) = mail.outbox
    return sent.body


def test_who_asked_is_told_once_however_often_it_runs(drift, rita, mara):
    said = [weekly_digest(), weekly_digest()]

    assert said == ["Told 1 person of their week.", None]
    assert [each.user for each in Notification.objects.filter(kind="article-week")] == [rita]
    assert "New articles: Drift by PSI (fraud, version 1 by mara)" in letter()


def test_the_mail_says_what_one_may_see_when_it_is_sent(drift, rita, fraud, mara, jonas):
    plans = actions.add_collection(fraud, slug="plans", title="Plans", by=mara)
    kept = last_week(written(fraud, mara, slug="kept", title="Zirkonia", collection=plans))
    weekly_digest()
    actions.edit_collection(plans, closed=True, by=mara)

    body = letter()

    assert ("Drift by PSI" in body, kept.title in body) == (True, False)


def test_who_left_the_team_is_sent_nothing_of_it(drift, rita):
    weekly_digest()
    Membership.objects.filter(user=rita).delete()

    assert "Drift" not in letter()


def test_its_page_is_for_one_person(client, drift, rita, jonas):
    weekly_digest()
    address = f"/weeks/{Week.objects.get().pk}/"
    client.force_login(rita)
    shown = client.get(address).content.decode()
    client.force_login(jonas)

    assert ("Drift by PSI" in shown, client.get(address).status_code) == (True, 404)


def test_the_link_in_the_mail_stops_it_without_signing_in(client, drift, rita):
    weekly_digest()
    address = re.search(r"stop it: https?://[^/]+(/\S+)", letter())[1]

    looked = client.get(address).status_code
    still = mailing.ways_of(rita)["article-week"]
    client.post(address, {"List-Unsubscribe": "One-Click"})

    assert (looked, still, mailing.ways_of(rita)["article-week"]) == (200, "once", "never")
    assert mail.outbox[0].extra_headers["List-Unsubscribe"].endswith(f"{address}>")
    assert client.get(f"{address[:-2]}x/").status_code == 404


def test_who_asked_for_nothing_hears_nothing(drift, fraud, mara, jonas):
    weekly_digest()

    assert (Notification.objects.filter(kind="article-week").count(), Mail.objects.count()) == (0, 0)


def test_of_a_week_without_news_nothing_is_said(rita):
    assert (weekly_digest(), Week.objects.count()) == (None, 0)


def test_it_is_asked_for_where_one_says_how_one_is_told(client, rita):
    client.force_login(rita)

    page = client.get("/inbox/settings/").content.decode()

    assert 'name="article-week" value="once"' in re.sub(r'type="radio" ', "", page)
    assert "Not at all" in page
