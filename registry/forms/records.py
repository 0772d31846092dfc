"""Forms of what is declared: records, declarations and contracts."""

from __future__ import annotations

from typing import Any

from django import forms

from governance.forms import Form
from registry.forms.fields import ColumnsField, JSONText, TermsField
from registry.models import Declaration
from registry.models.declarations import MANY, ONE
from registry.presenting.records import title, written
from registry.records import KINDS, MOST_BYTES


class RecordForm(Form):
    """What somebody declares about a version."""

    kind = forms.ChoiceField()
    data = JSONText(  # type: ignore[assignment]  # a field, not what was sent
        label="Data", help_text=f"A JSON object of at most {MOST_BYTES >> 10} KiB."
    )

    def __init__(self, data: Any = None, *, kinds: list[str], kind: str) -> None:
        """The data begins as an example of a kind; what the action says of another kind is its to say."""
        super().__init__(data, initial={"kind": kind, "data": written(KINDS[kind].example)})
        self.fields["kind"].choices = [(name, title(name)) for name in KINDS]  # type: ignore[attr-defined]
        self.fields["kind"].widget.choices = [(name, title(name)) for name in kinds]


class DeclarationForm(Form):
    """What the columns of a dataset are."""

    target = forms.CharField(max_length=200, required=False, help_text="What is to be predicted.")
    split = forms.CharField(
        max_length=200, required=False, help_text="Train, validation or test, or the number of a fold."
    )
    group = forms.CharField(
        max_length=200, required=False, help_text="What belongs together, such as a customer."
    )
    time = forms.CharField(max_length=200, required=False, help_text="When it happened.")
    source = forms.CharField(max_length=200, required=False, help_text="Where a row comes from.")
    personal = ColumnsField(
        label="Personal data", required=False, help_text="Columns that are known to be, one on a line."
    )
    quasi_identifiers = ColumnsField(
        label="Quasi-identifiers",
        required=False,
        help_text="Columns that together may tell who somebody is, one on a line: age, postcode, profession.",
    )
    formats = ColumnsField(
        label="Formats that should agree",
        required=False,
        help_text="One on a line, as phone, date, currency, country or unit, such as mobile: phone DE.",
    )

    def __init__(self, data: Any = None, *, declaration: Declaration | None) -> None:
        now = {name: getattr(declaration, name) for name in (*ONE, *MANY)} if declaration else {}
        super().__init__(data, initial=now)


class ContractForm(Form):
    """What the tables of a dataset have to look like."""

    contract = TermsField(
        label="As YAML",
        required=False,
        strip=False,
        max_length=64 << 10,
        help_text="By a pattern of its path, each table with its columns. Empty: no contract holds any more.",
    )
    note = forms.CharField(label="Why", max_length=500, required=False, help_text="It stays on the record.")
    based_on = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, text: str, number: int) -> None:
        super().__init__(data, initial={"contract": text, "based_on": number})


class WithdrawalForm(Form):
    """Withdrawing a record says why."""

    reason = forms.CharField(
        label="Why?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays on the record.",
    )
