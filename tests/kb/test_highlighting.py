"""Code in colour."""

from __future__ import annotations

import html
import re
import time

import pytest

from kb import highlighting, markdown

CODE = """# why <not>
def half(x: float) -> str:
    return f"{x / 2.5}" + "it's"
"""


def shown(text: str) -> str:
    return markdown.read(text).shown(lambda named: named.written)


def test_comments_strings_numbers_and_words_are_told_apart():
    found = highlighting.as_html(CODE, "python")

    assert re.findall(r'<span class="tok-(\w)">(.*?)</span>', found) == [
        ("c", "# why &lt;not&gt;"),
        ("k", "def"),
        ("k", "return"),
        ("s", "&quot;{x / 2.5}&quot;"),
        ("s", "&quot;it&#x27;s&quot;"),
    ]


@pytest.mark.parametrize("language", [*highlighting.LANGUAGES, "diff"])
def test_the_text_stays_what_it_is(language):
    text = CODE + "\n- gone\n+ new\n/* open ' \" \\\n`tick"

    bare = re.sub(r'</?span(?: class="tok-\w")?>', "", highlighting.as_html(text, language))

    assert html.unescape(bare) == text


def test_an_article_shows_it_and_nothing_of_it_is_markup():
    found = shown('```python\nx = "</code><script>"  # <b>\n```\n\n```klingon\ndef x\n```')

    assert '<span class="tok-s">&quot;&lt;/code&gt;&lt;script&gt;&quot;</span>' in found
    assert "<pre><code>def x\n</code></pre>" in found
    assert "<script>" not in found


@pytest.mark.parametrize("language", ["python", "sql", "rust", "json", "bash"])
def test_no_text_makes_it_slow(language):
    for piece in ('"', "'''", "/*", "\\", "`", "0x", "1.", "#", '"\\'):
        check_time(language, piece)


def check_time(language: str, piece: str) -> None:
    text = (piece * 20_000)[: highlighting.LONGEST]
    begun = time.process_time()

    highlighting.as_html(text, language)

    assert time.process_time() - begun < 1


def test_what_is_very_long_stays_plain():
    code = "def x\n" * 6000

    assert "tok-" not in shown(f"```python\n{code}```")
