"""A wrong old password at a password change is on the record: somebody may sit at an open session."""

from __future__ import annotations

from allauth.account import forms
from django.core.exceptions import ValidationError

from governance import audit


class ChangePasswordForm(forms.ChangePasswordForm):  # type: ignore[misc]
    def clean_oldpassword(self) -> str:
        try:
            old: str = super().clean_oldpassword()
        except ValidationError:
            reason = "Wrong old password."
            audit.record("password.change", self.user, by=self.user, outcome="refused", reason=reason)
            raise
        return old
