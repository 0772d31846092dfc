"""Forms of findings: triage, waivers, a team's own names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from governance.forms import Form
from governance.models import User
from registry.actions.findings import MOST_DAYS
from registry.models import Finding, Triage


class NameForm(Form):
    """A name of the team's own."""

    reason = forms.CharField(
        max_length=2000,
        label="What is it, and where does it come from?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TriageForm(Form):
    """What becomes of the findings that are ticked."""

    ME, NOBODY = "me", "nobody"
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "As it is"), *Triage.State.choices]
    )
    who = forms.ChoiceField(
        label="Who looks after them",
        required=False,
        choices=[("", "As it is"), (ME, "I do"), (NOBODY, "Nobody")],
    )
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        self.person = person

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        who = said.pop("who", "")
        return {**said, "assignee": self.person if who == self.ME else None, "nobody": who == self.NOBODY}


class WaiveAllForm(Form):
    """Accept the findings that are ticked until the end of one day."""

    use_required_attribute = False  # it stands in one form with what else becomes of them
    reason = forms.CharField(
        max_length=2000, label="Why can they be accepted?", widget=forms.Textarea(attrs={"rows": 2})
    )
    expires = forms.DateField(
        label="Until the end of", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_expires(self) -> datetime:
        day: date = self.cleaned_data["expires"]
        return datetime.combine(day, time(23, 59, 59), UTC)


class WaiverForm(Form):
    """Accept a finding until the end of a day."""

    reason = forms.CharField(
        max_length=2000, label="Why can it be accepted?", widget=forms.Textarea(attrs={"rows": 3})
    )
    expires = forms.DateField(
        label="Until the end of", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, finding: Finding, **rest: Any) -> None:
        days = MOST_DAYS[finding.severity]
        today = timezone.now().date()
        latest = today + timedelta(days=days)
        super().__init__(data, initial={"expires": latest}, **rest)
        field = self.fields["expires"]
        until = f"up to {latest:%-d %B %Y}"
        field.help_text = f"A waiver of a {finding.severity_word} finding lasts at most {days} days: {until}."
        field.widget.attrs |= {"min": today.isoformat(), "max": latest.isoformat()}

    def clean_expires(self) -> datetime:
        day: date = self.cleaned_data["expires"]
        return datetime.combine(day, time(23, 59, 59), UTC)
