"""The demo is loaded from the portal into an empty site, told how far it is, and put away again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from governance import audit
from governance.models import Event, Team, User
from kb import tasks
from kb.demo import guests, loading
from registry.models import Version
from tests import elsewhere, factories
from tests.pages import said, told

HERE = pytest.mark.django_db


@pytest.fixture
def admin(client):
    admin = factories.admin()
    client.force_login(admin)
    return admin


@pytest.fixture(autouse=True)
def no_password_stays():
    yield
    guests.forget_password()


@HERE
def test_an_administrator_is_offered_it(admin, client, monkeypatch, django_capture_on_commit_callbacks):
    offered = said(client.get("/"))
    with django_capture_on_commit_callbacks() as sent:
        answer = client.post("/demo/")
    waits = said(client.get("/"))
    monkeypatch.setattr(loading, "SOON", timedelta(0))
    cut_off = said(client.get("/"))

    assert "Look at a filled site first" in offered
    assert (answer["Location"], sent, told(answer)) == (
        "/", [tasks.send], ["The demo is being loaded. This page says how far it is."],
    )  # fmt: skip
    assert "Versions that were pushed 0 of 11" in waits
    assert ("Go on with it" in waits, "Go on with it" in cut_off) == (False, True)
    event = Event.objects.get(action="demo.load")
    assert (event.actor, event.subject, event.outcome) == (admin.username, "site/demo", "done")


@HERE
def test_while_somebody_loads_it_nobody_is_asked_to_go_on(admin, client, monkeypatch):
    monkeypatch.setattr(loading, "SOON", timedelta(0))
    client.post("/demo/")

    with elsewhere_loading():
        words = said(client.get("/"))

    assert ("0 of 11" in words, "Go on with it" in words) == (True, False)


class elsewhere_loading:
    """Another connection holds the lock."""

    def __enter__(self):
        self.other = connection.copy()
        self.other.cursor().execute("SELECT pg_advisory_lock(%s, %s)", [loading.SPACE, loading.KEY])

    def __exit__(self, *_):
        self.other.close()


@HERE
def test_a_site_that_is_in_use_is_not_offered_it_and_refuses(admin, client):
    factories.team("fraud")

    page, answer = said(client.get("/")), client.post("/demo/")

    assert "filled site" not in page
    assert (answer.status_code, User.objects.filter(username="mara").exists()) == (403, False)
    assert "This site is not empty" in said(answer)
    assert client.get("/demo/").status_code == 403


@HERE
def test_others_are_not_offered_it_and_refused(client):
    client.force_login(factories.person("rita"))

    assert "filled site" not in said(client.get("/"))
    assert [client.post("/demo/").status_code, client.post("/demo/away/").status_code] == [403, 403]


@HERE
def test_what_is_told_is_put_away_and_does_not_come_again(admin, client):
    team = factories.team("lab")
    for guest in guests.GUESTS:
        factories.member(team, guest.role, username=guest.name)
    audit.record("approval.request", guests.LAST, by=admin)
    client.get("/")
    shown = said(client.get("/"))

    answer = client.post("/demo/away/")

    assert "It is loaded. Sign in as mara, tomas, jonas, leila, priya" in shown
    assert told(answer) == ["The demo is put away."]
    assert Team.objects.get().archived_at is not None
    assert not User.objects.filter(username="mara", is_active=True).exists()
    client.get("/")
    assert "demo" not in said(client.get("/")).lower()
    assert client.post("/demo/away/").status_code == 404


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_worker_fills_the_site_in_and_twice_is_once(monkeypatch, settings):
    factories.admin()
    monkeypatch.setenv("DATABASE_URL", elsewhere.database())
    monkeypatch.setenv("STEWARD_BLOBS", settings.BLOBS)
    monkeypatch.setenv("STEWARD_MASTER_KEYS_FILE", str(settings.MASTER_KEYS_FILE))

    tasks.load_demo()
    events = Event.objects.count()
    tasks.load_demo()

    made = Version.objects.filter(artifact__team__slug=loading.TEAM, submitted_at__isnull=False).count()
    assert (loading.standing().state, loading.standing().done) == ("told", made)
    assert Event.objects.count() == events
