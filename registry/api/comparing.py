"""Two versions of an artifact side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from rest_framework import serializers

from governance.api.base import endpoint, in_path
from governance.models import User
from registry.api import found
from registry.api.below import Below
from registry.models import Finding, Version
from registry.presenting.comparing import MOST_SHOWN, Changes, compare
from registry.presenting.schemas import Schema

T = TypeVar("T")

in_path("other", "The number of the other version.", type="integer", minimum=1)


class ChangeAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    what = serializers.ChoiceField(["added", "removed", "changed"])
    before = serializers.JSONField(help_text="Null: it was not there.")
    after = serializers.JSONField(help_text="Null: it is gone.")


class ChangesAnswer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()
    rows = ChangeAnswer(many=True, help_text=f"The first {MOST_SHOWN}.")


class SchemaChangeAnswer(serializers.Serializer[Any]):
    column = serializers.CharField()
    what = serializers.ChoiceField(["added", "removed", "changed"])
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    backward = serializers.BooleanField(help_text="New readers can read the old data.")
    forward = serializers.BooleanField(help_text="Old readers can read the new data.")


class SchemaAnswer(serializers.Serializer[Any]):
    path = serializers.CharField()
    compatible = serializers.ChoiceField(
        ["full", "backward", "forward", "none"], allow_null=True, help_text="Null: not evaluated."
    )
    needs = serializers.CharField(allow_blank=True, help_text="What it needs, when it is not evaluated.")
    changes = SchemaChangeAnswer(many=True, help_text=f"The first {MOST_SHOWN}.")


class MetricAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField(allow_null=True)


class HiddenAnswer(serializers.Serializer[Any]):
    before = serializers.IntegerField()
    after = serializers.IntegerField()


class ComparisonAnswer(serializers.Serializer[Any]):
    before = serializers.IntegerField(help_text="The number of the other version.")
    after = serializers.IntegerField(help_text="The number of this version.")
    files = ChangesAnswer(help_text="By path, each with its size and sha256.")
    metrics = MetricAnswer(many=True)
    parameters = ChangesAnswer()
    lineage = ChangesAnswer(help_text="Parents by label, as far as you see them, each with its relations.")
    hidden = HiddenAnswer(help_text="How many parents you may not see.")
    findings = ChangesAnswer(help_text="Open ones above info; added is new, removed is gone.")
    notes_changed = serializers.BooleanField()
    schemas = SchemaAnswer(many=True, help_text="Of each table that both versions have.")


class CompareView(Below):
    @endpoint(ComparisonAnswer)
    def retrieve(self, kind: str, team: str, name: str, number: int, other: int) -> dict[str, Any]:
        """What became different from another version to this one."""
        after = found.version(self.person, kind, team, name, number)
        return answer(self.person, found.version(self.person, kind, team, name, other), after)


def answer(person: User, before: Version, after: Version) -> dict[str, Any]:
    compared = compare(person, before, after)
    return {
        "before": before.number,
        "after": after.number,
        "files": changes(compared.files, lambda held: {"size": held[0], "sha256": held[1]}),
        "metrics": [
            {
                "name": each.name,
                "before": before.metrics.get(each.name),
                "after": after.metrics.get(each.name),
            }
            for each in compared.metrics
        ],
        "parameters": changes(compared.parameters, str),
        "lineage": changes(compared.lineage, str),
        "hidden": {"before": compared.hidden[0], "after": compared.hidden[1]},
        "findings": changes(compared.findings, finding, name=lambda key: key.replace("\n", " ")),
        "notes_changed": bool(compared.notes),
        "schemas": [schema(each) for each in compared.schemas],
    }


def changes(some: Changes[T], value: Callable[[T], Any], name: Callable[[str], str] = str) -> dict[str, Any]:
    rows = [
        {
            "name": name(row.name),
            "what": row.what,
            "before": None if row.before is None else value(row.before),
            "after": None if row.after is None else value(row.after),
        }
        for row in some.rows
    ]
    counts = {"added": some.added, "removed": some.removed, "changed": some.changed, "same": some.same}
    return {**counts, "rows": rows}


def schema(each: Schema) -> dict[str, Any]:
    return {
        "path": each.path,
        "compatible": each.mode,
        "needs": each.needs,
        "changes": [asdict(change) for change in each.changes[:MOST_SHOWN]],
    }


def finding(each: Finding) -> dict[str, Any]:
    return {"id": each.pk, "severity": each.severity_word, "path": each.path, "message": each.message}
