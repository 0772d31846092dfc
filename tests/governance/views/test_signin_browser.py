"""Signing in with a second factor, and by a passkey alone, in a real browser."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from governance import factors
from governance.models import Event
from tests import browsing, factories
from tests.browsing import browser, complaints, visit

__all__ = ["browser", "complaints", "visit"]

pytestmark = [pytest.mark.slow, *browsing.MARKS]


def code(secret: str, offset: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // factors.PERIOD + offset))


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def password(page: Page, name: str) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def with_authenticator(page: Page) -> None:
    """The browser has a key of its own, which always finds its finger there."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_app_or_a_recovery_code_as_second_step(visit, complaints, live_server, scripts):
    page = visit(factories.person("mara"), java_script_enabled=scripts)
    page.goto("/account/security/")
    page.get_by_role("link", name="An authenticator app").click()
    heading(page, "Set up an authenticator app")
    secret = page.locator(".snippet code").inner_text()
    page.get_by_role("textbox", name="Code").fill(code(secret, -1))
    page.get_by_role("button", name="Set it up").click()

    heading(page, "Recovery codes")
    first = page.locator(".codes code").first.inner_text()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download them").click()
    assert first in saved.value.path().read_text()
    page.context.clear_cookies()
    page.goto("/account/login/?next=/teams/")
    password(page, "mara")
    heading(page, "Second step")
    page.get_by_role("textbox", name="Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text(factors.WRONG)).to_be_visible()
    page.get_by_role("textbox", name="Code").fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_server.url}/teams/")
    page.context.clear_cookies()
    page.goto("/account/login/")
    password(page, "mara")
    page.get_by_role("textbox", name="Code").fill(first)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_server.url}/")

    assert [said for said in complaints if "403" not in said] == []


def test_a_passkey_as_second_step_and_alone(visit, complaints, live_server):
    page = visit(factories.person("mara"))
    with_authenticator(page)
    page.goto("/account/security/")
    page.get_by_role("link", name="A passkey").click()
    page.get_by_label("Name").fill("laptop")
    page.get_by_role("button", name="Set it up").click()
    heading(page, "Recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("row", name="laptop")).to_be_visible()

    sign_out(page)
    password(page, "mara")
    heading(page, "Second step")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{live_server.url}/")

    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{live_server.url}/")
    page.goto("/account/confirm/?next=/account/security/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("row", name="laptop")).to_be_visible()

    assert complaints == []
    opened = Event.objects.filter(action="session.open", outcome="done")
    assert [event.actor for event in opened] == ["mara"] * 3
    assert Event.objects.filter(action="session.confirm", outcome="done").count() == 1
