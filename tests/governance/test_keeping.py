"""Nothing typed is lost with a session, nor when one has to say again who one is."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from governance import browsers, keeping
from governance.models import Event, Team, Token, User
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said

pytestmark = pytest.mark.django_db

LOGIN, CONFIRM = "/account/login/", "/account/confirm/"
TYPED = {"slug": "pricing", "name": "Pricing & <b>more</b> 🦊"}
TOKEN = {"name": "nightly", "days": "30", "team": "*"}
ASK = f"{CONFIRM}?next=/account/tokens/"


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    cache.clear()


@pytest.fixture
def ada() -> User:
    return factories.person("ada", is_superuser=True)


@pytest.fixture
def client(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    client.get("/teams/")
    return client


def lose_session() -> None:
    Session.objects.all().delete()


def age(client: Client) -> None:
    """The sign-in was an hour ago."""
    session = client.session
    session[browsers.CONFIRMED] -= 3600
    session.save()


def sign_in(client: Client, answer, name: str = "ada"):
    """Go where one is sent, and sign in there."""
    return client.post(answer["Location"], {"login": name, "password": factories.PASSWORD})


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


# ------------------------------------------------------------------ a lost session


def test_what_was_typed_is_there_again_after_signing_in(client):
    lose_session()

    sent = client.post("/new/team/", TYPED)
    entrance = page(client, sent["Location"])
    signed = client.post(LOGIN, {"login": "ada", "password": factories.PASSWORD, "next": "/new/team/"})
    shown = page(client, signed["Location"])

    assert (sent["Location"], signed["Location"]) == (f"{LOGIN}?next=/new/team/", "/new/team/")
    assert "What you typed is kept" in entrance
    assert 'value="pricing"' in shown
    assert "Pricing &amp; &lt;b&gt;more&lt;/b&gt; 🦊" in shown
    assert (keeping.BACK in shown, Team.objects.count()) == (True, 0)


def test_it_comes_back_once(client):
    lose_session()
    sign_in(client, client.post("/new/team/", TYPED))
    page(client, "/new/team/")

    assert "pricing" not in page(client, "/new/team/")


def test_a_form_of_another_app_with_lists_and_choices_comes_back(ada):
    team = factories.team("fraud")
    mara = factories.member(team, "steward", username="mara")
    client = Client()
    client.force_login(mara)
    client.get("/teams/")
    lose_session()
    typed = {"username": "jonas", "roles": ["auditor", "reader"]}

    sign_in(client, client.post("/teams/fraud/members/", typed), "mara")
    shown = page(client, "/teams/fraud/members/")

    assert 'value="jonas"' in shown
    assert [
        role for role in ("auditor", "reader", "steward") if f'value="{role}" checked' in one_line(shown)
    ] == [
        "auditor",
        "reader",
    ]


def one_line(text: str) -> str:
    """Tags with their attributes in the order value, checked."""
    found = []
    for tag in re.findall(r"<input[^>]*>", text):
        value = re.search(r'value="([^"]*)"', tag)
        found.append(f'value="{value[1] if value else ""}"{" checked" if " checked" in tag else ""}')
    return "\n".join(found)


def test_a_model_that_was_being_made_comes_back():
    mara = factories.member(factories.team("fraud"), "data-scientist", username="mara")
    client = Client()
    client.force_login(mara)
    client.get("/teams/")
    lose_session()
    typed = {"team": "fraud", "name": "scorer", "description": "A long\ndescription.", "tags": "risk"}

    sign_in(client, client.post("/models/new/", typed), "mara")
    shown = page(client, "/models/new/")

    assert 'value="scorer"' in shown
    assert "A long\ndescription." in shown


def test_somebody_else_who_signs_in_here_does_not_see_it(client):
    factories.person("eve", is_superuser=True)
    lose_session()

    sign_in(client, client.post("/new/team/", TYPED), "eve")

    assert "pricing" not in page(client, "/new/team/")


def test_passwords_are_not_kept(client):
    lose_session()
    secret = "a long enough one 7"

    client.post("/new/user/", {"username": "noor", "password": secret, "email": "n@example.org"})

    held = keeping.unsealed(client.session[keeping.KEPT])
    assert held["fields"] == [["username", "noor"], ["email", "n@example.org"]]
    assert "noor" not in json.dumps(dict(client.session))


def test_a_stranger_leaves_nothing_behind():
    client = Client()

    answer = client.post("/new/team/", TYPED)

    assert (answer["Location"], Session.objects.count()) == (f"{LOGIN}?next=/new/team/", 0)


def test_what_is_too_long_is_not_kept(client):
    lose_session()

    client.post("/new/team/", {"slug": "x" * keeping.MOST})

    assert keeping.KEPT not in client.session


def test_one_comes_back_to_the_page_of_the_form(client):
    lose_session()

    answer = client.post(
        "/inbox/read", {"until": "1"}, headers={"referer": "http://testserver/inbox/?show=all"}
    )

    assert answer["Location"] == f"{LOGIN}?next=/inbox/%3Fshow%3Dall"


@pytest.mark.parametrize(
    "referer", ["https://elsewhere.example/", "javascript:alert(1)", "//elsewhere.example"]
)
def test_one_is_not_led_elsewhere(client, referer):
    lose_session()

    answer = client.post("/new/team/", TYPED, headers={"referer": referer})

    assert answer["Location"] == f"{LOGIN}?next=/new/team/"


def test_a_part_of_a_page_leads_the_whole_page_to_sign_in(client):
    lose_session()

    answer = client.post("/inbox/read", {"until": "1"}, headers={"hx-request": "true"})

    assert answer["HX-Redirect"] == f"{LOGIN}?next=/inbox/read"


# ------------------------------------------------------------------ a form of before


@pytest.mark.parametrize(
    ("origin", "status"), [("http://testserver", 302), ("https://evil.example", 403), ("", 403)]
)
def test_a_form_of_an_earlier_sign_in_comes_back_only_from_here(ada, origin, status):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    headers = {"origin": origin} if origin else {}

    answer = client.post("/new/team/", {**TYPED, "csrfmiddlewaretoken": "x" * 64}, headers=headers)

    assert answer.status_code == status
    assert ('value="pricing"' in page(client, "/new/team/")) == (status == 302)
    assert Team.objects.count() == 0


# ------------------------------------------------------------------ is it you?


def test_an_old_sign_in_is_confirmed_before_a_token_and_the_form_comes_back(client):
    age(client)

    sent = client.post("/account/tokens/", TOKEN)
    confirmed = client.post(sent["Location"], {"password": factories.PASSWORD})
    shown = page(client, confirmed["Location"])
    client.post("/account/tokens/", TOKEN)

    assert (sent["Location"], confirmed["Location"]) == (ASK, "/account/tokens/")
    assert 'value="nightly"' in shown
    assert Token.objects.get().name == "nightly"


def test_a_wrong_password_confirms_nothing_and_is_on_the_record(client):
    age(client)

    answer = client.post(ASK, {"password": "wrong"})
    again = client.post("/account/tokens/", TOKEN)

    event = Event.objects.get(action="session.confirm")
    assert (answer.status_code, "This is not your password." in said(answer)) == (403, True)
    assert (event.outcome, event.actor, again["Location"]) == ("refused", "ada", ASK)
    assert Token.objects.count() == 0


@pytest.mark.parametrize("address", ["/users/mara/deactivate"])
def test_a_page_asks_before_one_types(client, address):
    factories.person("mara")
    age(client)

    answer = client.get(address, headers={"referer": "http://testserver/users/"})

    assert answer["Location"] == f"{CONFIRM}?next={address}"


def test_a_program_with_an_old_session_is_told_where_to_confirm(client):
    age(client)

    answer = client.post("/api/v1/tokens/", {"name": "new"}, content_type="application/json")

    problem = answer.json()
    assert (answer.status_code, problem["objections"][0]["link"]) == (403, CONFIRM)
    assert problem["detail"] == "You signed in some time ago. Confirm that it is you, then do this again."
    assert Token.objects.count() == 0


def test_a_token_is_never_too_old(ada):
    assert Caller(ada).post("tokens/", {"name": "new"}).status_code == 201


def test_who_may_not_is_refused_and_not_asked(client):
    mara = factories.person("mara")
    client.force_login(mara)
    age(client)

    assert client.get("/users/ada/deactivate").status_code == 404


def test_one_is_not_led_elsewhere_after_confirming(client):
    answer = client.post(f"{CONFIRM}?next=https://elsewhere.example/", {"password": factories.PASSWORD})

    assert answer["Location"] == "/"
