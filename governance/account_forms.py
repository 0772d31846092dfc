"""Forms of one's own account. Like all forms, they never save."""

from __future__ import annotations

from django import forms

from governance import zones
from governance.forms import Form
from governance.names import check_text
from governance.themes import CHOICES

THEME_WORDS = {"system": "As the system", "light": "Light", "dark": "Dark", "contrast": "High contrast"}


class ProfileForm(Form):
    name = forms.CharField(
        label="Name",
        max_length=150,
        required=False,
        validators=[check_text],
        help_text="Others see it beside what you do. Without one they see your user name.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(
        label="Time zone",
        choices=zones.CHOICES,
        required=False,
        help_text="Times on pages are shown in it.",
        error_messages={"invalid_choice": "Choose a zone of the list."},
    )
    theme = forms.ChoiceField(
        label="Theme", choices=[(name, THEME_WORDS[name]) for name in ("system", *CHOICES[:-1])]
    )


class EmailForm(Form):
    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
