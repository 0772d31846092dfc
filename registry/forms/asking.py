"""Forms that ask, decide and take away."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django import forms
from django.http import QueryDict
from django.utils import timezone

from governance.errors import Invalid
from governance.forms import Form, decision_note
from registry.models.grants import MOST_DAYS as GRANT_DAYS


class ReasonForm(Form):
    """What takes something away from others says why."""

    reason = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text="It stays on the record."
    )


class AskForm(Form):
    """A request for an approval."""

    note = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What whoever decides should know.",
    )


class AskToReadForm(Form):
    """A request to read a restricted dataset, until the end of a day."""

    purpose = forms.CharField(
        label="What for?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever decides reads it. It stays on the record.",
    )
    until = forms.DateField(
        label="Until the end of",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=f"At most {GRANT_DAYS} days; who needs it longer asks again.",
    )

    def clean_until(self) -> datetime:
        day: date = self.cleaned_data["until"]
        return datetime.combine(day, time(23, 59, 59), UTC)


class DayForm(Form):
    """The day that one asks the record about. It stands in the address."""

    on = forms.DateField(
        label="On a day that has been",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="day-%s")

    def clean_on(self) -> date | None:
        day: date | None = self.cleaned_data["on"]
        if day is not None and day > timezone.now().date():
            raise forms.ValidationError("The record tells of what has been: choose today or an earlier day.")
        return day

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """The moments from which and up to which that is, in UTC; `Invalid` for what is no such day."""
        if not self.is_valid():
            raise Invalid(str(self.errors["on"][0]), errors=dict(self.errors))
        day = self.cleaned_data["on"]
        if day is None:
            return None
        first, last = (datetime.combine(day, moment, UTC) for moment in (time.min, time.max))
        return first, min(last, timezone.now())


class GrantDecisionForm(Form):
    """A yes or no to somebody who asks to read a dataset."""

    note = decision_note()
    decision = forms.ChoiceField(
        choices=[("approve", "approve"), ("reject", "reject")],
        widget=forms.HiddenInput,
        error_messages={"required": "Press Let them read it or Reject."},
    )


class EndGrantForm(Form):
    """A grant is ended with a reason; who takes back an own request needs none."""

    reason = forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays on the record. Who takes back an own request needs none.",
    )
