"""What of a list is shown; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from governance.errors import Invalid
from governance.forms import Form
from governance.models import Team, User
from governance.names import check_slug
from governance.prepared import prepared
from registry.checks import CHECKS, SEVERITIES
from registry.models import Severity
from registry.models.versions import STATES
from registry.presenting import board
from registry.presenting.narrowing import ARCHIVED
from registry.presenting.records import title
from registry.quality import QUALITY
from registry.records import KINDS


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
        self.fields["check"].choices = [("", "Any check"), *((name, name) for name in finding())]  # type: ignore[attr-defined]


def finding() -> Iterator[str]:
    """The checks that leave findings: of files, and of quality but for those of a team."""
    yield from CHECKS
    yield from (check.name for check in QUALITY.values() if check.is_of_version)
