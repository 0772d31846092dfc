"""Forms of the registry's pages: text into values, and what is malformed. They never save."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from governance import access, roles, subjects
from governance.api.parsing import loads
from governance.errors import Absent, Invalid
from governance.forms import Form
from governance.models import Team, User
from governance.names import check_slug, check_text
from governance.prepared import prepared
from governance.roles import APPROVERS
from registry.actions.findings import MOST_DAYS
from registry.actions.gates import MOST_APPROVALS
from registry.checks import CHECKS, SEVERITIES
from registry.contracts.terms import from_yaml
from registry.models import (
    Artifact,
    Declaration,
    Finding,
    Gate,
    GateSettings,
    Link,
    Severity,
    Triage,
    Version,
)
from registry.models.declarations import MANY, ONE
from registry.models.gates import DEFAULTS, Gates
from registry.models.grants import MOST_DAYS as GRANT_DAYS
from registry.models.versions import STATES
from registry.presenting import board
from registry.presenting.narrowing import ARCHIVED
from registry.presenting.records import title, written
from registry.quality import QUALITY
from registry.records import KINDS, MOST_BYTES


def may_be_spared() -> list[str]:
    """What looks at quality: a gate may do without it."""
    return [check.name for check in CHECKS.values() if check.may_be_spared] + list(QUALITY)


LICENCES = (
    "Apache-2.0", "MIT", "BSD-3-Clause", "GPL-3.0-or-later", "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0",
    "CC-BY-NC-4.0", "ODbL-1.0", "LicenseRef-Internal",
)  # fmt: skip


class TagsField(forms.CharField):
    """Words with commas or blanks between them."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return list(dict.fromkeys((super().to_python(value) or "").replace(",", " ").split()))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class LinesField(forms.CharField):
    """A line `name = value` for each; what is written like JSON is taken as such, the rest is text."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 4, "spellcheck": "false"})
    numbers = False

    def to_python(self, value: Any) -> dict[str, Any]:  # type: ignore[override]
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        return dict(self.pair(line) for line in lines if line)

    def pair(self, line: str) -> tuple[str, Any]:
        name, sign, text = (part.strip() for part in line.partition("="))
        if not (name and sign and text):
            raise forms.ValidationError(f"Write each line as name = value, not “{line[:60]}”.")
        return name, self.parsed(text)

    def parsed(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            return text


class NumbersField(LinesField):
    """A line `name = number` for each."""

    def parsed(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            raise forms.ValidationError(f"“{text[:60]}” is not a number: write 0.842, not 84.2 %.") from None


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


# ------------------------------------------------------------------ artifacts


class Narrowing(Form):
    """What of a list is shown. All of it stands in the address."""

    search = forms.CharField(label="Search", max_length=200, required=False)
    team = forms.ChoiceField(label="Team", required=False)

    def __init__(self, data: QueryDict, *, person: User) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.fields["team"].choices = [("", "Any team"), *((slug, slug) for slug in slugs(person))]  # type: ignore[attr-defined]

    @property
    def active(self) -> dict[str, str]:
        """The filters that are set; `Invalid` when one of them cannot be."""
        if not self.is_valid():
            name, sentences = next(iter(self.errors.items()))
            raise Invalid(f"{name.capitalize()}: {sentences[0]}", errors=dict(self.errors))
        return {name: value for name, value in self.cleaned_data.items() if value}


class ListFilter(Narrowing):
    """What of a list of artifacts is shown."""

    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any state"), *((name, name) for name in (*STATES, ARCHIVED))],
    )
    severity = forms.ChoiceField(
        label="Finding",
        required=False,
        choices=[("", "Any finding"), *((each.label, each.label) for each in Severity)],
    )
    alias = forms.CharField(label="Alias", max_length=60, required=False)
    tag = forms.CharField(label="Tag", max_length=40, required=False)
    owner = forms.CharField(label="Owner", max_length=100, required=False)
    licence = forms.CharField(label="Licence", max_length=120, required=False)


class ChosenForm(Form):
    """What is done to several artifacts of a list at once."""

    act = forms.ChoiceField(
        choices=[("follow", "follow"), ("tag", "tag"), ("archive", "archive")],
        error_messages={"required": "Say what is done with them."},
    )
    tag = forms.CharField(max_length=40, required=False, validators=[check_slug])


@prepared
def slugs(person: User) -> QuerySet[Team, str]:
    return Team.objects.visible_to(person).values_list("slug", flat=True)[:500]


class ArtifactForm(Form):
    """What describes an artifact and may change."""

    description = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Markdown. The first line is what lists show: say in it what this is for.",
    )
    tags = TagsField(required=False, help_text="Small letters, digits and hyphens; with commas between them.")
    licence = forms.CharField(
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "licences", "autocomplete": "off"}),
        help_text="Its SPDX name, such as Apache-2.0, or LicenseRef-Internal for your own.",
    )


class NewArtifactForm(ArtifactForm):
    """A new model, dataset or asset, in a team in which one may push."""

    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="slug", empty_label=None)
    name = forms.CharField(
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Letters, digits, dots, hyphens and underscores. A later one leads from this one.",
    )
    field_order = ("team", "name", "description", "tags", "licence")

    def __init__(self, data: Any = None, *, person: User, **rest: Any) -> None:
        """Offered are the teams in which one may; what the action says of another one is its to say."""
        super().__init__(data, **rest)
        team: Any = self.fields["team"]
        team.queryset = Team.objects.visible_to(person)
        allowed = team.queryset.at_work().filter(pk__in=access.teams(person, "artifact.add"))
        team.widget.choices = [(slug, slug) for slug in allowed.values_list("slug", flat=True)]

    @property
    def offers(self) -> bool:
        """Whether there is a team to make it in."""
        team: Any = self.fields["team"]
        return bool(team.widget.choices)


class RenameForm(Form):
    """Another name for an artifact."""

    name = forms.CharField(
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Letters, digits, dots, hyphens and underscores.",
    )


class EditArtifactForm(ArtifactForm):
    """What may change, and who owns it."""

    owner = forms.ModelChoiceField(
        User.objects.none(), to_field_name="username", empty_label=None, help_text="Who may push in the team."
    )
    field_order = ("description", "owner", "tags", "licence")

    def __init__(self, data: Any = None, *, artifact: Artifact, **rest: Any) -> None:
        super().__init__(data, initial=self.now(artifact), **rest)
        self.fields["owner"].queryset = pushers(artifact)  # type: ignore[attr-defined]

    @staticmethod
    def now(artifact: Artifact) -> dict[str, Any]:
        return {
            "description": artifact.description,
            "tags": artifact.tags,
            "licence": artifact.licence,
            "owner": artifact.owner.username,
        }


def pushers(artifact: Artifact) -> Any:
    """The members who may own it, and who owns it now."""
    from_roles = User.objects.filter(
        memberships__team=artifact.team,
        memberships__role__in=roles.allowing("version.add"),
        is_active=True,
    )
    return (from_roles | User.objects.filter(pk=artifact.owner_id)).distinct().order_by("username")


# ------------------------------------------------------------------ versions


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


# ------------------------------------------------------------------ records


class RecordFilter(Form):
    """Which records of a version are shown."""

    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Every kind"), *((name, title(name)) for name in KINDS)]
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filter-%s")

    @property
    def active(self) -> dict[str, str]:
        """The filter when it is set; `Invalid` when there is no such kind."""
        if not self.is_valid():
            raise Invalid(f"There is no such kind of record: choose from {', '.join(KINDS)}.")
        return {name: value for name, value in self.cleaned_data.items() if value}


class JSONText(forms.CharField):
    """One JSON object, read as strictly as the API reads a body."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 18, "spellcheck": "false"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        try:
            return loads(text.encode()) if text else None
        except (Invalid, UnicodeEncodeError) as error:
            sentence = getattr(error, "sentence", "This text holds half a character.")
            raise forms.ValidationError(sentence.replace("This body", "This text")) from None


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


class ColumnsField(forms.CharField):
    """Names of columns, one on a line."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        names = [line for line in lines if line]
        if any(len(name) > 200 for name in names) or len(names) > 100:
            raise forms.ValidationError("At most 100 columns, each with a name of at most 200 characters.")
        return names

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


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


class TermsField(forms.CharField):
    """A contract as YAML; empty: none holds."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 24, "spellcheck": "false"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        try:
            return from_yaml(text) if text.strip() else None
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from None


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


# ------------------------------------------------------------------ deciding


class ReasonForm(Form):
    """What takes something away from others says why."""

    reason = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text="It stays on the record."
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

    note = forms.CharField(
        label="Note",
        max_length=2000,
        required=False,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with your decision, for good.",
    )
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

    note = forms.CharField(
        label="Note",
        max_length=2000,
        required=False,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with your decision, for good.",
    )
    decision = forms.ChoiceField(
        choices=[("confirm", "confirm"), ("reject", "reject")],
        widget=forms.HiddenInput,
        error_messages={"required": "Press Confirm or Reject."},
    )


class AliasForm(Form):
    """A name without a gate, to be pointed at a version."""

    alias = forms.CharField(
        max_length=60,
        label="Name",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Small letters, digits and hyphens, such as candidate.",
    )


class NameForm(Form):
    """A name of the team's own."""

    reason = forms.CharField(
        max_length=2000,
        label="What is it, and where does it come from?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BoardFilter(Narrowing):
    """What of the board is shown."""

    severity = forms.ChoiceField(
        label="Severity",
        required=False,
        choices=[("", "Any severity"), *((name, name) for name in SEVERITIES if name != "info")],
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "To be done"), *((name, name) for name in (*board.STATES, *board.OTHERS))],
    )
    assignee = forms.CharField(label="Looks after it", max_length=100, required=False)
    check = forms.ChoiceField(label="Check", required=False)

    def __init__(self, data: QueryDict, *, person: User) -> None:
        super().__init__(data, person=person)
        self.fields["check"].choices = [("", "Any check"), *((name, name) for name in CHECKS)]  # type: ignore[attr-defined]


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
