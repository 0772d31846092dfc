"""Every page that the table of who may what names, as its people get it: valid, and usable by everybody.

The prepared world holds every state there is. A real browser is asked at two widths, light and dark.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from playwright.sync_api import Browser, Page

from tests import browsing, markup, odd
from tests.browsing import browser
from tests.test_who_may import World, world
from tests.who_may import TABLE, Row

__all__ = ["browser", "world"]

pytestmark = [pytest.mark.slow, *browsing.MARKS]

PEOPLE = ("nob", "adm", "rea", "ste", "aut")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
ASK = """async () => {
    const rules = {"target-size": {enabled: true}};
    const found = await axe.run(document, {resultTypes: ["violations"], rules});
    const near = (each) => each.relatedNodes.map((other) => other.target.join(" ")).join(", ");
    const why = (node) => [...node.any, ...node.all, ...node.none].map(
        (each) => `${each.message} ${near(each)}`)[0];
    return found.violations.flatMap(
        (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${why(node)}`));
}"""
LOOKS = [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")]
# Who sees least of a page sees nothing that another does not: fewer looks are enough.
FEWER = {"rea": 1, "ste": 2}
# What is written is as long and odd as it may be, for who sees few pages: such take half as long again.
ODD = ("adm",)
LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')
HEAVIEST = 100_000  # bytes for a page that is opened for the first time: itself and all it names, compressed


def pages(who: str) -> list[Row]:
    asked = (row for row in TABLE if row.method == "GET" and not row.address.startswith("api/"))
    return [row for row in asked if row.cells[who] != "in"]


def html(answer: HttpResponse) -> str:
    """The answer when it is one for people, else nothing."""
    kind = answer.headers.get("Content-Type", "")
    return answer.body.decode() if kind.startswith("text/html") else ""


def test_every_page_is_valid_and_light(world):
    odd.write()

    asked = [(who, row, html(world.ask(who, "GET", row))) for who in PEOPLE for row in pages(who)]

    nothing(
        f"{row} as {who}: {each}"
        for who, row, text in asked
        if text
        for each in [*markup.complaints(text), *heavy(text), *unescaped(text)]
    )
    assert sum(bool(text) for _, _, text in asked) > 150


def test_every_link_leads_somewhere(world):
    """To a page, or to a refusal with its reason; the trail alone names what is gone."""
    asked = [row for row in pages("ste") if row.address != "trail/"]
    texts = [(row, html(world.ask("ste", "GET", row))) for row in asked]
    links = {unescape(link): row for row, text in texts for link in LINK.findall(text)}

    nothing(
        f"{row}: {link} answers {said}" for link, row in links.items() if (said := led(world, "ste", link))
    )
    assert len(links) > 100


def led(world: World, who: str, link: str) -> str:
    answer = world.ask(who, "GET", Row("GET", link[1:].replace("{", "{{").replace("}", "}}"), (), {}))
    return "" if answer.status_code in {200, 302, 403, 409} else str(answer.status_code)


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_serves_everybody(world, browser, live_server, who):
    if who in ODD:
        odd.write()

    nothing(f"{row}: {each}" for row, said in walked(browser, live_server.url, world, who) for each in said)


def heavy(text: str) -> Iterator[str]:
    named = set(re.findall(r'(?:src|href)="/static/([^"#]+)', text))
    weight = len(gzip.compress(text.encode(), 6)) + sum(map(sent, named))
    if weight > HEAVIEST:
        yield f"weighs {weight} bytes"


def unescaped(text: str) -> Iterator[str]:
    yield from (f"{raw} is not escaped" for raw in odd.RAW if raw in text)


@cache
def sent(name: str) -> int:
    """How long a static file is on its way."""
    return len(gzip.compress(Path(finders.find(name)).read_bytes()))


def test_a_page_travels_compressed(client):
    plain = client.get("/account/login/")
    packed = client.get("/account/login/", headers={"Accept-Encoding": "gzip"})

    assert ("Content-Encoding" in plain.headers, packed["Content-Encoding"]) == (False, "gzip")
    assert gzip.decompress(packed.content).startswith(b"<!doctype html>")


def test_every_page_works_without_scripts(world, browser, live_server):
    page, said = signed_in(browser, live_server.url, world, "aut", java_script_enabled=False)

    nothing(unreadable(page, row, address) for row, address in addresses(world, "aut"))
    page.context.close()

    assert said == []


def unreadable(page: Page, row: Row, address: str) -> str:
    """What is wrong with a page that no script has touched; empty when it can be read."""
    page.goto(address)
    shown = page.locator("h1").is_visible() and len(page.locator("main").inner_text()) > 20
    idle = page.locator(".scripts:visible, [data-copy]:visible").count()
    return "" if shown and not idle else f"{row}: no heading, or {idle} buttons that do nothing"


def nothing(wrong: Iterator[str]) -> None:
    found = [each for each in wrong if each]
    assert not found, "\n".join(found)


def walked(browser: Browser, base: str, world: World, who: str) -> Iterator[tuple[Row, list[str]]]:
    page, said = signed_in(browser, base, world, who)
    for row, address in addresses(world, who):
        page.goto(address)
        yield row, [*seen(page, LOOKS[: FEWER.get(who)]), *said]
        said.clear()
    page.context.close()


def addresses(world: World, who: str) -> Iterator[tuple[Row, str]]:
    """What is a whole page for this person; refusals look alike, so each kind of them is looked at once."""
    refused = set()
    for row in pages(who):
        answer = world.ask(who, "GET", row)
        if not html(answer).startswith("<!doctype html>") or answer.status_code in refused:
            continue
        if answer.status_code >= 400:
            refused.add(answer.status_code)
        yield row, "/" + row.address.format(**world.about(row))


def signed_in(browser: Browser, base: str, world: World, who: str, **options: Any) -> tuple[Page, list[str]]:
    """A page of this person, and what the browser says against what it shows."""
    context = browser.new_context(base_url=base, reduced_motion="reduce", **options)
    if who in world.sessions:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": world.sessions[who], "url": base}
        context.add_cookies([cookie])
    page, said = context.new_page(), []
    page.on("console", lambda line: said.append(line.text) if complaint(line) else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def complaint(line: Any) -> bool:
    """A refused page is itself a line of the console."""
    return line.type in {"error", "warning"} and "Failed to load resource" not in line.text


def seen(page: Page, looks: list[tuple[int, str]]) -> Iterator[str]:
    """What axe-core finds with everything folded open, and whether the page scrolls sideways."""
    page.evaluate(AXE)
    page.evaluate("for (const each of document.querySelectorAll('details:not(.more)')) each.open = true")
    found: dict[str, list[str]] = {}
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for line in page.evaluate(ASK):
            found.setdefault(line, []).append(f"{width} {scheme}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.setdefault("scrolls sideways", []).append(f"{width} {scheme}")
    yield from (f"{line} ({', '.join(where)})" for line, where in found.items())
