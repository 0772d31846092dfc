import re
import time

import pytest

from governance.templatetags import prose

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "a script in a block": "<div>\n<script>alert(1)</script>\n</div>",
    "an event": '<img src=x onerror="alert(1)">',
    "an inline style": '<p style="position:fixed;inset:0">over</p>',
    "a request by htmx": '<a hx-get="/account/logout/" hx-trigger="load">now</a>',
    "a request by htmx as data": '<div data-hx-post="/x" data-hx-trigger="load">now</div>',
    "an id": '<p id="main">mine</p>',
    "a class": '<p class="skip">mine</p>',
    "a form": '<form action="/account/logout/" method="post"><button>Free</button></form>',
    "a frame": '<iframe src="https://example.org"></iframe>',
    "a base": '<base href="https://example.org/">',
    "a refresh": '<meta http-equiv="refresh" content="0;url=https://example.org">',
    "a script by link": "[now](javascript:alert(1))",
    "a script by link, written oddly": "[now](JaVaScRiPt&colon;alert(1))",
    "a script by link, cut": "[now](java\nscript:alert(1))",
    "a document by link": "[now](data:text/html;base64,PHNjcmlwdD4=)",
    "a script by reference": "[now][1]\n\n[1]: vbscript:alert(1)",
    "an automatic link": "<javascript:alert(1)>",
    "an attribute broken out of": '[now](https://example.org "x\\" onmouseover=\\"alert(1)")',
    "an attribute broken out of by an address": '[now](https://example.org/"onmouseover="alert(1))',
    "a drawing": "<svg><script>alert(1)</script></svg>",
    "mathematics": '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    "a picture from elsewhere": "![seen](https://example.org/seen.png)",
    "a picture with a script": "![x](javascript:alert(1))",
    "code with a script": "```html\n<script>alert(1)</script>\n```",
    "a language with a quote": '```"onload="alert(1)\nx\n```',
    "an end of the frame": "</div></main><script>alert(1)</script>",
}
ATTRIBUTE = re.compile(r"<[a-z0-9]+((?:\s+[^<>]*?)?)/?>")
ALLOWED = re.compile(
    r'(?:\s(?:href="(?:https?:|mailto:|/|#)[^"]*"|title="[^"]*"|start="\d+"|rel="nofollow noopener"))*\s*'
)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markdown_leaves_no_tag_or_attribute_that_acts(text):
    inside = prose.markdown(text).removeprefix('<div class="prose" hx-disable>').removesuffix("</div>")

    names = set(re.findall(r"</?([a-z0-9]+)", inside))
    attributes = [said for said in ATTRIBUTE.findall(inside) if not ALLOWED.fullmatch(said)]

    assert (names - prose.TAGS, attributes) == (set(), [])


def test_the_whole_stands_where_htmx_does_nothing():
    assert prose.markdown("yes") == '<div class="prose" hx-disable><p>yes</p>\n</div>'


def test_links_say_that_they_are_not_ours():
    found = prose.markdown("[a](https://example.org)")

    assert '<a href="https://example.org" rel="nofollow noopener">a</a>' in found


def test_their_headings_begin_below_the_page():
    found = prose.markdown("# One\n\nTwo\n===\n\n###### Six")

    assert re.findall(r"<(h\d)>", found) == ["h3", "h3", "h4"]


def test_a_picture_becomes_its_words():
    assert "<p>the curve</p>" in prose.markdown("![the curve](https://example.org/curve.png)")


def test_a_table_is_a_table():
    found = prose.markdown("| a | b |\n|---|--:|\n| 1 | 2 |")

    assert "<th>a</th>\n<th>b</th>" in found


def test_raw_html_is_shown_as_it_was_typed():
    assert "&lt;b&gt;bold&lt;/b&gt;" in prose.markdown("<b>bold</b>")


@pytest.mark.parametrize(
    "text", ["> " * 5000, "[" * 5000, "*a " * 5000, "- " * 5000, "`" * 9999, "|a" * 5000]
)
def test_a_text_made_to_be_slow_is_not(text):
    before = time.perf_counter()

    prose.markdown(text)

    assert time.perf_counter() - before < 2


def test_a_quote_may_be_a_callout():
    found = prose.markdown("> [!WARNING]\n> Mind the *gap*.")

    assert '<blockquote class="callout warn">\n<p><span class="kind">Warning</span> Mind the' in found
    assert "callout" not in prose.markdown("> [!SHOUT]\n> Mind the gap.")


def test_items_may_be_tasks():
    found = prose.markdown("- [ ] this\n- [x] that\n- [y] other")

    assert re.findall('aria-label="([a-z ]+)">.</span> ([a-z]+)', found) == [
        ("to do", "this"),
        ("done", "that"),
    ]
    assert "<li>[y] other</li>" in found
