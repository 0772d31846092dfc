"""Models, datasets and assets: lists, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from governance import access
from governance.api.base import WRITES, Paged, Strict, Text, Words, endpoint
from governance.api.people import find_team
from governance.errors import Invalid
from governance.models import User
from governance.prepared import prepared
from registry import actions, card_fields
from registry.api import bin, found
from registry.api.below import Below
from registry.api.bin import DeletionAnswer
from registry.api.findings import SEVERITIES
from registry.models import KINDS, Alias, Artifact, Version
from registry.models.versions import STATES
from registry.presenting import listing
from registry.presenting.listing import Shown
from registry.presenting.narrowing import ARCHIVED, SUMMARY

Values = dict[str, Any]
SORTS = ("-updated_at", "updated_at", "name", "-name")


# ------------------------------------------------------------------ what goes in and out


class Described(Strict):
    description = Text(max_length=100_000, required=False, allow_blank=True, help_text="Markdown.")
    tags = serializers.ListField(child=Text(max_length=40), max_length=20, required=False)
    licence = Text(max_length=120, required=False, allow_blank=True, help_text="By its SPDX name.")


class ArtifactForm(Described):
    team = Text(max_length=60)
    name = Text(max_length=100)


class RenameForm(Strict):
    name = Text(max_length=100)


class ArtifactChange(Described):
    card = serializers.DictField(
        child=Text(max_length=card_fields.LONGEST, allow_blank=True),
        required=False,
        help_text="Fields of the card to change; an empty text takes one out: "
        + ", ".join(field.name for field in card_fields.FIELDS),
    )
    owner = Text(max_length=100, required=False, help_text="A member of the team who may push.")


class Latest(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)
    released = serializers.BooleanField()


class ArtifactRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField([kind.value for kind in KINDS.values()])
    team = serializers.CharField()
    name = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]  # a field, not the serializer's own
        help_text="What approvals and events call it; also its address below here."
    )
    owner = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    licence = serializers.CharField(allow_blank=True)
    restricted = serializers.BooleanField(help_text="Whether one looks into it by a grant only.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True, help_text="Since when nothing new comes.")
    latest = Latest(allow_null=True, help_text="The newest version that you may see.")
    aliases = serializers.DictField(
        child=serializers.IntegerField(), help_text="Which version each points at."
    )
    summary = serializers.CharField(
        allow_blank=True, help_text=f"The first {SUMMARY} characters of the description."
    )


class HoldAnswer(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField()


class ArtifactAnswer(ArtifactRow):
    description = serializers.CharField(allow_blank=True)
    card = serializers.DictField(
        child=serializers.CharField(), help_text="What only people know, by fields of a card."
    )
    hold = HoldAnswer(allow_null=True, help_text="The legal hold: members are told of it.")


class ArtifactQuery(Paged):
    search = Words(required=False, max_length=200, help_text="How words of name or description begin.")
    team = serializers.CharField(required=False, max_length=60)
    tag = serializers.CharField(required=False, max_length=40)
    licence = serializers.CharField(required=False, max_length=120)
    owner = serializers.CharField(required=False, max_length=100)
    state = serializers.ChoiceField(
        [*STATES, ARCHIVED],
        required=False,
        help_text=f"Of the newest version that you may see. What is archived is listed for {ARCHIVED} alone.",
    )
    severity = serializers.ChoiceField(
        SEVERITIES,
        required=False,
        help_text="Of an open finding, not waived, in the newest version that you may see.",
    )
    alias = serializers.CharField(
        required=False, max_length=60, help_text="One that points at a version that you may see."
    )
    sort = serializers.ChoiceField(SORTS, required=False, default="-updated_at")


# ------------------------------------------------------------------ endpoints


class ArtifactView(Below):
    @endpoint(ArtifactRow(many=True), query=ArtifactQuery)
    def list(self, kind: str) -> Values:
        """Those that you may see, the last changed first."""
        asked, place = self.query, {"cursor": self.query.get("cursor", ""), "size": self.query["size"]}
        page = listing.page(self.person, KINDS[kind], asked, asked["sort"], **place)
        return self.paged(page, answers(self.person, page.rows))

    @endpoint(ArtifactAnswer, status=201, body=ArtifactForm, problems=(*WRITES, 404))
    def create(self, kind: str) -> Values:
        """Make a new one in a team; who makes it owns it."""
        team = find_team(self.person, self.body.pop("team"))
        made = actions.add_artifact(team, kind=KINDS[kind], **self.body, by=self.person)
        return whole(self.person, kind, team.slug, made.name)

    @endpoint(ArtifactAnswer)
    def retrieve(self, kind: str, team: str, name: str) -> Values:
        """One model, dataset or asset."""
        return whole(self.person, kind, team, name)

    @endpoint(ArtifactAnswer, body=ArtifactChange, problems=WRITES)
    def partial_update(self, kind: str, team: str, name: str) -> Values:
        """Change description, fields of the card, tags, licence or owner."""
        artifact = found.artifact(self.person, kind, team, name)
        if "owner" in self.body:
            self.body["owner"] = self.owner(self.body["owner"])
        actions.edit_artifact(artifact, **self.body, by=self.person)
        return whole(self.person, kind, team, name)

    @endpoint(DeletionAnswer, problems=WRITES)
    def destroy(self, kind: str, team: str, name: str) -> Values:
        """Put it with all its versions into the bin of its team, unless something uses it or did."""
        artifact = found.artifact(self.person, kind, team, name)
        return bin.answer(actions.delete_artifact(artifact, by=self.person))

    @endpoint(ArtifactAnswer, body=RenameForm, problems=WRITES)
    def rename(self, kind: str, team: str, name: str) -> Values:
        """Give it another name. The old one goes on working, here and at pages, and stays reserved."""
        artifact = found.artifact(self.person, kind, team, name)
        renamed = actions.rename(artifact, self.body["name"], by=self.person)
        return whole(self.person, kind, team, renamed.name)

    @endpoint(ArtifactAnswer, problems=WRITES)
    def archive(self, kind: str, team: str, name: str) -> Values:
        """Close it to what is new, and take it out of lists. What is in use stays in use."""
        actions.archive(found.artifact(self.person, kind, team, name), by=self.person)
        return whole(self.person, kind, team, name)

    @endpoint(ArtifactAnswer, problems=WRITES)
    def unarchive(self, kind: str, team: str, name: str) -> Values:
        """Open it again."""
        actions.unarchive(found.artifact(self.person, kind, team, name), by=self.person)
        return whole(self.person, kind, team, name)

    def owner(self, username: str) -> User:
        user: User | None = User.objects.visible_to(self.person).filter(username__iexact=username).first()
        if user is None:
            raise Invalid(
                f"There is nobody called {username} whom you may see.", errors={"owner": ["Not known."]}
            )
        return user


# ------------------------------------------------------------------ answering


def whole(person: User, kind: str, team: str, name: str) -> Values:
    artifact = found.artifact(person, kind, team, name)
    (row,) = answers(person, [shown(artifact)])
    said = {"description": artifact.description, "card": artifact.card}
    return {**row, **said, "hold": hold_of(artifact, person)}


def shown(artifact: Artifact) -> Shown:
    owner = artifact.owner
    return Shown(
        artifact.pk,
        artifact.kind,
        artifact.team.slug,
        artifact.name,
        owner.username,
        owner.first_name,
        owner.last_name,
        artifact.tags,
        artifact.licence,
        artifact.restricted,
        artifact.created_at,
        artifact.updated_at,
        artifact.archived_at,
        artifact.description[:SUMMARY],
    )


def hold_of(artifact: Artifact, person: User) -> Values | None:
    if artifact.held_by is None or access.role_objection(person, "version.view", artifact):
        return None
    return {"since": artifact.held_at, "by": artifact.held_by.username, "reason": artifact.held_reason}


def answers(person: User, artifacts: Sequence[Shown]) -> Sequence[Values]:
    """Rows as dictionaries: two queries for all of them."""
    keys = [artifact.pk for artifact in artifacts]
    latest = {key: standing for key, *standing in newest(person, artifacts=keys)}
    aliases: dict[int, dict[str, int]] = {key: {} for key in keys}
    for artifact, alias, number in pointing(person, artifacts=keys):
        aliases[artifact][alias] = number
    return [answer(artifact, latest.get(artifact.pk), aliases[artifact.pk]) for artifact in artifacts]


@prepared
def newest(person: User, *, artifacts: Any) -> QuerySet[Version, tuple[int, int, str, bool]]:
    rows = listing.newest_of(person, artifacts)
    return rows.values_list("artifact", "number", "state_now", "released_now")  # type: ignore[misc]


@prepared
def pointing(person: User, *, artifacts: Any) -> QuerySet[Alias, tuple[int, str, int]]:
    """Which alias of these points at which version, as far as this person may see those."""
    seen = Alias.objects.visible_to(person).filter(artifact__in=artifacts)
    return seen.values_list("artifact", "name", "version__number")


def answer(artifact: Shown, latest: Sequence[Any] | None, aliases: dict[str, int]) -> Values:
    return {
        "id": artifact.pk,
        "kind": artifact.kind,
        "team": artifact.team__slug,
        "name": artifact.name,
        "label": artifact.label,
        "owner": artifact.owner__username,
        "tags": artifact.tags,
        "licence": artifact.licence,
        "restricted": artifact.restricted,
        "created_at": artifact.created_at,
        "updated_at": artifact.updated_at,
        "archived_at": artifact.archived_at,
        "latest": latest and dict(zip(("number", "state", "released"), latest, strict=True)),
        "aliases": aliases,
        "summary": artifact.summary,
    }
