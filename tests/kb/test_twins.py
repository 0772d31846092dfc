"""Articles that say nearly the same: found, told of once, shown to who reads both, and forgotten."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import access, subjects
from governance.models import Event, Notification
from kb import actions
from kb.jobs.near_duplicates import near_duplicates
from kb.models import Sketch, Twins
from tests.governance.api.caller import Caller
from tests.kb.conftest import written
from tests.pages import said

pytestmark = pytest.mark.django_db
LONG = " ".join(f"word{number}" for number in range(200))


@pytest.fixture
def twins(fraud, mara, jonas) -> Twins:
    written(fraud, mara, slug="one", text=LONG)
    written(fraud, jonas, slug="two", text=f"{LONG} indeed")
    near_duplicates()
    return Twins.objects.get()


def test_a_pair_is_found_once_and_both_owners_hear_of_it_once(twins):
    again = near_duplicates()

    assert (twins.one.slug, twins.other.slug, twins.percent, again) == ("one", "two", 99, None)
    rows = Notification.objects.filter(kind="article-twins").order_by("user__username")
    assert list(rows.values_list("user__username", flat=True)) == ["jonas", "mara"]


def test_a_pair_that_differs_by_now_is_forgotten_and_one_that_is_still_alike_stays(twins, mara):
    article = twins.one
    for text, left in ((LONG + " anew", 1), ("Something else.", 0)):
        article = actions.edit_article(article, based_on=article.digest, title="One", text=text, by=mara)
        near_duplicates()
        assert Twins.objects.count() == left


def test_articles_of_two_teams_are_no_pair(fraud, mara, zoe):
    written(fraud, mara, text=LONG)
    written(zoe.memberships.first().team, zoe, text=LONG)

    assert (near_duplicates(), Twins.objects.count(), Sketch.objects.count()) == (None, 0, 2)


def test_a_pair_is_shown_side_by_side_to_who_reads_both(client, twins, rita, zoe):
    client.force_login(rita)
    listed, page = said(client.get("/twins/")), said(client.get(f"/twins/{twins.pk}/"))
    client.force_login(zoe)
    hidden = client.get(f"/twins/{twins.pk}/").status_code

    assert "One and Two" in listed
    assert "indeed" in page
    assert (hidden, "One and Two" in said(client.get("/twins/"))) == (404, False)


def test_who_reads_only_one_of_them_sees_no_pair(twins, fraud, rita, jonas):
    plans = actions.add_collection(fraud, slug="plans", title="Plans", closed=True, by=jonas)
    actions.set_article(twins.other, collection=plans, by=jonas)

    assert [Twins.objects.visible_to(person).count() for person in (rita, jonas)] == [0, 1]


def test_what_is_archived_is_no_pair_any_more(twins, rita, jonas):
    actions.archive_article(twins.other, by=jonas)

    assert Twins.objects.visible_to(rita).count() == 0


def test_programs_read_the_pairs_that_they_see(twins, rita, zoe):
    found = [Caller(person).get("twins/").json()["results"] for person in (rita, zoe)]

    assert [(row["one"], row["other"], row["likeness"]) for row in found[0]] == [
        ("articles/fraud/one", "articles/fraud/two", 0.995)
    ]
    assert found[1] == []


@pytest.mark.parametrize(
    "kind", ["twins/{}", "glass/{}", "wanted/{}", "triggers/{}", "collections/fraud/c{}"]
)
def test_messages_about_many_are_looked_up_together(twins, mara, kind):
    def asked(number: int) -> int:
        access.forget(mara)
        with CaptureQueriesContext(connection) as captured:
            subjects.visible(mara, [kind.format(key) for key in range(1, number + 1)])
        return len(captured)

    assert asked(9) == asked(1)
    assert subjects.visible(mara, [twins.label, "twins/999999"]) == {twins.label}


@pytest.mark.parametrize("door", ["page", "program"])
def test_a_pair_is_put_away_and_taken_back(client, twins, mara, door):
    client.force_login(mara)

    def press(act: str) -> bool:
        if door == "page":
            client.post(f"/twins/{twins.pk}/")
        else:
            Caller(mara).post(f"twins/{twins.pk}/{act}")
        return f"/twins/{twins.pk}/" in client.get("/twins/").content.decode()

    assert [press("part"), press("pair")] == [False, True]
    events = Event.objects.filter(subject=twins.label).order_by("pk")
    assert list(events.values_list("action", flat=True)) == ["twins.part", "twins.pair"]


def test_what_was_put_away_stays_so_when_it_is_compared_again(twins, mara):
    actions.part_twins(twins, by=mara)
    Sketch.objects.filter(article=twins.one).delete()

    near_duplicates()

    assert Twins.objects.get().apart_by == mara
