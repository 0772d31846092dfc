"""Forms of a model, dataset or asset."""

from __future__ import annotations

from typing import Any

from django import forms

from governance import access, roles
from governance.forms import Form
from governance.models import Team, User
from registry import card_fields
from registry.forms.fields import TagsField
from registry.models import Artifact

LICENCES = (
    "Apache-2.0", "MIT", "BSD-3-Clause", "GPL-3.0-or-later", "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0",
    "CC-BY-NC-4.0", "ODbL-1.0", "LicenseRef-Internal",
)  # fmt: skip


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
        self._card = card_fields.of_kind(artifact.kind)
        for field in self._card:
            self.fields[f"card.{field.name}"] = forms.CharField(
                label=f"Card: {field.title}",
                required=False,
                max_length=card_fields.LONGEST,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=artifact.card.get(field.name, ""),
                help_text=f"{field.asks} Markdown.",
            )

    def clean(self) -> dict[str, Any]:
        """The fields of the card as one."""
        found = dict(super().clean() or self.cleaned_data)
        found["card"] = {field.name: found.pop(f"card.{field.name}", "") for field in self._card}
        return found

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
