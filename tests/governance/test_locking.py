"""Who guesses too often has to wait, and the site administrator sees it and may lift it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test import Client

from governance import locking
from governance.errors import TooMany
from governance.models import Event, Notification, Tries, User
from tests import factories
from tests.governance.api.caller import Caller, rows
from tests.pages import queries, said, told

DOORS = pytest.mark.parametrize("door", ["page", "program"])
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    cache.clear()


@pytest.fixture
def mara() -> User:
    return factories.person("mara")


@pytest.fixture
def ada() -> User:
    return factories.person("ada", is_superuser=True)


def guess(name: str, times: int = 5) -> None:
    """Wrong tries, as the sign-in counts them."""
    for _ in range(times):
        locking.attempt(name)
        locking.was_wrong(name)


def sign_in(name: str = "mara", password: str = factories.PASSWORD):
    return Client().post("/account/login/", {"login": name, "password": password})


def page(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def lift(door: str, by: User) -> int:
    pk = Tries.objects.get(kind="name").pk
    if door == "page":
        return page(by).post(f"/locks/{pk}/lift").status_code
    return Caller(by).delete(f"locks/{pk}").status_code


# ------------------------------------------------------------------ counting


def test_a_right_password_forgets_the_wrong_ones(mara):
    sign_in(password="wrong")
    sign_in()

    assert list(Tries.objects.values_list("kind", "wrong")) == [("address", 1)]


def test_a_name_in_another_case_is_the_same_name(mara):
    guess("MARA")

    assert sign_in().status_code == 429


def test_a_name_that_nobody_has_is_locked_alike_and_not_kept(ada):
    guess("a password in the wrong field")

    answer = sign_in("a password in the wrong field")

    assert answer.status_code == 429
    assert "a password" not in str(Tries.objects.values())
    assert "a name that nobody has" in said(page(ada).get("/locks/"))


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "\u202emara", ""])
def test_whatever_is_typed_for_a_name_is_a_wrong_name(name):
    assert sign_in(name, "wrong").status_code == 200


def test_others_go_on(mara, ada):
    guess("mara")

    assert sign_in("ada").status_code == 302


def test_an_address_that_tries_many_names_is_locked(settings, ada):
    settings.SIGN_IN_TRIES = {"name": 5, "address": 3}
    for name in ("x", "y", "z"):
        sign_in(name, "wrong")

    answer = sign_in("ada")

    assert (answer.status_code, "from this address" in said(answer)) == (429, True)
    assert Event.objects.get(action="session.lock").after["what"] == "address"


def test_a_lock_ends_by_itself(mara):
    guess("mara")
    Tries.objects.update(last_at=F("last_at") - timedelta(minutes=16))

    assert sign_in().status_code == 302


def test_trying_on_does_not_make_it_longer(mara):
    guess("mara")
    before = Tries.objects.get(kind="name").until

    with pytest.raises(TooMany):
        locking.attempt("mara")

    assert Tries.objects.get(kind="name").until == before


def test_whose_name_it_is_is_told_and_the_trail_says_until_when(mara):
    guess("mara")

    event, tries = Event.objects.get(action="session.lock"), Tries.objects.get(kind="name")
    assert (event.subject, event.after) == ("users/mara", {"what": "name", "until": tries.until.isoformat()})
    assert Notification.objects.get(user=mara).kind == "account"


@pytest.mark.slow
def test_wrong_passwords_of_a_confirmation_count(mara):
    client = page(mara)
    for _ in range(5):
        client.post("/account/confirm/", {"password": "wrong"})

    answer = client.post("/account/confirm/", {"password": factories.PASSWORD})

    assert (answer.status_code, int(answer["Retry-After"]) > 890) == (429, True)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_five():
    looked_at = []

    def run() -> None:
        try:
            locking.attempt("mara")
            looked_at.append(1)
        except TooMany:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(looked_at) == 5


# ------------------------------------------------------------------ seen and lifted


def test_the_administrator_sees_whose_since_when_and_until_when(mara, ada):
    guess("mara")

    words = said(page(ada).get("/locks/"))
    [lock] = Caller(ada).get("locks/").json()["results"]

    assert "mara 5 just now just now in 14 min" in words
    assert (lock["username"], lock["wrong"], lock["kind"]) == ("mara", 5, "name")


def test_what_is_not_locked_does_not_stand_there(mara, ada):
    guess("mara", 4)

    assert rows(Caller(ada).get("locks/"), "id") == []
    assert "Nothing is locked" in said(page(ada).get("/locks/"))


@DOORS
def test_a_lock_is_lifted_on_the_record(mara, ada, door):
    guess("mara")

    lift(door, ada)

    event = Event.objects.get(action="lock.lift")
    assert sign_in().status_code == 302
    assert (event.actor, event.subject, event.before) == ("ada", "users/mara", {"whose": "mara", "wrong": 5})


@DOORS
def test_nobody_else_lifts_it(mara, door):
    zoe = factories.person("zoe")
    guess("mara")

    assert (lift(door, zoe), sign_in().status_code) == (404, 429)


def test_what_was_lifted_already_says_so(mara, ada):
    guess("mara")
    client, pk = page(ada), Tries.objects.get().pk
    first = client.post(f"/locks/{pk}/lift")

    assert told(first) == ["The lock of mara is lifted."]
    assert client.post(f"/locks/{pk}/lift").status_code == 404


def test_three_locks_cost_as_much_as_one(mara, ada):
    guess("mara")
    client = page(ada)
    with_one = queries(client, "/locks/")
    guess("x"), guess("ada")

    assert queries(client, "/locks/") == with_one
