"""Forms of one's own account. Like all forms, they never save."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms

from governance import zones
from governance.forms import Form, RolesForm
from governance.names import RULE, check_text
from governance.password_rules import ADVICE, LENGTH
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


class NewPasswordForm(Form):
    password = forms.CharField(
        label="New password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=f"At least {LENGTH} characters. {ADVICE}",
    )
    again = forms.CharField(
        label="New password, once more",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if "password" in typed and "again" in typed and typed["password"] != typed["again"]:
            self.add_error("again", "These are two different passwords.")
        return typed


class JoiningForm(NewPasswordForm):
    username = forms.CharField(
        label="User name",
        max_length=100,
        help_text=f"{RULE} It cannot change later.",
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    field_order = ["username", "password", "again"]


class InvitationForm(RolesForm):
    email = forms.EmailField(label="E-mail", max_length=254)
    field_order = ["email", "roles"]


CODE = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})


class CodeForm(Form):
    """A code of an app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=CODE,
        help_text="Six digits of your app, or ten of a recovery code.",
    )


class AppForm(Form):
    code = forms.CharField(
        label="Code", max_length=20, widget=CODE, help_text="The six digits that the app shows now."
    )


class PasskeyForm(Form):
    name = forms.CharField(
        label="Name",
        max_length=60,
        validators=[check_text],
        help_text="Such as “laptop” or “key ring”: so that you know which one to take away.",
    )
    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)


class IdentityForm(Form):
    """The password of who has no second factor; else a code, or a passkey in its place."""

    password = forms.CharField(
        label="Password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, data: Any, *, factor: bool) -> None:
        super().__init__(data)
        if factor:
            del self.fields["password"]
            self.fields["code"] = deepcopy(CodeForm.base_fields["code"])
            by_passkey = bool(self.data.get("credential"))
            self.fields["code"].required = not by_passkey
            self.fields["credential"] = forms.CharField(
                max_length=20_000, required=False, widget=forms.HiddenInput
            )
