"""Records: declared evidence of a version, and the kinds that there are."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.response import Response

from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint
from governance.errors import Absent
from registry import actions, records
from registry.api import found
from registry.api.below import Below
from registry.models import Record
from registry.quality import QUALITY

Values = dict[str, Any]
KINDS = list(records.KINDS)


class RecordForm(Strict):
    kind = serializers.ChoiceField(KINDS)
    data = serializers.DictField(  # type: ignore[assignment]  # a field, not the serializer's own
        help_text="By the schema of its kind, which `records/kinds/` tells."
    )


class WithdrawalForm(Strict):
    reason = Text(max_length=2000)


class RecordQuery(Paged):
    kind = serializers.ChoiceField(KINDS, required=False)


class Withdrawal(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField()


class RecordAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    version = serializers.CharField(help_text="The label of the version.")
    kind = serializers.ChoiceField(KINDS)
    data = serializers.DictField()  # type: ignore[assignment]  # a field, not the serializer's own
    declared = serializers.BooleanField(help_text="Always true: somebody says it, nothing here measured it.")
    digest = serializers.CharField(
        help_text='SHA-256 over {"data": …, "kind": …} as JSON with sorted names and without blanks.'
    )
    by = serializers.CharField()
    at = serializers.DateTimeField()
    withdrawn = Withdrawal(allow_null=True)


class RecordKindAnswer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(KINDS)
    title = serializers.CharField()
    about = serializers.CharField()
    schema = serializers.DictField(help_text="JSON Schema, 2020-12.")
    example = serializers.DictField()
    feeds = serializers.ListField(
        child=serializers.CharField(), help_text="The checks that look at it, whatever it is about."
    )


class RecordKindsAnswer(serializers.Serializer[Any]):
    results = RecordKindAnswer(many=True)


DECLARED = {
    200: OpenApiResponse(RecordAnswer, "The same record stands already."),
    201: OpenApiResponse(RecordAnswer, "New."),
}


class RecordKindView(View):
    @endpoint(RecordKindsAnswer)
    def retrieve(self) -> Values:
        """What can be declared: each kind with its schema and an example."""
        return {"results": [kind_answer(kind) for kind in records.KINDS.values()]}


class RecordView(Below):
    search_fields = ("kind", "data", "by__username")

    @endpoint(RecordAnswer(many=True), query=RecordQuery)
    def list(self, kind: str, team: str, name: str, number: int) -> Values:
        """What was declared about a version, newest first, with what was withdrawn."""
        rows = self.seen(kind, team, name, number)
        asked = {"kind": self.query["kind"]} if "kind" in self.query else {}
        return self.listed(rows.filter(**asked), "-pk", answer)

    @endpoint(DECLARED, body=RecordForm, problems=WRITES)
    def create(self, kind: str, team: str, name: str, number: int) -> Response:
        """Declare evidence about a draft or a frozen version. The same again is the record that stands."""
        version = found.version(self.person, kind, team, name, number)
        made, is_new = actions.add_record(version, self.body["kind"], self.body["data"], by=self.person)
        record = self.find(kind, team, name, number, made.pk)
        return Response(answer(record), status=201 if is_new else 200)

    @endpoint(RecordAnswer)
    def retrieve(self, kind: str, team: str, name: str, number: int, pk: int) -> Values:
        """One record."""
        return answer(self.find(kind, team, name, number, pk))

    @endpoint(RecordAnswer, body=WithdrawalForm, problems=WRITES)
    def withdraw(self, kind: str, team: str, name: str, number: int, pk: int) -> Values:
        """Say that it does not hold. It stays, with who withdrew it and why."""
        record = self.find(kind, team, name, number, pk)
        actions.withdraw_record(record, reason=self.body["reason"], by=self.person)
        return answer(self.find(kind, team, name, number, pk))

    def seen(self, kind: str, team: str, name: str, number: int) -> QuerySet[Record]:
        version = found.version(self.person, kind, team, name, number)
        heavy = [f"version__artifact__{field}" for field in found.HEAVY]
        rows = Record.objects.filter(version=version).defer(*heavy)
        return rows.select_related("version__artifact__team", "by", "withdrawn_by")

    def find(self, kind: str, team: str, name: str, number: int, pk: int) -> Record:
        record = self.seen(kind, team, name, number).filter(pk=pk).first()
        if record is None:
            raise Absent(f"Version {number} of {name} has no such record.")
        return record


def kind_answer(kind: records.RecordKind) -> Values:
    return {
        "kind": kind.name,
        "title": kind.title,
        "about": kind.about,
        "schema": kind.schema,
        "example": kind.example,
        "feeds": [check.name for check in QUALITY.values() if kind.name in check.reads],
    }


def answer(record: Record) -> Values:
    return {
        "id": record.pk,
        "version": record.version.label,
        "kind": record.kind,
        "data": record.data,
        "declared": True,
        "digest": record.digest,
        "by": record.by.username,
        "at": record.at,
        "withdrawn": withdrawn(record),
    }


def withdrawn(record: Record) -> Values | None:
    if record.withdrawn_by is None:
        return None
    return {"at": record.withdrawn_at, "by": record.withdrawn_by.username, "reason": record.reason}
