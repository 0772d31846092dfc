"""Articles' Markdown: references, footnotes and the outline, and what is hostile."""

from __future__ import annotations

import re
import time

import pytest
from django.utils.html import format_html

from kb import markdown
from kb.markdown import Heading, Named, read


def shown(text: str) -> str:
    html = read(text).shown(lambda named: format_html("<{}>", named.written))
    return re.sub('^<div class="prose article" hx-disable>|</div>$', "", html).strip()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See model:fraud/scorer.", [Named("models/fraud/scorer")]),
        ("(dataset:fraud/card_payments@3)", [Named("datasets/fraud/card_payments", 3)]),
        ("article:fraud/drift@2", [Named("articles/fraud/drift")]),
        ("**asset:a/b** model:a/c.d-1", [Named("assets/a/b"), Named("models/a/c.d-1")]),
        ("`model:fraud/scorer` [model:fraud/scorer](https://example.org)", []),
        ("    model:fraud/scorer", []),
        ("supermodel:fraud/scorer model:Fraud/scorer model:/x https://model:fraud/scorer", []),
        ("run:a/b finding:0 run:12x", []),
        ("run:12, finding:34.", [Named("runs/12"), Named("findings/34")]),
    ],
)
def test_references_are_found_where_they_are_text(text, found):
    assert list(read(text).references) == found


def test_a_reference_is_shown_as_its_card_wherever_it_stands():
    assert shown("model:a/b, *model:a/b@2* and model:a/b") == (
        "<p>&lt;model:a/b&gt;, <em>&lt;model:a/b@2&gt;</em> and &lt;model:a/b&gt;</p>".replace(
            "&lt;", "<"
        ).replace("&gt;", ">")
    )


def test_no_private_character_stands_for_a_reference():
    assert shown("\ue0000\ue001 model:a/b") == "<p>0 <model:a/b></p>"


def test_no_entity_stands_for_a_reference_nor_is_one_put_into_an_attribute():
    html = shown('model:a/b &#xE000;0&#xE001; &#xE000;99&#xE001; [x](/a "&#xE000;0&#xE001;")')

    assert html.count("<model:a/b>") == 1


def test_no_more_references_than_there_may_be():
    found = read(" ".join(f"model:a/m{number}" for number in range(markdown.MOST_REFERENCES + 5)))

    assert len(found.references) == markdown.MOST_REFERENCES


def test_footnotes_stand_at_the_end():
    found = shown("One[^a], none[^z].\n\n[^a]: *Why*\nso.\n\nMore.")

    assert '<p>One<sup><a href="#in-note-1" rel="nofollow noopener">1</a></sup>, none[^z].</p>' in found
    assert found.endswith('<hr><ol><li id="in-note-1"><p><em>Why</em>\nso.</p>\n</li>\n</ol>') or (
        '<li id="in-note-1"><p><em>Why</em>\nso.</p>' in found and found.index("More.") < found.index("Why")
    )


def test_headings_make_the_outline():
    found = read("# On *drift*\n\n### `psi`")

    assert found.outline == (Heading(2, "On drift", "in-part-1"), Heading(3, "psi", "in-part-2"))
    assert '<h2 id="in-part-1">On <em>drift</em></h2>' in found.html


HOSTILE = {
    "brackets": "[" * 50_000,
    "notes": "[^a]" * 25_000,
    "definitions": "[^a]: x\n" * 12_000,
    "quotes": ">" * 50_000,
    "stars": "*a _b" * 20_000,
    "colons": "model:" * 16_000,
    "names": "model:a/" + "b." * 49_000,
    "dollars": "$" * 100_000,
    "money": "$a " * 33_000,
    "formulas": "$x$ " * 25_000,
    "formula blocks": "$$\n" * 33_000,
    "diagrams": "```diagram\na --> b\n```\n" * 4_000,
    "callouts": "> [!NOTE]\n" * 10_000,
    "tables": "|a" * 30_000 + "\n" + "|-" * 15_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.slow
def test_hostile_texts_are_read_in_time(text):
    begun = time.process_time()

    read(text)

    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> model:a/b",
        "# <img src=x onerror=alert(1)>",
        "[^a]\n\n[^a]: <b onclick=alert(1)>x</b> [x](javascript:alert(1))",
        "> [!NOTE] <style>*{}</style>",
    ],
)
def test_nothing_that_acts_is_left(text):
    html = read(text).html

    assert re.findall(r"<(script|img|b|style)\b", html) == []
    assert re.findall(r"<[^>]*(?:onclick|onerror|style|hx-|javascript)", html) == []


def test_formulas_and_diagrams_are_drawn():
    html = read("Of $x$.\n\n$$\ny\n$$\n\n```mermaid\na --> b\n```").html

    assert html.count("<math") == 2
    assert '<math display="block"><mi>y</mi></math>' in html
    assert html.count('<svg class="diagram"') == 1


@pytest.mark.parametrize("text", ["It cost $5 and $6.", "`$x$`", "a$b$c", "\\$x\\$"])
def test_money_is_no_formula(text):
    assert "<math" not in read(text).html


def test_what_cannot_be_drawn_is_shown_as_it_was_typed_with_why():
    html = read('$\\evil"$\n\n```diagram\n<b>\n```').html

    assert '<code title="This formula cannot be shown: \\evil is not understood.">\\evil&quot;</code>' in html
    assert "&lt;b&gt;" in html
    assert "This diagram cannot be drawn: “&lt;b&gt;” is no box." in html
