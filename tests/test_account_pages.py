"""Signing in and out, and pages that say no: our look around allauth's forms."""

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from governance.middleware import unforeseen
from governance.models import Event
from governance.origin import Origin, origin
from tests import factories

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def test_signing_in_leads_home(client):
    person = factories.person()

    answer = client.post("/account/login/", {"login": person.username, "password": factories.PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_wrong_password_is_told_at_once(client):
    person = factories.person()

    answer = client.post("/account/login/", {"login": person.username, "password": "wrong"})

    assert 'class="notice" data-state="blocked" role="alert"' in text(answer)
    assert "User name or password is wrong." in text(answer)


def test_whoever_is_not_signed_in_sees_no_navigation(client):
    assert 'class="side"' not in text(client.get("/account/login/"))


def test_an_address_that_is_not_there_keeps_the_navigation(client):
    client.force_login(factories.person())

    answer = client.get("/nowhere/")

    assert (answer.status_code, 'class="side"' in text(answer)) == (404, True)


def test_an_address_that_is_not_there_tells_a_stranger_nothing_else(client):
    answer = client.get("/nowhere/")

    assert (answer.status_code, 'class="side"' in text(answer)) == (404, False)


def test_an_address_that_is_not_there_while_the_database_is_away_says_which_of_the_two(client):
    client.force_login(factories.person())

    def away(*_):
        raise OperationalError("connection to 10.1.2.3 failed")

    with connection.execute_wrapper(away):
        answer = client.get("/nowhere/")

    assert answer.status_code == 503
    assert "The database is away. Nothing was changed; try again in a moment." in text(answer)
    assert client.get("/nowhere/").status_code == 404


@pytest.mark.parametrize("address", ["/account/logout/", "/account/password/"])
def test_a_dialog_names_its_act_and_says_what_its_buttons_do(client, address):
    client.force_login(factories.person())

    page = text(client.get(address))

    assert (page.count('class="dialog"'), page.count('class="button primary"')) == (1, 1)


def test_a_wrong_old_password_is_on_the_record(client):
    person = factories.person()
    client.force_login(person)
    new = "another horse battery 8"

    answer = client.post("/account/password/", {"oldpassword": "wrong", "password1": new, "password2": new})

    event = Event.objects.get(action="password.change")
    assert (event.outcome, event.subject, event.actor) == ("refused", person.label, person.username)
    assert (event.reason, answer.status_code) == ("Wrong old password.", 200)
    assert person.check_password(factories.PASSWORD)


def test_the_password_is_changed_and_one_stays_signed_in(client):
    person = factories.person()
    client.force_login(person)
    new = "another horse battery 8"

    client.post("/account/password/", {"oldpassword": factories.PASSWORD, "password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(new)
    assert client.get("/account/password/").status_code == 200


def test_a_weak_password_is_refused_with_its_reason(client):
    client.force_login(factories.person())

    answer = client.post(
        "/account/password/",
        {"oldpassword": factories.PASSWORD, "password1": "12345678", "password2": "12345678"},
    )

    assert 'aria-invalid="true"' in text(answer)


def test_a_failure_names_the_request_as_the_log_does():
    mark = origin.set(Origin(request_id="what-the-log-says"))

    answer = unforeseen(RequestFactory().get("/models/"))

    origin.reset(mark)
    assert (answer.status_code, "<code>what-the-log-says</code>" in text(answer)) == (500, True)
