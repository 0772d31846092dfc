"""Formulas: what is understood, what is said of the rest, and what is hostile."""
# ruff: noqa: RUF001  signs of formulas

from __future__ import annotations

import pytest

from governance.errors import Invalid
from kb.maths import as_mathml


def inside(written: str) -> str:
    return as_mathml(written).removeprefix('<math display="inline">').removesuffix("</math>")


KNOWN = {
    "scripts": ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
    "prime": ("f''", "<msup><mi>f</mi><mo>′′</mo></msup>"),
    "fraction": (r"\frac{1}{\pi}", "<mfrac><mn>1</mn><mi>π</mi></mfrac>"),
    "root": (r"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
    "sum": (r"\sum_i x", "<mrow><munder><mo>∑</mo><mi>i</mi></munder><mi>x</mi></mrow>"),
    "face": (r"\mathbb{R}", "<mi>ℝ</mi>"),
    "accent": (r"\hat{y}", '<mover accent="true"><mi>y</mi><mo>^</mo></mover>'),
    "words": (r"\text{a <b>}", "<mtext>a\u00a0&lt;b&gt;</mtext>"),
    "brackets": (
        r"\left( x \right.",
        '<mrow><mo stretchy="true">(</mo><mi>x</mi></mrow>',
    ),
    "matrix": (
        r"\begin{matrix} a & b \\ c \end{matrix}",
        "<mrow><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr>"
        "<mtr><mtd><mi>c</mi></mtd></mtr></mtable></mrow>",
    ),
}


@pytest.mark.parametrize(("written", "shown"), KNOWN.values(), ids=KNOWN)
def test_a_formula_becomes_mathml(written, shown):
    assert inside(written) == shown


REFUSED = {
    "unknown": (r"\href{javascript:x}{y}", r"\href is not understood."),
    "macro": (r"\newcommand{\a}{\a\a}", r"\newcommand is not understood."),
    "open": ("{x", "} is missing."),
    "closed": ("x}", "} closes what nothing opened."),
    "end": (r"\begin{matrix} x", r"\end is missing."),
    "twice": ("x^2^3", "Two ^ follow one part."),
    "deep": ("{" * 1500, "Its groups are nested deeper than 20."),
    "commands": (r"\frac" * 300, "Its groups are nested deeper than 20."),
    "long": ("x" * 2001, "A formula has at most 2,000 characters."),
    "nothing": (r"\frac", "It ends too soon."),
}


@pytest.mark.parametrize(("written", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_formula_is_refused_with_a_sentence(written, sentence):
    with pytest.raises(Invalid) as raised:
        as_mathml(written)

    assert str(raised.value) == sentence


def test_a_letter_of_markup_is_a_letter():
    assert "<script" not in as_mathml(r"<script>\text{<script>}\operatorname{<b>}")
