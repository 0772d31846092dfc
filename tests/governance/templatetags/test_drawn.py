"""Fields that are rarely needed, and many choices, stand in a fold of the page itself: no script opens it."""

from __future__ import annotations

import pytest
from django import forms

from governance.forms import Form
from governance.templatetags.drawn import drawn_field, drawn_fields


class Asking(Form):
    rare = ("threshold",)

    name = forms.CharField()
    threshold = forms.FloatField(required=False)


class Choosing(Form):
    few = forms.MultipleChoiceField(choices=[(n, n) for n in "abc"], widget=forms.CheckboxSelectMultiple)
    many = forms.MultipleChoiceField(
        choices=[(n, n) for n in "abcdefghijklmnop"], widget=forms.CheckboxSelectMultiple
    )


@pytest.mark.parametrize(
    ("sent", "opened"),
    [(None, False), ({"name": "a", "threshold": "0.4"}, True), ({"name": "a", "threshold": "half"}, True)],
    ids=["untouched", "filled", "wrong"],
)
def test_a_rare_field_is_folded_until_it_is_filled(sent, opened):
    usual, _, folded = drawn_fields(Asking(sent)).partition("<details")

    assert ('name="name"' in usual, 'name="threshold"' in folded) == (True, True)
    assert folded.startswith(' class="folded" open>') == opened


def test_many_choices_are_folded_and_counted():
    few, many = drawn_field(Choosing()["few"]), drawn_field(Choosing()["many"])
    ticked = drawn_field(Choosing({"many": ["b", "c"]})["many"])

    assert "<details" not in few
    assert '<details class="folded"><summary>None of 16' in many
    assert '<details class="folded" open><summary>2 of 16' in ticked
