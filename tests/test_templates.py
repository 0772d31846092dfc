"""What a machine can hold of pages: nothing inline, icons that exist, components that say what they take."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "_components").glob("*.html"))
STATIC = ROOT / "governance" / "static" / "steward"
SYMBOLS = set(re.findall(r'id="i-([a-z]+)"', (STATIC / "icons.svg").read_text()))
STYLES = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_has_inline_style_or_script(path):
    text = path.read_text()

    inline = re.findall(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|\shx-on", text, re.IGNORECASE
    )

    assert inline == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_icon_of_a_template_is_drawn(path):
    used = re.findall(r'\{% icon "([a-z-]+)"|shape="([a-z-]+)"', path.read_text())

    assert {name for names in used for name in names if name} - SYMBOLS == set()


@pytest.mark.parametrize("path", COMPONENTS, ids=named)
def test_every_component_says_first_what_it_takes(path):
    assert re.match(r"\{# .+ #\}", path.read_text().splitlines()[0])


def test_every_property_that_a_style_uses_is_defined():
    text = "".join(path.read_text() for path in STYLES)

    defined = set(re.findall(r"(--[a-z0-9-]+):", text))

    assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) - defined == set()


def test_colours_are_written_once():
    elsewhere = [path for path in STYLES if path.name != "tokens.css"]

    assert {path.name: re.findall(r"#[0-9a-f]{3,8}\b", path.read_text()) for path in elsewhere} == {
        path.name: [] for path in elsewhere
    }


def test_every_style_is_linked_from_the_base_template():
    base = (ROOT / "templates" / "base.html").read_text()

    assert [path.name for path in STYLES if f"steward/css/{path.name}" not in base] == []


def test_no_style_or_script_asks_another_host():
    files = [*STYLES, *SCRIPTS, STATIC / "icons.svg", STATIC / "favicon.svg"]

    asked = [address for path in files for address in re.findall(r"https?://[^\s\"')]+", path.read_text())]

    assert set(asked) == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_template_loads_what_it_uses(path):
    assert get_template(str(path.relative_to(ROOT / "templates"))) is not None
