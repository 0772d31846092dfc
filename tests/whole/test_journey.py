"""A model's way through the portal in a real browser with the real worker: pushed, blocked, waived, approved,
in production, rolled back, found again, on the record."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.browsing import CHROMIUM, SWITCHES
from tests.whole.stack import PASSWORD, Stack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
]
VERSION = "/models/fraud/iris-sorter/versions"
CHECKED = 30_000  # ms


class Ours:
    """A class that nobody but the team knows."""


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def open_as(browser, stack: Stack, people, complaints) -> Iterator[object]:
    contexts: list[BrowserContext] = []

    def sign_in(name: str) -> Page:
        context = browser.new_context(base_url=stack.url)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/account/login/")
        password(page, name)
        return page

    yield sign_in
    for context in contexts:
        context.close()


def password(page: Page, name: str) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code(secret: str, offset: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + offset))


def set_up_a_second_factor(page: Page) -> str:
    page.goto("/account/security/")
    page.get_by_role("link", name="An authenticator app").click()
    secret = page.locator(".snippet code").inner_text()
    page.get_by_role("textbox", name="Code").fill(code(secret, -1))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()
    return secret


def sign_in_again(page: Page, name: str, secret: str) -> None:
    page.context.clear_cookies()
    page.goto("/account/login/")
    password(page, name)
    page.get_by_role("textbox", name="Code").fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def begin(page: Page) -> None:
    page.goto("/models/new/")
    page.get_by_label("Name").fill("iris-sorter")
    page.get_by_label("Description").fill("Sorts **iris** flowers.")
    page.get_by_role("button", name="Make the model").click()


def push(page: Page, folder: Path) -> None:
    """Drop files onto the next draft and submit it."""
    page.goto("/models/fraud/iris-sorter/")
    page.get_by_role("link", name="New version").click()
    page.get_by_label("Metrics").fill("accuracy = 0.97")
    page.get_by_role("button", name="Begin the version").click()
    drop(page, folder)
    expect(page.locator("[data-total]")).to_contain_text("2 of 2 files")
    page.get_by_role("button", name="Submit version").click()


def drop(page: Page, folder: Path) -> None:
    box = page.locator("input[name=files]").bounding_box()
    assert box is not None
    line = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(place) for place in folder.iterdir()], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        about = {"type": kind, "x": box["x"] + 5, "y": box["y"] + 5, "data": data}
        line.send("Input.dispatchDragEvent", about)


def verdict(page: Page, words: str) -> None:
    """It comes without a reload."""
    expect(page.get_by_role("heading", name=words)).to_be_visible(timeout=CHECKED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "model"
    place.mkdir()
    (place / "model.pkl").write_bytes(pickle.dumps(Ours))
    (place / "README.md").write_text("# Iris\n\nSorts iris flowers.\n")
    return place


def waive(page: Page) -> None:
    page.goto(f"{VERSION}/1/")
    page.get_by_role("link", name="Waive it").first.click()
    page.get_by_label("Why can it be accepted?").fill("It is our own class.")
    page.get_by_label("Until the end of").fill((date.today() + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Waive it").click()
    expect(page.locator("#findings")).to_contain_text("waived until")


def release(number: int, asker: Page, approver: Page, operator: Page) -> None:
    """Three people bring a version into production."""
    asker.goto(f"{VERSION}/{number}/")
    asker.get_by_role("link", name="Ask for approval").first.click()
    asker.get_by_role("button", name="Ask").first.click()
    approver.goto("/approvals/")
    approver.locator("main").get_by_role("link", name=f"iris-sorter {number}").first.click()
    approver.get_by_role("button", name="Approve").click()
    expect(approver.get_by_role("heading", name="Approved by jonas")).to_be_visible()
    operator.goto(f"{VERSION}/{number}/")
    operator.get_by_role("link", name="Promote to production").first.click()
    operator.get_by_role("button", name="Promote to production").click()
    expect(operator.get_by_role("heading", name=f"Version {number} is production")).to_be_visible()


def roll_back(page: Page) -> None:
    page.goto(f"{VERSION}/1/")
    page.get_by_role("link", name="Roll back to 1").first.click()
    page.get_by_label("Reason").fill("It sorts worse.")
    page.get_by_role("button", name="Roll back to 1").click()
    expect(page.get_by_role("heading", name="Version 1 is production")).to_be_visible()


def find(page: Page, words: str) -> None:
    """By the palette, from wherever one is."""
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    expect(page.get_by_role("dialog").get_by_role("link", name=words).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


def test_from_a_push_to_production_and_back(open_as, folder, complaints):
    mara = open_as("mara")
    sign_in_again(mara, "mara", set_up_a_second_factor(mara))
    begin(mara)
    push(mara, folder)
    verdict(mara, "Version 1 may not become production")
    expect(mara.locator("#findings")).to_contain_text("test_journey.Ours")
    jonas, priya, rita, aud = (open_as(name) for name in ("jonas", "priya", "rita", "aud"))

    waive(jonas)
    release(1, mara, jonas, priya)
    (folder / "README.md").write_text("# Iris\n\nSorts iris flowers better.\n")
    push(mara, folder)
    verdict(mara, "Version 2 is ready")
    release(2, mara, jonas, priya)
    roll_back(priya)
    find(rita, "iris-sorter")
    aud.goto("/trail/?subject=models/fraud/iris-sorter")

    happened = aud.locator("main").inner_text()
    told = ["rolled", "promoted", "approved", "waived", "submitted"]
    assert [word for word in told if word not in happened] == []
    assert complaints == []
