"""Forms of a team's gates and keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField

from governance.forms import Form, decision_note
from governance.names import check_slug, check_text
from governance.roles import APPROVERS
from registry.actions.gates import MOST_APPROVALS
from registry.card_fields import TITLES as FIELD_TITLES
from registry.checks import CHECKS
from registry.forms.fields import ColumnsField, TagsField
from registry.models import Gate, GateSettings
from registry.models.gates import DEFAULTS, Gates
from registry.quality import QUALITY
from registry.required_runs import TITLES


def may_be_spared() -> list[str]:
    """What looks at quality: a gate may do without it."""
    return [check.name for check in CHECKS.values() if check.may_be_spared] + [
        check.name for check in QUALITY.values() if check.is_of_version
    ]


class ThresholdsField(forms.CharField):
    """Thresholds of checks, one on a line, as a name, an equals sign and a number."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 3, "spellcheck": "false"})

    def to_python(self, value: Any) -> dict[str, float]:  # type: ignore[override]
        found = {}
        for line in (super().to_python(value) or "").splitlines():
            name, _, number = line.partition("=")
            if line.strip():
                try:
                    found[name.strip()] = float(number)
                except ValueError:
                    raise forms.ValidationError(f"{line.strip()[:80]} is not a name = a number.") from None
        return found

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{name} = {number:g}" for name, number in value.items())
        return value


class GatesForm(Form):
    """What each alias of a team shall ask for. `based_on` is the number of the settings that were shown."""

    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, settings: GateSettings) -> None:
        super().__init__(data, initial={"based_on": settings.number})
        self.names = [*reversed(settings.by_alias)]
        for name in self.names:
            self.add_gate(name, settings.by_alias[name])
        self.fields["more"] = forms.CharField(
            label="Protect another alias",
            required=False,
            max_length=60,
            validators=[check_slug],
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            help_text="Such as canary. It is promoted to from then on, after its checks, with one approval.",
        )
        self.fields["thresholds"] = ThresholdsField(
            required=False,
            initial=settings.thresholds,
            help_text="Of checks of quality, one on a line: duplicates.most = 0.02. Others are as usual.",
        )
        self.fields["note"] = forms.CharField(
            label="Why",
            max_length=2000,
            validators=[check_text],
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="What whoever confirms should know. It stays on the record.",
        )

    def add_gate(self, name: str, gate: Gate) -> None:
        if name not in DEFAULTS:
            self.fields[f"{name}.protected"] = forms.BooleanField(
                label=f"{name} is protected", required=False, initial=True
            )
        least = 1 if name == "production" else 0
        self.fields[f"{name}.approvals"] = forms.IntegerField(
            label=f"Approvals for {name}", min_value=least, max_value=MOST_APPROVALS, initial=gate.approvals
        )
        self.fields[f"{name}.by_itself"] = forms.BooleanField(
            label=f"Promote to {name} when approved", required=False, initial=gate.by_itself
        )
        self.fields[f"{name}.falls_back"] = forms.BooleanField(
            label=f"Roll {name} back by itself when a finding is critical",
            required=False,
            initial=gate.falls_back,
        )
        self.fields[f"{name}.signed"] = forms.BooleanField(
            label=f"Promote to {name} only what a key of the team has signed",
            required=False,
            initial=gate.signed,
        )
        self.fields[f"{name}.run"] = forms.ChoiceField(
            label=f"Finished run that {name} asks for",
            choices=[("", "None"), *sorted(TITLES.items(), key=lambda each: each[1])],
            required=False,
            initial=gate.run,
        )
        self.fields[f"{name}.approvers"] = forms.MultipleChoiceField(
            label=f"Whose approval counts for {name}",
            choices=[(role, role) for role in APPROVERS],
            widget=forms.CheckboxSelectMultiple,
            initial=gate.approvers,
        )
        self.fields[f"{name}.not_required"] = forms.MultipleChoiceField(
            label=f"Checks that {name} does without",
            choices=[(name, name) for name in may_be_spared()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=gate.not_required,
        )
        self.fields[f"{name}.licences"] = TagsField(
            label=f"Licences that {name} takes",
            max_length=2000,
            required=False,
            initial=list(gate.licences),
            help_text="By their SPDX names, such as Apache-2.0, MIT. Empty takes any, and none.",
        )
        self.add_card(name, gate)

    def add_card(self, name: str, gate: Gate) -> None:
        self.fields[f"{name}.card"] = ColumnsField(
            label=f"Parts of the card that {name} asks for",
            required=False,
            initial=list(gate.card),
            help_text=f"One on a line. Fields of the card: {FIELD_TITLES}; or a heading of the description.",
        )

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The fields of each alias, below its name."""
        return [
            (name, [self[each] for each in self.fields if each.startswith(f"{name}.")]) for name in self.names
        ]

    @property
    def others(self) -> list[BoundField]:
        return [self[name] for name in ("more", "thresholds", "note")]

    @property
    def gates(self) -> Gates:
        """All gates as they shall be."""
        said = self.cleaned_data
        kept = [name for name in self.names if said.get(f"{name}.protected", True)]
        gates = {
            name: Gate.read({each: said[f"{name}.{each}"] for each in Gate.__dataclass_fields__})
            for name in kept
        }
        return {**{name: Gate(approvals=1) for name in [said["more"]] if name}, **gates}


class SigningKeyForm(Form):
    """A key by which the team knows its own signatures."""

    name = forms.CharField(
        max_length=80,
        validators=[check_text],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Short, such as build-2026.",
    )
    whose = forms.CharField(
        label="Whose it is",
        max_length=200,
        validators=[check_text],
        help_text="Who holds the private half, such as the build server of fraud.",
    )
    pem = forms.CharField(
        label="Public key or certificate",
        max_length=16_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text="In PEM, on the curve P-256, P-384 or P-521. A certificate stands for all that it issues.",
    )


class EndKeyForm(Form):
    """A signing key is ended with a reason."""

    reason = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(Form):
    """A yes or no to other gates."""

    note = decision_note()
    decision = forms.ChoiceField(
        choices=[("confirm", "confirm"), ("reject", "reject")],
        widget=forms.HiddenInput,
        error_messages={"required": "Press Confirm or Reject."},
    )
