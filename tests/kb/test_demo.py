"""The demo: made by real actions with checks in the real sandbox, once, also after it was cut off."""

from __future__ import annotations

import stat

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from governance.models import Approval, Event, Team, User
from kb.demo import guests, story
from registry.models import Alias, Artifact, Link, Move, Version
from tests import factories
from tests.pages import said

pytestmark = pytest.mark.django_db

GUESTS = ["jonas", "leila", "mara", "priya", "tomas"]


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """Where the password of the demo lies."""
    (tmp_path / "keys").mkdir()
    monkeypatch.setattr(settings, "STEWARD_HOME", tmp_path)


@pytest.fixture
def admin():
    return factories.admin()


def states():
    versions = Version.objects.with_state().select_related("artifact").order_by("artifact__name", "number")
    return {str(version): version.state for version in versions}


@pytest.mark.slow
def test_the_demo_is_made_once_and_goes_on_where_it_was_cut_off(admin, capsys, client, monkeypatch):
    monkeypatch.setattr(story, "back", cut_off := CutOff())
    with pytest.raises(KeyboardInterrupt):
        call_command("demo")
    monkeypatch.setattr(story, "back", cut_off.real)

    call_command("demo")
    events = Event.objects.count()
    call_command("demo")

    assert Event.objects.count() == events
    assert states() == {
        "breast-cancer 1": "ready",
        "breast-cancer-hold-out 1": "ready",
        "digit-reader 1": "ready",
        "digit-reader 2": "blocked",
        "digits 1": "ready",
        "digits-from-a-forum 1": "blocked",
        "tumour-classifier 1": "ready",
        "tumour-classifier 2": "ready",
        "tumour-classifier 3": "ready",
        "wine 1": "ready",
        "wine-classifier 1": "ready",
    }
    assert sorted(User.objects.filter(created_by=admin).values_list("username", flat=True)) == GUESTS
    assert [*Team.objects.values_list("slug", flat=True)] == ["lab"]
    check_what_was_decided()
    check_findings()
    check_pages_of_the_demo(client)
    assert f"the password of each is {guests.password()}" in capsys.readouterr().out


class CutOff:
    """Ends the first run before the rollback."""

    def __init__(self):
        self.real = story.back

    def __call__(self, *args, **options):
        raise KeyboardInterrupt


def check_what_was_decided():
    moves = Move.objects.filter(artifact__name="tumour-classifier", alias="production").order_by("pk")
    assert [(move.version.number, move.rollback) for move in moves] == [(1, False), (2, False), (1, True)]
    waiting = Approval.objects.open().get()
    assert (waiting.subject, waiting.requested_by.username) == (guests.LAST, "mara")
    production = Alias.objects.filter(name="production").order_by("artifact__name")
    assert [str(alias.version) for alias in production] == ["tumour-classifier 1", "wine-classifier 1"]
    assert Link.objects.filter(relation="trained-on").count() == 7
    assert not Event.objects.exclude(outcome="done").exists()


def check_findings():
    blocked = Version.objects.filter(findings__severity__gte=3).distinct().order_by("artifact__name")
    assert [[str(version), *names(version)] for version in blocked] == [
        ["digit-reader 2", "kb.demo.models.Thresholded"],
        ["digits-from-a-forum 1", "posix.system"],
    ]


def names(version):
    return version.findings.blocking().values_list("name", flat=True)


def check_pages_of_the_demo(client):
    entrance = said(client.get("/account/login/"))
    assert f"The password of each is {guests.password()}" in entrance
    assert [name for name in GUESTS if name not in entrance] == []
    for guest in guests.GUESTS:
        assert client.login(username=guest.name, password=guests.password())
        page = said(client.get("/"))
        for thing in guest.tries:
            assert thing.what in page
            assert client.get(thing.href).status_code == 200


def test_every_dataset_and_model_has_a_card():
    cards = sorted(path.stem for path in story.CARDS.iterdir())

    assert cards == [
        "breast-cancer",
        "breast-cancer-hold-out",
        "digit-reader",
        "digits",
        "digits-from-a-forum",
        "tumour-classifier",
        "wine",
        "wine-classifier",
    ]


def test_production_takes_no_demo(admin, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="A production server takes no demo"):
        call_command("demo")

    assert not Artifact.objects.exists()
    assert not guests.password_file().exists()


# ------------------------------------------------------------------ the password


def test_the_password_is_made_up_once_and_only_its_owner_reads_it():
    first = guests.make_password()

    assert guests.make_password() == first
    assert stat.S_IMODE(guests.password_file().stat().st_mode) == 0o600


def test_without_a_demo_the_sign_in_page_says_nothing_of_one(client):
    assert "demo" not in said(client.get("/account/login/")).lower()


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", ""])
def test_who_sits_elsewhere_is_not_told_the_password(client, address):
    password = guests.make_password()

    assert password not in client.get("/account/login/", REMOTE_ADDR=address).content.decode()


def test_behind_a_proxy_nobody_is_told_the_password(client, settings):
    settings.BEHIND_PROXY = True
    password = guests.make_password()

    assert password not in client.get("/account/login/").content.decode()


def test_production_shows_no_password(client, settings):
    password = guests.make_password()
    settings.PRODUCTION = True

    assert password not in client.get("/account/login/").content.decode()
