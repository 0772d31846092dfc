"""Aliases: where they point, moved through their gate or freely, and moved back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, QuerySet, Subquery
from rest_framework import serializers

from governance.api.base import WRITES, Paged, Strict, Text, Whole, endpoint
from governance.errors import Absent, Invalid
from governance.models import User
from governance.names import check_slug
from governance.prepared import prepared
from registry import actions
from registry.api import found
from registry.api.below import Below
from registry.api.versions import FileAnswer, files
from registry.models import Alias, Version
from registry.models.gates import DEFAULTS, GateSettings, gates_of

Values = dict[str, Any]


class AliasForm(Strict):
    version = Whole(min_value=1, max_value=999_999_999)


class RollbackForm(AliasForm):
    reason = Text(max_length=2000)


class AliasRow(serializers.Serializer[Any]):
    alias = serializers.CharField()
    version = serializers.IntegerField()
    digest = serializers.CharField()
    protected = serializers.BooleanField(help_text="Whether it has a gate.")
    moved_at = serializers.DateTimeField()


class AliasAnswer(AliasRow):
    label = serializers.CharField(help_text="Of the version.")  # type: ignore[assignment]  # a field
    files = FileAnswer(many=True)


class AliasView(Below):
    search_fields = ("name",)

    @endpoint(AliasRow(many=True), query=Paged)
    def list(self, kind: str, team: str, name: str) -> Values:
        """Where the aliases point, as far as you may see those versions."""
        artifact = found.artifact(self.person, kind, team, name)
        rows = artifact.aliases.visible_to(self.person).select_related("version")
        return self.listed(rows, "name", row)

    @endpoint(AliasAnswer)
    def retrieve(self, kind: str, team: str, name: str, alias: str) -> Values:
        """The version that an alias points at, with its files."""
        return self.answer(kind, team, name, alias)

    @endpoint(AliasAnswer, body=AliasForm, problems=WRITES)
    def update(self, kind: str, team: str, name: str, alias: str) -> Values:
        """Point an alias at a version: a protected one through its gate."""
        version = found.version(self.person, kind, team, name, self.body["version"])
        move = actions.promote if alias in gates_of(version.team) else actions.move_alias
        move(version, named(alias), by=self.person)
        return self.answer(kind, team, name, alias)

    @endpoint(AliasAnswer, body=RollbackForm, problems=WRITES)
    def roll_back(self, kind: str, team: str, name: str, alias: str) -> Values:
        """Point a protected alias back at a version that held it, with a reason."""
        version = found.version(self.person, kind, team, name, self.body["version"])
        actions.roll_back(version, named(alias), reason=self.body["reason"], by=self.person)
        return self.answer(kind, team, name, alias)

    def answer(self, kind: str, team: str, name: str, alias: str) -> Values:
        """Two queries whose SQL is kept: programs ask this often."""
        pointed = pointed_at(self.person, kind, team=team, lowered=name.lower(), alias=named(alias))
        version = next(iter(pointed), None)
        if version is None:
            raise Absent(f"{name} has no {alias} that you may see.")
        return {
            "alias": alias,
            "version": version.number,
            "digest": version.digest,
            "protected": alias in (version.gates_now or DEFAULTS),  # type: ignore[attr-defined]
            "moved_at": version.alias_moved_at,  # type: ignore[attr-defined]
            "label": version.label,
            "files": files(version),
        }


@prepared
def pointed_at(person: User, kind: str, *, team: Any, lowered: Any, alias: Any) -> QuerySet[Version]:
    """The version that an alias points at, if this person may see it."""
    rows = found.of_one(person, kind, team, lowered).filter(aliases__name=alias)
    newest = GateSettings.objects.filter(team=OuterRef("artifact__team")).order_by("-number")
    gates = Subquery(newest.values("gates")[:1])
    shown = ("number", "digest", "artifact__kind", "artifact__name", "artifact__team__slug")
    return rows.annotate(alias_moved_at=F("aliases__moved_at"), gates_now=gates).order_by().only(*shown)


def row(alias: Alias) -> Values:
    return {
        "alias": alias.name,
        "version": alias.version.number,
        "digest": alias.version.digest,
        "protected": alias.protected,
        "moved_at": alias.moved_at,
    }


def named(alias: str) -> str:
    """A name that an alias may have."""
    try:
        check_slug(alias)
    except ValidationError as error:
        raise Invalid(error.messages[0], errors={"alias": error.messages}) from error
    return alias
