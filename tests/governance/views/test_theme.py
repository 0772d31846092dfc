"""The theme: a cookie, and back to where it was chosen."""

from __future__ import annotations

import pytest

from tests.pages import said

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("theme", ["light", "dark", "contrast", "system"])
def test_a_theme_is_kept_in_a_cookie(author, signed_in, theme):
    answer = signed_in(author).post("/theme", {"theme": theme, "next": "/teams/?cursor=x"})

    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == (theme, "Lax", True)
    assert answer["Location"] == "/teams/?cursor=x"


def test_the_page_wears_the_theme(author, signed_in):
    client = signed_in(author)
    client.post("/theme", {"theme": "dark"})

    assert '<html lang="en" data-theme="dark">' in client.get("/teams/").content.decode()


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "", "/\\elsewhere.example"],
)
def test_one_is_not_led_elsewhere(author, signed_in, address):
    answer = signed_in(author).post("/theme", {"theme": "dark", "next": address})

    assert answer["Location"] == "/"


def test_an_unknown_theme_is_not_understood(author, signed_in):
    answer = signed_in(author).post("/theme", {"theme": "pink\r\nSet-Cookie: a=b"})

    assert answer.status_code == 400
    assert "A theme is one of light, dark, contrast or system." in said(answer)
    assert "theme" not in answer.cookies


def test_the_cookie_stays_on_tls_in_production(author, signed_in, settings):
    settings.SESSION_COOKIE_SECURE = True

    answer = signed_in(author).post("/theme", {"theme": "dark"}, secure=True)

    assert answer.cookies["theme"]["secure"] is True


def test_looking_at_the_address_leads_home(author, signed_in):
    assert signed_in(author).get("/theme")["Location"] == "/"


def test_nobody_is_sent_to_sign_in(client):
    assert client.post("/theme", {"theme": "dark"})["Location"] == "/account/login/?next=/theme"
