"""Forms of a version, its parents, files and names."""

from __future__ import annotations

from typing import Any

from django import forms

from governance import subjects
from governance.errors import Absent
from governance.forms import Form
from governance.models import User
from registry.forms.asking import ReasonForm
from registry.forms.fields import LinesField, NumbersField, SeveralFiles
from registry.models import Link, Version


class VersionForm(Form):
    """What is said about a new version; its files come after."""

    notes = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Markdown. What is different from the version before?",
    )
    metrics = NumbersField(required=False, help_text="One on each line, as name = number: pr_auc = 0.842.")
    parameters = LinesField(required=False, help_text="One on each line, as name = value: max_depth = 8.")


class ParentForm(Form):
    """One version that the new one comes from. An empty row says nothing."""

    relation = forms.ChoiceField(choices=Link.Relation.choices, required=False)
    label = forms.CharField(
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"list": "versions", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, person: User, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.person = person

    def clean_label(self) -> Version | None:
        label = self.cleaned_data["label"].strip().strip("/")
        if not label:
            return None
        try:
            _, found = subjects.find(self.person, label)
        except Absent as absent:
            raise forms.ValidationError(absent.sentence) from None
        if not isinstance(found, Version):
            raise forms.ValidationError(f"{label[:120]} is no version: choose one from the list.")
        return found


ParentFormSet = forms.formset_factory(ParentForm, extra=3, max_num=50, absolute_max=50)


def parents(rows: Any) -> list[tuple[Version, str]]:
    """The (version, relation) pairs of a valid set of rows."""
    said = [row.cleaned_data for row in rows if row.cleaned_data.get("label")]
    return [(row["label"], row["relation"] or Link.Relation.DERIVED_FROM.value) for row in said]


class UploadForm(Form):
    """Files of a draft. The folder stands first: the bytes come last."""

    folder = forms.CharField(
        required=False,
        max_length=240,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Where they go inside the version, such as data/train.",
    )
    files = forms.FileField(  # type: ignore[assignment]
        widget=SeveralFiles, help_text="One or several. They are sealed while they arrive."
    )


class WithdrawForm(ReasonForm):
    """The same, and once more where a protected alias points at the version."""

    def __init__(self, data: Any = None, *, held: list[str]) -> None:
        super().__init__(data)
        if held:
            names = " and ".join(held)
            self.fields["also"] = forms.BooleanField(
                label=f"Also though {names} would lead to nothing",
                required=False,
                help_text="Rolling back first keeps what uses it running.",
            )


class AliasForm(Form):
    """A name without a gate, to be pointed at a version."""

    alias = forms.CharField(
        max_length=60,
        label="Name",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Small letters, digits and hyphens, such as candidate.",
    )
