"""Versions: begun, filled, submitted, checked; and how they stand before a gate."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.response import Response

from governance import access
from governance.api.base import WRITES, Number, ObjectionAnswer, Paged, Strict, Text, Whole, endpoint
from governance.errors import Absent
from governance.models import User
from governance.prepared import prepared
from registry import actions
from registry.api import bin, found, patience
from registry.api.below import Below
from registry.api.bin import DeletionAnswer
from registry.api.signing import SignedAnswer
from registry.gate import draft_objection
from registry.models import KINDS, Alias, File, Kind, Link, Version
from registry.models.gates import gates_of
from registry.models.versions import STATES
from registry.presenting.signing import as_values

Values = dict[str, Any]
GATE = "production"


# ------------------------------------------------------------------ what goes in and out


class ParentForm(Strict):
    kind = serializers.ChoiceField([kind.value for kind in Kind])
    team = Text(max_length=60)
    name = Text(max_length=100)
    version = Whole(min_value=1, max_value=999_999_999)
    relation = serializers.ChoiceField(Link.Relation.values)


class VersionForm(Strict):
    notes = Text(max_length=20_000, required=False, allow_blank=True)
    metrics = serializers.DictField(child=Number(), required=False, help_text="Numbers by name.")
    parameters = serializers.DictField(required=False, help_text="Any JSON by name.")
    parents = ParentForm(  # type: ignore[call-arg]  # the list takes max_length
        many=True, required=False, max_length=200, help_text="What it came from, as far as you see."
    )
    digest = Text(
        max_length=64,
        required=False,
        help_text="What its files will have together: the SHA-256 over the JSON list of [path, size, sha256] "
        "by path, without blanks. The version is frozen under no other digest then, and the same again is "
        "answered with the version that is there.",
    )


class FileAnswer(serializers.Serializer[Any]):
    path = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()


class Relative(serializers.Serializer[Any]):
    """Another version. Of one that you may not see, all but the relation is null."""

    relation = serializers.ChoiceField(Link.Relation.values)
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a field, not its own
    kind = serializers.ChoiceField([kind.value for kind in Kind], allow_null=True)
    team = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    withdrawn = serializers.BooleanField(allow_null=True, help_text="Whether nobody uses it any more.")


class WithdrawForm(Strict):
    reason = Text(max_length=2000)
    also = serializers.BooleanField(
        required=False, default=False, help_text="Though a protected alias points at it."
    )


class ReinstateForm(Strict):
    reason = Text(max_length=2000)


class WithdrawnAnswer(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    reason = serializers.CharField()


class VersionRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own
    state = serializers.ChoiceField(STATES)
    released = serializers.BooleanField(help_text="Whether a protected alias points at it or did.")
    withdrawn = WithdrawnAnswer(allow_null=True, help_text="Since when nobody uses it, and why.")
    digest = serializers.CharField(allow_blank=True, help_text="Of its files; empty for a draft.")
    notes = serializers.CharField(allow_blank=True)
    metrics = serializers.DictField(child=serializers.FloatField())
    added_by = serializers.CharField()
    added_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    file_count = serializers.IntegerField(help_text="0 for a draft.")
    size = serializers.IntegerField(help_text="Bytes of all files; 0 for a draft.")


class VersionAnswer(VersionRow):
    parameters = serializers.DictField()
    parents = Relative(many=True)
    aliases = serializers.ListField(child=serializers.CharField(), help_text="Those that point at it.")
    files = FileAnswer(many=True)
    objections = ObjectionAnswer(
        many=True, help_text=f"Why you may not promote it to {GATE}; empty: you may."
    )
    gates = serializers.DictField(
        child=ObjectionAnswer(many=True), help_text="The same for each protected alias."
    )
    signature = SignedAnswer(allow_null=True, help_text="Whose signature it carries; null for a draft.")


class WaitQuery(Strict):
    wait = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=patience.LONGEST,
        help_text="Seconds to wait for the checks to end. With many waiting, the answer may come at once.",
    )


BEGUN = {
    200: OpenApiResponse(VersionAnswer, "Your own of the same digest and facts, which was there."),
    201: OpenApiResponse(VersionAnswer, "New."),
}


# ------------------------------------------------------------------ endpoints


class VersionView(Below):
    search_fields = ("notes",)

    @endpoint(VersionRow(many=True), query=Paged)
    def list(self, kind: str, team: str, name: str) -> Values:
        """The versions that you may see, newest first."""
        found.artifact(self.person, kind, team, name)
        rows = found.versions(self.person, kind, team, name).with_state(KINDS[kind])
        return self.listed(rows, "-number", row)

    @endpoint(BEGUN, body=VersionForm, problems=WRITES)
    def create(self, kind: str, team: str, name: str) -> Response:
        """Begin a draft."""
        artifact = found.artifact(self.person, kind, team, name)
        parents = [self.parent(number, **given) for number, given in enumerate(self.body.pop("parents", []))]
        about = {**self.body, "parents": parents, "by": self.person}
        if "digest" in about:
            made, is_new = actions.add_version_once(artifact, **about)
        else:
            made, is_new = actions.add_version(artifact, **about), True
        return Response(self.whole(kind, team, name, made.number), status=201 if is_new else 200)

    @endpoint(VersionAnswer, query=WaitQuery)
    def retrieve(self, kind: str, team: str, name: str, number: int) -> Values:
        """One version and how it stands. With `wait`, answered when its checks have ended or time is up."""
        version = found.version(self.person, kind, team, name, number)
        patience.wait_for_checks(version, self.query["wait"])
        return self.whole(kind, team, name, number)

    @endpoint(VersionAnswer, status=202, problems=WRITES)
    def submit(self, kind: str, team: str, name: str, number: int) -> Values:
        """Freeze a draft under its digest and have it checked."""
        actions.submit(found.version(self.person, kind, team, name, number), by=self.person)
        return self.whole(kind, team, name, number)

    @endpoint(VersionAnswer, status=202, problems=WRITES)
    def recheck(self, kind: str, team: str, name: str, number: int) -> Values:
        """Run every check again. What they said last counts until they have."""
        actions.recheck(found.version(self.person, kind, team, name, number), by=self.person)
        return self.whole(kind, team, name, number)

    @endpoint(VersionAnswer, body=WithdrawForm, problems=WRITES)
    def withdraw(self, kind: str, team: str, name: str, number: int) -> Values:
        """Stop it at once, whatever was agreed: nobody fetches it but its author and stewards, knowingly."""
        version = found.version(self.person, kind, team, name, number)
        actions.withdraw(version, **self.body, by=self.person)
        return self.whole(kind, team, name, number)

    @endpoint(VersionAnswer, body=ReinstateForm, problems=WRITES)
    def reinstate(self, kind: str, team: str, name: str, number: int) -> Values:
        """Let it into use again: for another steward than the one who withdrew it."""
        version = found.version(self.person, kind, team, name, number)
        actions.reinstate(version, **self.body, by=self.person)
        return self.whole(kind, team, name, number)

    @endpoint(DeletionAnswer, problems=WRITES)
    def destroy(self, kind: str, team: str, name: str, number: int) -> Values:
        """Put a draft into the bin of its team. What is frozen is not deleted."""
        version = found.version(self.person, kind, team, name, number)
        return bin.answer(actions.delete_draft(version, by=self.person))

    def parent(
        self, place: int, *, kind: str, team: str, name: str, version: int, relation: str
    ) -> tuple[Version, str]:
        plural = Kind(kind).plural
        try:
            return found.version(self.person, plural, team, name, version), relation
        except Absent as absent:
            if renamed := found.now_called(self.person, plural, team, name):
                where: Values = {"kind": kind, "team": team, "name": renamed, "version": version}
                return self.parent(place, **where, relation=relation)
            sentence = f"There is no version {version} of {team}/{name} that you may see."
            raise Absent(sentence, errors={f"parents.{place}": [sentence]}) from absent

    def whole(self, kind: str, team: str, name: str, number: int) -> Values:
        return answer(found.version(self.person, kind, team, name, number), self.person)


# ------------------------------------------------------------------ answering


def row(version: Version) -> Values:
    return {
        "id": version.pk,
        "number": version.number,
        "label": version.label,
        "state": version.state,
        "released": version.released,
        "withdrawn": withdrawn(version),
        "digest": version.digest,
        "notes": version.notes,
        "metrics": version.metrics,
        "added_by": version.added_by.username,
        "added_at": version.added_at,
        "submitted_at": version.submitted_at,
        "file_count": version.file_count,
        "size": version.size,
    }


def withdrawn(version: Version) -> Values | None:
    if version.withdrawn_at is None:
        return None
    return {"since": version.withdrawn_at, "reason": version.withdrawn_reason}


def answer(version: Version, person: User) -> Values:
    links = edges(version=version.pk)
    above = Version.objects.visible_to(person).filter(pk__in=[link.parent_id for link in links])
    seen = set(above.values_list("pk", flat=True) if links else ())
    gates = {alias: gate(person, version, alias) for alias in gates_of(version.team)}
    return {
        **row(version),
        "parameters": version.parameters,
        "parents": [relative(link.relation, link.parent, link.parent_id in seen) for link in links],
        "aliases": aliases(version=version.pk),
        "files": files(version),
        "objections": gates[GATE],
        "gates": gates,
        "signature": as_values(version),
    }


@prepared
def edges(*, version: Any) -> QuerySet[Link]:
    return Link.objects.filter(version=version).select_related("parent__artifact__team").order_by("pk")


@prepared
def aliases(*, version: Any) -> QuerySet[Alias, str]:
    return Alias.objects.filter(version=version).order_by("name").values_list("name", flat=True)


def files(version: Version) -> list[Values]:
    rows = contents(version=version.pk)
    return [{"path": path, "size": size, "sha256": sha256} for path, size, sha256 in rows]


@prepared
def contents(*, version: Any) -> QuerySet[File, tuple[str, int, str]]:
    rows = File.objects.filter(version=version).order_by("path")
    return rows.values_list("path", "blob__size", "blob__sha256")


def gate(person: User, version: Version, alias: str) -> list[Values]:
    """Every reason why this person may not promote it."""
    if version.is_draft:
        return [asdict(draft_objection(version))]
    return [asdict(found) for found in access.objections(person, "version.promote", version, alias=alias)]


def relative(relation: str, version: Version, seen: bool) -> Values:
    """Another version in a lineage. Of one that may not be seen only the relation is told."""
    artifact = version.artifact
    return {
        "relation": relation,
        "label": version.label if seen else None,
        "kind": artifact.kind if seen else None,
        "team": artifact.team.slug if seen else None,
        "name": artifact.name if seen else None,
        "version": version.number if seen else None,
        "withdrawn": version.withdrawn_at is not None if seen else None,
    }
