"""Readers watch articles, say whether they helped, and acknowledge what they are asked to read."""

from __future__ import annotations

import pytest

from governance import actions as governing
from governance.errors import Absent, Conflict, Denied, Invalid
from governance.models import Event, Notification, User
from kb import actions
from kb.models import Acknowledgement, Article, Rating, Reading, Watch
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db

PAGE = "/articles/fraud/drift/"
AT = "articles/fraud/drift"


@pytest.fixture
def article(fraud, mara):
    return written(fraud, mara)


def changed(article: Article, by: User, text: str = "Other.", **more) -> Article:
    article.refresh_from_db()
    return actions.edit_article(
        article, based_on=article.digest, title=article.title, text=text, by=by, **more
    )


def told(person: User, kind: str) -> list[str]:
    return list(Notification.objects.filter(user=person, kind=kind).values_list("sentence", flat=True))


def test_who_watches_hears_of_changes_of_others(article, mara, rita):
    actions.watch(article, by=rita)
    actions.watch(article, by=mara)
    changed(article, mara)
    actions.unwatch(article, by=rita)
    changed(article, mara, "More.")

    assert told(rita, "article-watched") == ["mara changed articles/fraud/drift."]
    assert told(mara, "article-watched") == []


def test_more_who_watch_take_no_more_queries(fraud, article, mara, django_assert_max_num_queries):
    for number in range(12):
        actions.watch(article, by=factories.member(fraud, "reader", username=f"reader{number}"))

    with django_assert_max_num_queries(40) as captured:
        changed(article, mara)

    assert len(captured) < 40
    assert Notification.objects.filter(kind="article-watched").count() == 12


def test_watching_twice_is_no_change(article, rita):
    answers = [actions.watch(article, by=rita), actions.watch(article, by=rita)]
    answers += [actions.unwatch(article, by=rita), actions.unwatch(article, by=rita)]

    assert answers == [True, False, True, False]
    assert Event.objects.filter(action__in=["article.watch", "article.unwatch"]).count() == 2


def test_who_watches_a_collection_hears_of_what_is_new_in_it(fraud, mara, devi):
    guide = actions.add_collection(fraud, slug="guide", title="Guide", by=mara)
    actions.watch(guide, by=devi)
    written(fraud, mara, slug="new", collection=guide)
    actions.edit_collection(guide, closed=True, by=mara)
    written(fraud, mara, slug="kept", collection=guide)

    assert told(devi, "article-watched") == ["mara wrote articles/fraud/new."]
    assert not Watch.objects.visible_to(devi).exists()


def test_the_page_watches(client, article, rita):
    client.force_login(rita)

    client.post(f"{PAGE}watch")
    watched = client.get(PAGE).content.decode()
    client.post(f"{PAGE}unwatch")

    assert "Unwatch" in watched
    assert not Watch.objects.exists()


def test_all_see_how_many_it_helped_and_its_owner_why(client, article, mara, rita, devi):
    actions.rate(article, helpful=True, by=devi)
    client.force_login(rita)

    client.post(f"{PAGE}rate", {"helpful": "no", "reason": "No word of <b>psi</b>."})
    shown = client.get(PAGE).content.decode()
    client.force_login(mara)
    to_owner = client.get(PAGE).content.decode()

    assert "1 of 2 readers said yes" in shown
    assert "No word of" not in shown
    assert "No word of &lt;b&gt;psi&lt;/b&gt;." in to_owner
    assert "rita" not in to_owner
    assert told(mara, "article-said") == ["articles/fraud/drift did not help a reader, who says why."]


def test_what_one_says_again_takes_the_place_of_what_one_said(article, rita):
    actions.rate(article, helpful=False, reason="Too short.", by=rita)
    actions.rate(article, helpful=True, by=rita)

    assert list(Rating.objects.values_list("helpful", "reason")) == [(True, "")]


@pytest.mark.parametrize("reason", ["", "x" * 501, "a\0b", "a\u202eb"], ids=["none", "long", "nul", "turned"])
def test_what_did_not_help_takes_a_reason(article, rita, reason):
    with pytest.raises(Invalid):
        actions.rate(article, helpful=False, reason=reason, by=rita)


@pytest.fixture
def reading(article, jonas, rita, devi):
    return actions.ask_reading(article, note="New rules.", by=jonas)


def test_members_are_asked_and_say_that_they_have_read(client, article, reading, mara, jonas, rita, devi):
    client.force_login(rita)
    asked = client.get(PAGE).content.decode()

    client.post(f"{PAGE}acknowledge", {"digest": article.digest})
    page = client.get(PAGE).content.decode()
    client.force_login(jonas)
    progress = client.get(f"{PAGE}reading/").content.decode()

    assert "I have read version 1" in asked
    assert "I have read version 1" not in page
    assert "1 of 4 members who are asked have read it." in page
    assert "1 of 4 have" in progress
    assert "rita" not in progress.partition('id="missing"')[2]
    assert told(devi, "article-to-read") == ["jonas asks you to read version 1 of articles/fraud/drift."]
    assert not Notification.objects.unread().filter(user=rita, kind="article-to-read").exists()


def test_it_is_bound_to_what_was_read(article, reading, rita, mara):
    changed(article, mara)

    with pytest.raises(Conflict, match="It was changed while you read it"):
        actions.acknowledge(article, digest=article.digest, by=rita)


def test_another_version_asks_again_only_when_that_is_said(article, reading, rita, mara):
    actions.acknowledge(article, digest=article.digest, by=rita)
    changed(article, mara)
    small = rita in Reading.objects.get().missing()
    changed(article, mara, "All new.", again=True)

    assert (small, rita in Reading.objects.get().missing()) == (False, True)
    assert "mara asks you to read version 3 of articles/fraud/drift." in told(rita, "article-to-read")
    assert Acknowledgement.objects.count() == 1


def test_those_of_one_role_are_asked(article, jonas, rita, devi):
    reading = actions.ask_reading(article, role="reader", by=jonas)

    assert [person.username for person in reading.missing()] == ["rita"]


def test_programs_are_not_asked(article, jonas, fraud, mara):
    governing.add_service(fraud, "ci", roles=["reader"], answered_by=mara, by=jonas)

    reading = actions.ask_reading(article, by=jonas)

    assert not [person for person in reading.asked() if "ci" in person.username]


def test_of_what_is_closed_those_are_asked_who_read_it(fraud, mara, jonas, rita, devi):
    plans = actions.add_collection(fraud, slug="plans", title="Plans", closed=True, readers=[devi], by=mara)

    reading = actions.ask_reading(written(fraud, mara, collection=plans), by=jonas)

    assert {person.username for person in reading.asked()} == {"mara", "jonas", "devi"}


def test_it_is_asked_once_and_ended_by_stewards(article, reading, mara, jonas, rita):
    with pytest.raises(Conflict):
        actions.ask_reading(article, by=jonas)
    with pytest.raises(Denied):
        actions.end_reading(article, by=mara)

    actions.end_reading(article, by=jonas)

    with pytest.raises(Absent):
        actions.acknowledge(article, digest=article.digest, by=rita)
    assert not Notification.objects.unread().filter(kind="article-to-read").exists()


def test_programs_do_the_same(article, jonas, rita):
    steward, reader = Caller(jonas), Caller(rita)

    asked = steward.post(f"{AT}/reading", {"role": "reader"}).json()
    made = reader.post(f"{AT}/acknowledge", {"digest": article.digest}).json()
    now = reader.get(f"{AT}/reading").json()
    reader.put(f"{AT}/rating", {"helpful": True})
    reader.put(f"{AT}/watch", None)

    assert (asked["read"], asked["of"], now["read"], now["asks_you"], made["version"]) == (0, 1, 1, False, 1)
    assert reader.get(f"{AT}/rating").json() == {"helpful": 1, "readers": 1}
    assert [row["label"] for row in reader.get("watches/").json()["results"]] == ["articles/fraud/drift"]


def test_a_page_asks_and_an_edit_asks_again(client, article, jonas, rita):
    client.force_login(jonas)

    client.post(f"{PAGE}reading/", {"role": "", "note": "Rules."})
    form = client.get(f"{PAGE}edit/").content.decode()
    client.post(
        f"{PAGE}edit/",
        {"title": "Drift", "text": "New.", "based_on": article.digest, "again": "on", "act": "save"},
    )
    client.post(f"{PAGE}reading/end/", {"confirm": "1"})

    assert 'name="again"' in form
    assert Reading.objects.get().number == 2
    assert Reading.objects.get().ended_at is not None


def test_a_word_is_no_rating(article, rita):
    answer = Caller(rita).put(f"{AT}/rating", {"helpful": "no", "reason": "Too short."})

    assert (answer.status_code, Rating.objects.count()) == (400, 0)
