"""How the server stands, and the word that its master key is copied: by page, API and command."""

from __future__ import annotations

import io
import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from governance import health
from governance.models import Event
from registry import keys
from registry.keeping.inspecting import Slice, inspect
from registry.keeping.progress import silent
from tests import factories
from tests.pages import queries, said, told

pytestmark = pytest.mark.django_db
REMINDER = "Nobody has said yet that a copy of the master key lies elsewhere."


@pytest.fixture
def admin():
    return factories.admin()


@pytest.fixture
def signed_in(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def by_page(client):
    return client.post("/system/key-copy")


def by_api(client):
    return client.post("/api/v1/system/key-copy", content_type="application/json")


def reminder() -> health.Health:
    return health.PARTS["master key copy"].look()


def test_readyz_reminds_until_somebody_says_so(client):
    part = client.get("/readyz").json()["parts"]["master key copy"]

    assert part == {"ok": False, "says": REMINDER}
    assert health.PARTS["master key copy"].needed is False


@pytest.mark.parametrize("door", [by_page, by_api])
def test_an_administrator_says_that_the_key_is_copied(admin, signed_in, door):
    answer = door(signed_in(admin))

    assert answer.status_code in (200, 302)
    event = Event.objects.get(action="key.copied")
    assert (event.subject, event.actor, event.after) == ("site/master-keys", admin.username, {"version": 1})
    assert reminder() == health.Health()


@pytest.mark.parametrize("door", [by_page, by_api])
def test_nobody_else_says_so(steward, signed_in, door):
    answer = door(signed_in(steward))

    assert answer.status_code == 403
    assert "Only the site administrator may do this." in answer.content.decode()
    assert Event.objects.get(action="key.copied").outcome == "refused"
    assert reminder().says == REMINDER


def test_a_rotation_asks_again(admin, signed_in):
    by_page(signed_in(admin))

    keys.add_version()

    assert reminder().says == REMINDER


def test_the_page_says_where_the_key_is_and_what_to_do(admin, signed_in):
    words = said(signed_in(admin).get("/system/"))

    assert f"It is in {settings.MASTER_KEYS_FILE}." in words
    assert "I have a copy of the master key elsewhere" in words
    assert "Backup never" in words


@pytest.mark.django_db(transaction=True)  # each part is asked by a thread with a connection of its own
def test_the_page_is_quiet_about_a_key_that_is_copied(admin, signed_in):
    client = signed_in(admin)

    assert told(by_page(client)) == ["It is on the record that a copy of the master key lies elsewhere."]
    words = said(client.get("/system/"))
    assert "A copy lies elsewhere, an administrator said." in words
    assert REMINDER not in words


def test_page_and_api_tell_the_last_look(admin, signed_in):
    inspect(Slice(), True, silent)
    client = signed_in(admin)

    body = client.get("/api/v1/system/").json()

    assert body["last_look"]["said"] == "0 files and 0 versions looked at: nothing is broken."
    assert (body["version"], body["key_copied"], body["last_backup"]) == (settings.VERSION, False, None)
    assert body["last_look"]["said"] in said(client.get("/system/"))


@pytest.mark.parametrize("address", ["/system/", "/api/v1/system/"])
def test_only_the_administrator_looks(author, signed_in, address):
    assert signed_in(author).get(address).status_code == 403


def test_nobody_is_sent_to_sign_in(client):
    assert client.get("/system/")["Location"] == "/account/login/?next=/system/"
    assert client.get("/api/v1/system/").status_code == 401


def test_many_looks_cost_as_much_as_one(admin, signed_in):
    client = signed_in(admin)
    inspect(Slice(), True, silent)
    with_one = queries(client, "/system/")
    for _ in range(2):
        inspect(Slice(), True, silent)

    assert queries(client, "/system/") == with_one


# ------------------------------------------------------------------ by command


def test_a_command_says_so_for_an_administrator(admin):
    out = io.StringIO()

    call_command("confirm_key_copy", admin.username, stdout=out)

    assert out.getvalue() == "It is on the record that a copy of the master key lies elsewhere.\n"
    assert Event.objects.get(action="key.copied").actor == admin.username


@pytest.mark.parametrize(
    ("name", "sentence"), [("nobody", "There is no user nobody."), ("mara", "Only the site")]
)
def test_a_command_for_somebody_else_is_refused(author, name, sentence):
    with pytest.raises(CommandError) as refused:
        call_command("confirm_key_copy", name)

    assert str(refused.value).startswith(sentence)


def test_the_key_itself_is_on_no_page(admin, signed_in):
    client = signed_in(admin)
    secret = json.loads(settings.MASTER_KEYS_FILE.read_text())["versions"]["1"]["key"]

    shown = client.get("/system/").content.decode() + client.get("/api/v1/system/").content.decode()

    assert secret not in shown
