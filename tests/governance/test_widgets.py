"""Fields that are written out look to the letter like those of Django's templates."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from governance.widgets import Renderer

HOSTILE = "\"><script>alert('&')</script>"
GROUPS = [("", "Any"), ("Ours", [("a", "A"), (HOSTILE, HOSTILE)]), ("b", "B")]


class Everything(forms.Form):
    text = forms.CharField(
        max_length=10, help_text="Short.", widget=forms.TextInput({"placeholder": HOSTILE})
    )
    off = forms.CharField(disabled=True, widget=forms.TextInput({"autofocus": True, "spellcheck": False}))
    hidden = forms.CharField(widget=forms.HiddenInput)
    number = forms.IntegerField(min_value=1, max_value=9)
    date = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    email = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput)
    choice = forms.ChoiceField(choices=GROUPS)
    several = forms.MultipleChoiceField(choices=GROUPS, required=False)
    ticks = forms.MultipleChoiceField(choices=GROUPS, widget=forms.CheckboxSelectMultiple)


SENT = {
    "text": HOSTILE,
    "off": "0",
    "hidden": HOSTILE,
    "number": 5,
    "date": "2026-05-14",
    "email": "mara@example.org",
    "password": "secret",
    "choice": HOSTILE,
    "ticks": ["a"],
}


@pytest.mark.parametrize("data", [None, SENT, {"text": "x" * 20}], ids=["empty", "filled", "malformed"])
@pytest.mark.parametrize("name", Everything.base_fields)
def test_a_field_looks_as_by_the_templates(name: str, data: dict[str, object] | None) -> None:
    ours, theirs = Everything(data, renderer=Renderer()), Everything(data, renderer=DjangoTemplates())

    assert str(ours[name]) == str(theirs[name])
