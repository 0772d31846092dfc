"""Sign-ins, sign-outs and changed passwords are on the record, or they do not happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client

from governance.models import Event, User
from tests import factories
from tests.pages import said

pytestmark = pytest.mark.django_db

LOGIN, LOGOUT, PASSWORD = "/account/login/", "/account/logout/", "/account/password/"
NEW = "another horse battery 8"


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    """What counts wrong passwords outlives a test."""
    cache.clear()


@pytest.fixture
def mara() -> User:
    return factories.person("mara")


def sign_in(
    client: Client, name: str = "mara", password: str = factories.PASSWORD, **more: str
) -> HttpResponse:
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def change_password(client: Client) -> HttpResponse:
    return client.post(PASSWORD, {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW})


def is_signed_in(client: Client) -> bool:
    return client.get(PASSWORD).status_code == 200


def events() -> list[tuple[str, str, str, str, str]]:
    """What the trail has, the oldest first."""
    names = ("action", "outcome", "subject", "actor", "reason")
    return list(Event.objects.order_by("pk").values_list(*names))


# ------------------------------------------------------------------ on the record


def test_signing_in_is_on_the_record(client: Client, mara: User) -> None:
    sign_in(client, REMOTE_ADDR="192.0.2.7")

    assert events() == [("session.open", "done", "users/mara", "mara", "")]
    assert Event.objects.get().address == "192.0.2.7"


def test_signing_out_is_on_the_record(client: Client, mara: User) -> None:
    sign_in(client)

    client.post(LOGOUT)

    assert events()[1:] == [("session.close", "done", "users/mara", "mara", "")]


def test_nobody_who_signs_out_leaves_no_event(client: Client) -> None:
    client.post(LOGOUT)

    assert events() == []


def test_a_changed_password_is_on_the_record(client: Client, mara: User) -> None:
    sign_in(client)

    change_password(client)

    assert events()[1:] == [("password.change", "done", "users/mara", "mara", "")]
    assert is_signed_in(client)


def test_a_wrong_password_is_on_the_record_under_whose_name_it_was_tried(client: Client, mara: User) -> None:
    sign_in(client, "MARA", "wrong")

    assert events() == [("session.open", "refused", "users/mara", "mara", "Wrong name or password.")]


def test_a_name_that_nobody_has_is_not_noted(client: Client) -> None:
    sign_in(client, "correct horse battery 9", "wrong")

    assert events() == [("session.open", "refused", "users", "", "Wrong name or password.")]


def test_after_five_wrong_passwords_the_right_one_is_refused_on_the_record(
    client: Client, mara: User
) -> None:
    for _ in range(5):
        sign_in(client, password="wrong")

    answer = sign_in(client)

    assert (answer.status_code, 890 < int(answer["Retry-After"]) <= 900) == (429, True)
    assert "Too many wrong passwords for this name. Wait 15 minutes" in said(answer)
    assert events()[4:] == [
        ("session.open", "refused", "users/mara", "mara", "Wrong name or password."),
        ("session.lock", "done", "users/mara", "", ""),
        ("session.open", "refused", "users/mara", "mara", "Too many wrong passwords."),
    ]


@pytest.mark.slow
def test_no_event_holds_a_password(client: Client, mara: User) -> None:
    for _ in range(6):
        sign_in(client, password="a secret that is wrong")

    assert [event for event in Event.objects.values() if "a secret that is wrong" in str(event)] == []


# ------------------------------------------------------------------ from where


def limited(client: Client, name: str, forwarded: str) -> bool:
    """Whether this wrong password is not even looked at."""
    return sign_in(client, name, "wrong", HTTP_X_FORWARDED_FOR=forwarded).status_code == 429


@pytest.mark.parametrize(("behind", "shared"), [(True, False), (False, True)])
def test_behind_a_proxy_everybody_has_a_limit_of_their_own(
    client: Client, settings: object, behind: bool, shared: bool
) -> None:
    settings.BEHIND_PROXY, settings.SIGN_IN_TRIES = behind, {"name": 5, "address": 1}

    tries = [limited(client, "mara", "192.0.2.7"), limited(client, "jonas", "192.0.2.8")]

    assert tries == [False, shared]


def test_what_the_client_claims_about_its_address_does_not_lift_the_limit(
    client: Client, settings: object
) -> None:
    settings.BEHIND_PROXY, settings.SIGN_IN_TRIES = True, {"name": 5, "address": 1}

    tries = [limited(client, "mara", f"203.0.113.{claim}, 192.0.2.7") for claim in (1, 2)]

    assert tries == [False, True]


# ------------------------------------------------------------------ or not at all


@pytest.fixture
def close_trail(transactional_db: None) -> Iterator[Callable[[], None]]:
    """From the call on, and until the test ends, nothing can be recorded."""
    yield lambda: alter_trail("ADD CONSTRAINT no_more CHECK (false) NOT VALID")
    alter_trail("DROP CONSTRAINT IF EXISTS no_more")


def alter_trail(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE governance_event {how}")


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.slow
def test_a_password_whose_change_cannot_be_recorded_is_not_changed(
    close_trail: Callable[[], None], browser: Client, mara: User
) -> None:
    sign_in(browser)
    close_trail()

    answer = change_password(browser)

    mara.refresh_from_db()
    assert (answer.status_code, mara.check_password(NEW), mara.check_password(factories.PASSWORD)) == (
        500,
        False,
        True,
    )
    assert is_signed_in(browser)


def test_nobody_signs_in_who_cannot_be_recorded(
    close_trail: Callable[[], None], browser: Client, mara: User
) -> None:
    close_trail()

    answer = sign_in(browser)

    mara.refresh_from_db()
    assert (answer.status_code, is_signed_in(browser), mara.last_login) == (500, False, None)
    assert Session.objects.count() == 0


def test_nobody_signs_out_who_cannot_be_recorded(
    close_trail: Callable[[], None], browser: Client, mara: User
) -> None:
    sign_in(browser)
    close_trail()

    answer = browser.post(LOGOUT)

    assert (answer.status_code, is_signed_in(browser), Session.objects.count()) == (500, True, 1)


def test_a_wrong_password_that_cannot_be_recorded_is_not_answered(
    close_trail: Callable[[], None], browser: Client, mara: User
) -> None:
    close_trail()

    assert sign_in(browser, password="wrong").status_code == 500


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", [LOGIN, PASSWORD])
def test_a_session_that_cannot_be_stored_leaves_no_event(
    monkeypatch: pytest.MonkeyPatch, browser: Client, mara: User, address: str
) -> None:
    if address == PASSWORD:
        sign_in(browser)
    before = events()
    monkeypatch.setattr(SessionStore, "save", only_new(SessionStore.save))

    answer = sign_in(browser) if address == LOGIN else change_password(browser)

    mara.refresh_from_db()
    assert (answer.status_code, events(), mara.check_password(NEW)) == (503, before, False)


def only_new(save: Callable[..., None]) -> Callable[..., None]:
    """The database goes away after the row of a new session is there, still empty."""

    def saved(store: SessionStore, must_create: bool = False) -> None:
        if not must_create:
            raise OperationalError
        save(store, must_create)

    return saved
