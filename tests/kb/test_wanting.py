"""Searches in vain: noted for those who search, asked for when several miss the same, put away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Event, Notification
from kb import actions
from kb.models import Miss, Wanted
from kb.waiting import waiting
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.conftest import written
from tests.pages import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(fraud, mara, jonas, rita) -> Wanted:
    for person in (mara, rita):
        actions.note_miss(person, "Zebra  stripes")
    actions.ask_for_articles(fraud)
    return Wanted.objects.get()


def missed() -> list[str]:
    return sorted(Miss.objects.values_list("text", flat=True))


def test_looking_at_a_search_notes_nothing_and_its_form_does(client, mara):
    client.force_login(mara)

    page = client.get("/search/?q=Zebra  stripes").content.decode()
    noted = missed()
    answer = client.post("/search/missed", {"text": "Zebra  stripes"}, follow=True)
    part = client.post("/search/missed", {"text": "Zebra  stripes"}, headers={"HX-Request": "true"})

    assert 'hx-post="/search/missed"' in page
    assert (noted, missed()) == ([], ["zebra stripes"])
    assert answer.redirect_chain == [("/search/?q=Zebra+stripes", 302)]
    assert "It is noted." in said(answer)
    assert said(part).startswith("It is noted.")


def test_what_is_found_or_empty_is_not_missed(client, fraud, mara):
    written(fraud, mara)
    client.force_login(mara)

    for text in ("drift", "", "  "):
        client.post("/search/missed", {"text": text})

    assert missed() == []


def test_of_one_person_the_newest_are_kept(mara, monkeypatch):
    monkeypatch.setattr("kb.actions.wanting.MOST_MISSES", 2)

    for text in ("one", "two", "three", "two"):
        actions.note_miss(mara, text)

    assert missed() == ["three", "two"]


def test_what_was_missed_long_ago_is_forgotten(mara):
    actions.note_miss(mara, "zebra")
    Miss.objects.update(at=timezone.now() - timedelta(days=91))

    actions.forget_misses()

    assert missed() == []


def test_what_two_people_of_a_team_miss_is_asked_for_once(fraud, wanted, jonas):
    again = actions.ask_for_articles(fraud)

    assert (wanted.text, wanted.people, again) == ("zebra stripes", 2, 0)
    assert list(Notification.objects.values_list("user__username", "kind", "sentence")) == [
        ("jonas", "article-wanted",
         "2 people searched for “zebra stripes” in vain: write an article, or put it away."),
    ]  # fmt: skip


def test_one_person_or_two_of_different_teams_ask_for_nothing(fraud, mara, zoe):
    for _ in range(2):
        actions.note_miss(mara, "zebra")
    actions.note_miss(zoe, "zebra")

    assert [actions.ask_for_articles(team) for team in (fraud, zoe.memberships.first().team)] == [0, 0]


def test_what_an_article_has_by_now_is_not_asked_for(fraud, mara, rita):
    for person in (mara, rita):
        actions.note_miss(person, "zebra")
    written(fraud, mara, title="Zebra")

    assert actions.ask_for_articles(fraud) == 0


def test_it_waits_for_stewards_and_stands_below_the_articles(client, fraud, wanted, mara, jonas, zoe):
    written(fraud, mara)
    client.force_login(mara)

    page = client.get("/articles/").content.decode()

    assert f'href="/wanted/{wanted.pk}/"' in page
    assert [item.what for item in waiting(jonas)] == ["“zebra stripes” was searched for in vain"]
    assert waiting(mara) == waiting(zoe) == []


def test_it_is_written_from_its_page(client, wanted, mara):
    client.force_login(mara)

    page = client.get(f"/wanted/{wanted.pk}/").content.decode()

    assert "/articles/new/?team=fraud&amp;title=zebra+stripes" in page
    assert "mara" not in page.partition("<main")[2]


def test_an_article_with_the_words_closes_it(fraud, wanted, mara):
    for text in ("stripes", "zebra"):
        actions.close_wanted(written(fraud, mara, slug=text, title=text))
    still = Wanted.objects.open().count()

    actions.close_wanted(written(fraud, mara, slug="both", title="Zebras", text="Of stripes"))

    assert (still, Wanted.objects.open().count()) == (1, 0)
    assert Notification.objects.unread().filter(kind="article-wanted").count() == 0


def by_page(client, person, wanted) -> int:
    client.force_login(person)
    return client.post(f"/wanted/{wanted.pk}/").status_code


def by_program(client, person, wanted) -> int:
    return Caller(person).post(f"wanted/{wanted.pk}/dismiss").status_code


@pytest.mark.parametrize(("door", "done"), [(by_page, 302), (by_program, 200)], ids=["page", "program"])
def test_stewards_put_it_away_for_good(client, fraud, wanted, mara, jonas, zoe, door, done):
    answers = [door(client, person, wanted) for person in (mara, zoe, jonas, jonas)]

    wanted.refresh_from_db()
    assert answers == [403, 404, done, done]
    assert (wanted.dismissed_by, actions.ask_for_articles(fraud)) == (jonas, 0)
    assert Event.objects.filter(action="wanted.dismiss", outcome="done").count() == 1


def test_programs_read_what_is_missed_where_they_write(wanted, mara, rita, zoe):
    found = [Caller(person).get("wanted/").json()["results"] for person in (mara, rita, zoe)]

    assert [[row["text"] for row in rows] for rows in found] == [["zebra stripes"], [], []]


def test_a_member_who_left_does_not_count(fraud, mara):
    gone = factories.member(fraud, "reader")
    for person in (mara, gone):
        actions.note_miss(person, "zebra")
    gone.is_active = False
    gone.save()

    assert actions.ask_for_articles(fraud) == 0
