"""A lost password is set anew by a link that works once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from governance import actions, locking, mailing, resetting, tokens
from governance.errors import Conflict
from governance.models import Browser, Event, Mail, Notification, Tries, User
from tests import factories
from tests.governance.told import letters, text
from tests.pages import said

pytestmark = pytest.mark.django_db

NEW = "another horse battery 8"
TYPED = {"password": NEW, "again": NEW}


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    cache.clear()


def ask(client: Client, email: str = "mara@example.org"):
    return client.post("/account/reset/", {"email": email})


def link(mara: User) -> str:
    mara.refresh_from_db()
    return f"/account/reset/{resetting.key(mara)}/"


def test_the_link_is_mailed_and_sets_the_password(server, client, mara):
    ask(client)
    mailing.send_due()
    (letter,) = letters(server)
    address = re.search(r"https://steward\.example(/account/reset/\S+)", text(letter))[1]

    answer = client.post(address, TYPED)

    mara.refresh_from_db()
    assert letter["To"] == "mara@example.org"
    assert letter["Subject"] == "Somebody asked for a new password of mara. The link works once, for an hour."
    assert (answer.status_code, mara.check_password(NEW)) == (200, True)
    assert [event.action for event in Event.objects.order_by("pk")] == ["password.ask", "password.reset"]


def test_no_row_holds_a_link(mara, client):
    ask(client)

    assert "/account/" not in str(list(Mail.objects.values()))


@pytest.mark.parametrize("kind", ["unknown", "closed", "service", "twice"])
def test_the_answer_is_the_same_and_nothing_is_sent(client, team, mara, kind):
    known = said(ask(client))
    if kind == "closed":
        User.objects.filter(pk=mara.pk).update(is_active=False)
    Mail.objects.filter(user=mara).delete() if kind == "closed" else None
    email = {"unknown": "zoe@example.org", "service": "ci@example.org"}.get(kind, "mara@example.org")
    if kind == "service":
        User.objects.create(username="ci", email=email, team=team, answered_by=mara, password="!")
    before = Mail.objects.count()

    answer = said(ask(client, email))

    assert answer == known.replace("mara@example.org", email)
    assert Mail.objects.count() == before


def test_a_used_link_works_no_more(client, mara):
    address = link(mara)
    client.post(address, TYPED)

    answer = client.post(address, TYPED)

    assert answer.status_code == 409
    assert "This link was used already, or is more than an hour old. Ask for a new one." in said(answer)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["old", "closed", "forged", "other", "nonsense", "signed in since"])
def test_a_link_that_does_not_work_says_so(client, mara, how, settings):
    address = link(mara)
    if how == "old":
        settings.PASSWORD_RESET_TIMEOUT = -1
    if how == "closed":
        User.objects.filter(pk=mara.pk).update(is_active=False)
    if how == "signed in since":
        User.objects.filter(pk=mara.pk).update(last_login=timezone.now() + timedelta(seconds=1))
    if how == "other":
        other = factories.person()
        address = link(other).replace(
            resetting.key(other).split("-")[0], resetting.key(mara).split("-")[0], 1
        )
    address = {"forged": address[:-3] + "xx/", "nonsense": "/account/reset/../x/"}.get(how, address)

    answer = client.post(address, TYPED)

    mara.refresh_from_db()
    assert (answer.status_code in {404, 409}, mara.check_password(factories.PASSWORD)) == (True, True)


def test_of_two_at_once_one_is_taken(mara):
    key = resetting.key(mara)
    actions.reset_password(mara, key=key, password=NEW, by=mara)

    with pytest.raises(Conflict):
        actions.reset_password(mara, key=key, password="yet another horse 7", by=mara)

    mara.refresh_from_db()
    assert mara.check_password(NEW)


def test_sessions_end_tokens_stay_and_one_is_told(client, mara):
    other = Client()
    other.force_login(mara)
    _, token = actions.add_token(mara, name="ci", by=mara)

    client.post(link(mara), TYPED)

    assert (other.get("/account/").status_code, Browser.objects.count()) == (302, 0)
    assert tokens.recognise(token) is not None
    assert Notification.objects.get(user=mara, kind="account").sentence.endswith("Tokens of programs stay.")


def test_a_lock_by_wrong_passwords_is_lifted(client, mara):
    for _ in range(5):
        locking.attempt("mara")

    client.post(link(mara), TYPED)

    assert Tries.objects.filter(kind="name").count() == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"again": "something else 12"}, "These are two different passwords."),
        ({"password": "short", "again": "short"}, "Use at least 12 characters: these are 5."),
        ({"password": ""}, "This field is required."),
    ],
)
def test_a_bad_password_says_so_and_the_link_still_works(client, mara, typed, sentence):
    address = link(mara)

    answer = client.post(address, {**TYPED, **typed})

    assert (answer.status_code, sentence in said(answer)) == (400, True)
    assert client.get(address).status_code == 200


def test_asking_too_often_has_to_wait(client, mara):
    answers = [ask(client).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]
