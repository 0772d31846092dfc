"""Markup is filled as Django's own `format_html` does it."""

from __future__ import annotations

import pytest
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from governance.markup import codes, filled

HOSTILE = "<script>alert('\"&')</script>"


@pytest.mark.parametrize("value", [HOSTILE, 7, None, mark_safe("<b>bold</b>"), "{0} {name}"])
def test_values_are_escaped_unless_they_are_marked_as_safe(value: object) -> None:
    markup = '<i title="{name}">{}</i>'

    assert filled(markup, value, name=value) == format_html(markup, value, name=value)


def test_what_was_filled_is_safe_to_fill_in() -> None:
    inner = filled("<b>{}</b>", HOSTILE)

    assert filled("<p>{}</p>", inner) == f"<p>{inner}</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Keras models, as `.keras` archives", "Keras models, as <code>.keras</code> archives"),
        ("<b> in `<i>`", "&lt;b&gt; in <code>&lt;i&gt;</code>"),
        ("one ` alone", "one ` alone"),
    ],
    ids=["code", "hostile", "one"],
)
def test_what_stands_between_backticks_is_code(text: str, shown: str) -> None:
    assert codes(text) == shown
