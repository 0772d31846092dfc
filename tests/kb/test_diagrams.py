"""Diagrams: what is drawn, what is said of the rest, and what is hostile."""

from __future__ import annotations

import re

import pytest

from governance.errors import Invalid
from kb.diagrams import as_svg, layered, understood

FLOW = "flowchart LR\ndata[(Payments)] --> train[Train] -- nightly --> model{Good?}\nmodel -->|no| train"


def layers(written: str) -> dict[str, int]:
    diagram = understood(written)
    layered(diagram)
    return {key: box.layer for key, box in diagram.boxes.items()}


def test_boxes_and_arrows_are_drawn_and_said_in_words():
    svg = as_svg(FLOW)

    assert re.findall(r'class="name"[^>]*>([^<]*)<', svg) == ["Payments", "Train", "Good?"]
    assert "<title>Payments to Train; Train to Good? (nightly); Good? to Train (no)</title>" in svg


def test_a_box_stands_after_all_that_lead_to_it():
    assert layers("a --> b --> c\na --> c") == {"a": 0, "b": 1, "c": 2}


def test_a_ring_is_drawn():
    assert layers("a --> b --> a --> a") == {"a": 0, "b": 1}
    assert as_svg("a --> b --> a --> a").count('class="edge"') == 3


def test_words_are_escaped_and_cut():
    svg = as_svg(f"a[<script>x</script> {'word ' * 40}] -->|<b>| b")

    assert "<script" not in svg
    assert "<b>" not in svg
    assert len(re.findall('class="name"', svg)) == 4


REFUSED = {
    "empty": ("", "It has no box."),
    "arrow": ("a => b", "“=> b” is no arrow."),
    "box": ("a -->", "“” is no box."),
    "boxes": ("\n".join(f"n{n}" for n in range(41)), "A diagram has at most 40 boxes."),
    "arrows": ("a --> " * 90 + "b", "A diagram has at most 80 arrows."),
    "long": ("a" * 8001, "A diagram has at most 8,000 characters."),
}


@pytest.mark.parametrize(("written", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_diagram_is_refused_with_a_sentence(written, sentence):
    with pytest.raises(Invalid) as raised:
        as_svg(written)

    assert str(raised.value) == sentence
