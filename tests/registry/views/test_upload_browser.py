"""Uploading in a real browser: chosen and dropped, cut in the middle, paused, gone on with after a reload."""

from __future__ import annotations

import hashlib
import io
import random
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry import actions
from registry.models import File, Upload, Version
from registry.receiving import receive
from tests import browsing, factories
from tests.browsing import browser, complaints, visit
from tests.registry.client.lines import line_to

__all__ = ["browser", "complaints", "visit"]

pytestmark = [*browsing.MARKS, pytest.mark.slow]

LARGE = random.Random(7).randbytes(6_000_000)
SLOW = 1_500_000  # bytes a second


@pytest.fixture
def draft(artifact, author) -> Version:
    return actions.add_version(artifact, by=author)


@pytest.fixture
def at_draft(draft, author, visit):
    def go(**options) -> Page:
        page = visit(author, **options)
        page.goto(f"/{draft.label}/")
        return page

    return go


@pytest.fixture
def large(tmp_path: Path) -> Path:
    place = tmp_path / "model.bin"
    place.write_bytes(LARGE)
    return place


def slow(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    about = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOW}
    line.send("Network.emulateNetworkConditions", about)


def choose(page: Page, *places: Path) -> None:
    page.locator("input[name=files]").set_input_files(places)
    page.get_by_role("button", name="Upload", exact=True).click()


def under_way(page: Page) -> None:
    """Wait until some of the large file has left the browser."""
    until = time.monotonic() + 20
    while page.locator("#sending li progress").evaluate("bar => bar.value") <= 1_000_000:
        assert time.monotonic() < until, "nothing is sent"
        page.wait_for_timeout(50)


def stored() -> dict[str, str]:
    return {file.path: file.sha256 for file in File.objects.select_related("blob")}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_what_is_chosen_is_sent_but_not_what_is_held(at_draft, artifact, author, tmp_path, complaints):
    factories.draft(artifact, author, {"held.txt": b"held already"})
    folder = tmp_path / "data"
    (folder / "train").mkdir(parents=True)
    (folder / "train" / "a.csv").write_bytes(b"1,2\n")
    (folder / "empty").write_bytes(b"")
    (tmp_path / "again.txt").write_bytes(b"held already")
    page = at_draft()

    page.get_by_label("A whole folder").set_input_files(folder)
    expect(page.locator("[data-total]")).to_contain_text("2 of 2 files")
    choose(page, tmp_path / "again.txt")

    expect(page.locator("[data-total]")).to_contain_text("3 of 3 files")
    expect(page.locator("#sending li", has_text="again.txt")).to_contain_text("Was here already, not sent")
    expect(page.locator("#files")).to_contain_text("again.txt")  # without a reload
    there = {path: digest for path, digest in stored().items() if path != "held.txt"}
    assert there == {
        "data/train/a.csv": sha256(b"1,2\n"),
        "data/empty": sha256(b""),
        "again.txt": sha256(b"held already"),
    }
    assert complaints == []


def test_what_is_large_and_held_stops_being_sent(at_draft, artifact, author, draft, tmp_path, complaints):
    content = LARGE * 12
    factories.draft(artifact, author, {"held.bin": content})
    place = tmp_path / "again.bin"
    place.write_bytes(content)
    page = at_draft()
    slow(page)

    choose(page, place)

    line = page.locator("#sending li", has_text="again.bin")
    expect(line).to_contain_text("Was here already, not sent", timeout=20_000)
    kept = File.objects.select_related("blob").get(version=draft)
    assert (kept.path, kept.sha256, complaints) == ("again.bin", sha256(content), [])
    page.reload()
    expect(page.get_by_text("Sent in part")).to_have_count(0)


def test_a_folder_is_dropped(at_draft, tmp_path, complaints):
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "deep" / "a.csv").write_bytes(b"1,2\n")
    (tmp_path / "one.txt").write_bytes(b"one")
    page = at_draft()
    box = page.locator("input[name=files]").bounding_box()
    line = page.context.new_cdp_session(page)
    data = {
        "items": [],
        "files": [str(tmp_path / "data"), str(tmp_path / "one.txt")],
        "dragOperationsMask": 1,
    }

    for kind in ("dragEnter", "dragOver", "drop"):
        about = {"type": kind, "x": box["x"] + 5, "y": box["y"] + 5, "data": data}
        line.send("Input.dispatchDragEvent", about)

    expect(page.locator("[data-total]")).to_contain_text("2 of 2 files")
    assert (set(stored()), complaints) == ({"data/deep/a.csv", "one.txt"}, [])


def test_a_line_that_breaks_in_the_middle_is_gone_on_with(at_draft, draft, large, live_server):
    page = at_draft()
    with line_to(int(live_server.url.rpartition(":")[2])) as line:
        page.goto(f"http://localhost:{line.port}/{draft.label}/")
        slow(page)
        choose(page, large)
        under_way(page)

        line.take_down()
        expect(page.locator("#sending li")).to_contain_text("No connection. It goes on by itself.")
        expect(page.locator("[data-total]")).to_contain_text("no connection")
        page.wait_for_timeout(500)  # the server notices
        came = Upload.objects.get().received
        line.down = False

        expect(page.locator("[data-total]")).to_contain_text("1 of 1 files", timeout=30_000)
    assert 0 < came < len(LARGE)
    assert stored() == {"model.bin": sha256(LARGE)}


def test_it_pauses_and_goes_on_after_a_reload(at_draft, large):
    page = at_draft()
    slow(page)
    choose(page, large)
    under_way(page)
    expect(page.locator("[data-total]")).to_contain_text(re.compile(r"of 6.0 MB, [\d.]+ MB/s, \d+ s left"))

    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-total]")).to_contain_text("paused")
    page.wait_for_timeout(500)
    came = Upload.objects.get().received
    page.reload()
    expect(page.locator("#in-part")).to_contain_text("model.bin")
    choose(page, large)

    expect(page.locator("[data-total]")).to_contain_text("1 of 1 files", timeout=20_000)
    expect(page.locator("#in-part")).to_have_text("")
    assert 0 < came < len(LARGE)
    assert (stored(), Upload.objects.count()) == ({"model.bin": sha256(LARGE)}, 1)


def test_the_browser_asks_before_a_page_is_left_that_sends(at_draft, draft, large):
    page = at_draft()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    slow(page)
    choose(page, large)
    under_way(page)

    page.get_by_role("link", name="Home", exact=True).click()

    assert (asked, page.url.endswith(f"/{draft.label}/")) == (["beforeunload"], True)


def test_who_was_signed_out_signs_in_elsewhere_and_goes_on(at_draft, author, tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"words")
    page = at_draft()
    page.context.clear_cookies(name="sessionid")
    choose(page, tmp_path / "notes.txt")
    expect(page.locator("#sending li[data-state=refused]")).to_contain_text(
        "You are signed out: sign in again"
    )

    browsing.sign_in(page.context.new_page(), author)
    page.get_by_role("button", name="Resume").click()

    expect(page.locator("[data-total]")).to_contain_text("1 of 1 files")
    assert stored() == {"notes.txt": sha256(b"words")}


def test_a_refusal_stands_at_its_file(at_draft, draft, author, tmp_path):
    receive(draft, "Notes.txt", io.BytesIO(b"first"), 5, by=author)
    (tmp_path / "notes.txt").write_bytes(b"second")
    (tmp_path / "other.txt").write_bytes(b"other")
    page = at_draft()

    choose(page, tmp_path / "notes.txt", tmp_path / "other.txt")

    refused = page.locator("#sending li[data-state=refused]")
    expect(refused).to_contain_text("There is already a file Notes.txt, which differs only in case.")
    expect(page.locator("#sending li[data-state=done]")).to_contain_text("other.txt")


def test_the_plain_form_goes_on_working(at_draft, tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"words")
    page = at_draft(java_script_enabled=False)

    choose(page, tmp_path / "notes.txt")

    expect(page.get_by_text("notes.txt is added.")).to_be_visible()
    assert stored() == {"notes.txt": sha256(b"words")}
