"""Collections: what is closed to somebody is nowhere, through whatever door."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from governance import actions as governing
from governance.errors import Conflict, Denied, Invalid
from governance.models import Delivery, Event, Notification, Team, User, Webhook
from kb import actions
from kb.actions.words import count_words
from kb.jobs.broken_links import broken_links
from kb.models import Article, Collection, Word
from registry import storage
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db

CANARY = "Zirkonia"
PAGE = "/articles/fraud/kept/"


@pytest.fixture
def plans(fraud: Team, mara: User) -> Collection:
    return actions.add_collection(fraud, slug="plans", title=f"{CANARY} plans", closed=True, by=mara)


@pytest.fixture
def kept(fraud: Team, mara: User, plans: Collection, scorer) -> Article:
    """In the closed collection, with the canary in everything that one can write."""
    written(fraud, mara, slug="open", text="See article:fraud/kept.")
    text = f"{CANARY} is about model:fraud/scorer and article:fraud/open."
    article = written(fraud, mara, slug="kept", title=f"The {CANARY}", text=text, collection=plans)
    actions.edit_article(
        article, based_on=article.digest, title=article.title, text=f"{text} More.", note=CANARY, by=mara
    )
    actions.comment_article(article, text=f"{CANARY}, @devi", by=mara)
    return article


DOORS = {
    "page": PAGE,
    "edit": f"{PAGE}edit/",
    "history": f"{PAGE}versions/",
    "version": f"{PAGE}versions/1/",
    "attachments": f"{PAGE}attachments/",
    "collection": "/collections/fraud/plans/",
    "collections": "/collections/",
    "list": f"/articles/?search={CANARY}",
    "list of the collection": "/articles/?collection=fraud/plans",
    "all": "/articles/",
    "link": "/articles/fraud/open/",
    "about": "/articles/?about=models/fraud/scorer",
    "search": f"/search/?q={CANARY}",
    "typo": "/search/?q=Zirkonja",
    "home": "/",
    "inbox": "/inbox/",
    "trail": "/trail/",
    "template": "/articles/new/?from=fraud/kept",
    "api": "/api/v1/articles/fraud/kept",
    "api list": f"/api/v1/articles/?search={CANARY}",
    "api search": f"/api/v1/search?q={CANARY}",
    "api comments": "/api/v1/articles/fraud/kept/comments/",
    "api collection": "/api/v1/collections/",
    "api events": "/api/v1/events/",
    "api link": "/api/v1/articles/fraud/open",
}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_what_is_closed_shows_through_no_door(client, kept, devi, door):
    client.force_login(devi)

    answer = client.get(door)

    asked = door.rpartition("=")[2]
    shown = answer.content.decode().replace(asked, "") if "=" in door else answer.content.decode()
    assert CANARY not in shown
    assert "/articles/fraud/kept" not in shown.replace(door, "")


def test_an_auditor_reads_that_something_happened_and_no_word(client, fraud, kept, mara):
    actions.set_article(kept, labels=[CANARY.lower()], by=mara)
    actions.attach(kept, f"{CANARY}.txt", storage.store(io.BytesIO(b"Words.")), by=mara)
    actions.detach(kept, f"{CANARY}.txt", by=mara)
    nils = factories.member(fraud, "auditor", username="nils")
    client.force_login(nils)

    page = client.get("/trail/").content.decode()

    said = [f"{event.before}{event.after}{event.reason}".lower() for event in Event.objects.all()]
    assert CANARY not in page
    assert not [words for words in said if CANARY.lower() in words]


def test_who_is_named_and_stewards_read_it(client, kept, plans, jonas, devi):
    actions.edit_collection(plans, readers=[devi], by=jonas)

    answers = []
    for person in (jonas, devi):
        client.force_login(person)
        answers += [CANARY in client.get(door).content.decode() for door in (PAGE, f"/search/?q={CANARY}")]

    assert answers == [True] * 4


def test_who_may_not_read_is_not_told(kept, devi):
    assert not Notification.objects.filter(user=devi).exists()


def test_no_webhook_tells_of_it(fraud, kept, mara, jonas):
    Webhook.objects.create(team=fraud, address="https://hooks.example", secret=b"", set_by=jonas)
    text = f"{CANARY} is model:fraud/nowhere"
    kept = Article.objects.get(pk=kept.pk)
    actions.edit_article(kept, based_on=kept.digest, title=kept.title, text=text, by=mara)
    actions.comment_article(kept, text="Why?", by=jonas)

    broken_links()

    assert Notification.objects.filter(user=mara, kind="article-broken").count() == 1
    assert not Delivery.objects.exists()


def test_no_word_of_it_is_proposed(fraud, kept):
    count_words(fraud)

    assert not Word.objects.filter(word__startswith="zirkon").exists()


def test_the_zip_leaves_it_out(kept, devi):
    answer = Caller(devi).get("articles/export?team=fraud")

    assert b"kept.md" not in answer.body


def test_closing_and_opening_hold_for_what_is_in_it(kept, plans, mara, devi):
    actions.edit_collection(plans, closed=False, by=mara)
    opened = Article.objects.visible_to(devi).filter(pk=kept.pk).exists()
    actions.edit_collection(plans, closed=True, by=mara)

    assert (opened, Article.objects.visible_to(devi).filter(pk=kept.pk).exists()) == (True, False)


def test_a_row_that_says_otherwise_is_put_right_by_the_database(kept, plans, devi):
    with transaction.atomic():
        Article.objects.filter(pk=kept.pk).update(reach=kept.team_id)

    assert not Article.objects.visible_to(devi).filter(pk=kept.pk).exists()


def test_who_is_not_named_as_a_writer_writes_nothing(fraud, mara, devi, jonas):
    guide = actions.add_collection(fraud, slug="guide", title="Guide", guarded=True, by=mara)
    article = written(fraud, mara, slug="guide", collection=guide)
    new = {"based_on": article.digest, "title": "Guide", "text": "Mine."}

    with pytest.raises(Denied, match="You do not write in the collection Guide"):
        actions.edit_article(article, by=devi, **new)
    with pytest.raises(Denied):
        written(fraud, devi, slug="another", collection=guide)

    assert actions.edit_article(article, by=jonas, **new).number == 2


def test_nobody_answers_for_what_they_may_not_read(kept, mara, devi):
    with pytest.raises(Invalid, match="devi may not read this collection"):
        actions.set_article(kept, backup=devi, by=mara)
    with pytest.raises(Invalid, match="devi may not read a closed collection of theirs"):
        governing.set_roles(kept.team, mara, [], hand_over_to=devi, by=factories.admin())

    kept.refresh_from_db()
    assert (kept.backup, kept.owner) == (None, mara)


def test_a_collection_holds_articles_of_its_own_team(plans, zoe):
    with pytest.raises(Invalid, match="A collection holds articles of its own team"):
        written(zoe.memberships.first().team, zoe, slug="x", collection=plans)


def test_a_collection_is_changed_by_who_made_it_and_by_stewards(plans, devi, jonas, zoe, mara):
    with pytest.raises(Denied):
        actions.edit_collection(plans, closed=False, by=devi)
    with pytest.raises(Invalid, match="zoe is not in fraud"):
        actions.edit_collection(plans, readers=[zoe], by=mara)
    with pytest.raises(Conflict):
        actions.add_collection(plans.team, slug="plans", title="Again", by=mara)

    assert actions.edit_collection(plans, title="Other", by=jonas).title == "Other"
    assert Event.objects.filter(action="collection.edit", outcome="done").count() == 1


def test_a_page_makes_changes_and_shows_a_collection(client, fraud, mara, devi):
    client.force_login(mara)

    made = client.post(
        "/collections/new/",
        {"team": "fraud", "slug": "guide", "title": "Guide", "closed": "on", "readers": "devi"},
    )
    nobody = client.post("/collections/fraud/guide/edit/", {"title": "Guide", "readers": "nobody"})
    client.force_login(devi)

    assert (made.status_code, nobody.status_code) == (302, 400)
    assert "There is nobody called nobody in fraud." in nobody.content.decode()
    assert "Guide" in client.get("/collections/").content.decode()


def test_names_tell_nothing_of_who_is_in_other_teams(plans, mara, zoe):
    answer = Caller(mara).patch("collections/fraud/plans", {"readers": ["zoe"]})

    assert (answer.status_code, answer.json()["detail"]) == (400, "There is nobody called zoe in fraud.")


def test_an_article_begins_with_a_template(client, fraud, mara):
    written(fraud, mara, slug="retro", text="What went well?", labels=["template"])
    client.force_login(mara)

    page = client.get("/articles/new/").content.decode()
    begun = client.get("/articles/new/?from=fraud/retro").content.decode()

    assert '<a href="?from=fraud/retro">Retro</a>' in page
    assert "What went well?" in begun


@pytest.mark.slow  # PostgreSQL looks for deadlocks once a second
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["labels", "collection", "into", "out of"])
def test_an_article_is_changed_while_its_collection_is_closed(what):
    """Whoever takes both takes the collection first: else each waits for the other."""
    team = factories.team("fraud")
    mara = factories.member(team, "data-scientist", username="mara")
    plans = actions.add_collection(team, slug="plans", title="Plans", by=mara)
    other = actions.add_collection(team, slug="other", title="Other", by=mara)
    article = written(team, mara, slug="kept", collection=other if what == "into" else plans)
    goes = {"labels": {}, "collection": {"collection": plans}, "into": {"collection": plans}}
    given = {"labels": ["psi"], **goes.get(what, {"collection": other})}
    changed = threading.Thread(target=elsewhere(lambda: actions.set_article(article, by=mara, **given)))

    with transaction.atomic():
        Collection.objects.select_for_update(of=("self",)).get(pk=plans.pk)
        changed.start()
        changed.join(0.5)
        actions.edit_collection(plans, closed=True, by=mara)
    changed.join(10)

    article.refresh_from_db()
    assert (article.labels, article.reach) == (["psi"], team.pk if what == "out of" else -plans.pk)


def elsewhere(work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run


def test_labels_of_what_is_closed_change_and_the_trail_does_not_say_them(kept, mara):
    actions.set_article(kept, labels=["psi"], by=mara)

    kept.refresh_from_db()
    event = Event.objects.filter(action="article.edit", subject=kept.label).latest("pk")
    assert (kept.labels, "labels" in event.after) == (["psi"], False)
