"""How the checks of a version went, file by file."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import Paged, endpoint
from registry.api import found
from registry.api.below import Below
from registry.models import CheckResult


class CheckAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    check = serializers.CharField()
    path = serializers.CharField()
    outcome = serializers.ChoiceField(["", "done", "failed"], allow_blank=True, help_text="Empty: not yet.")
    error = serializers.CharField(allow_blank=True)
    fact = serializers.JSONField(help_text="What it measured.")
    engine_version = serializers.CharField(
        allow_blank=True, help_text="The digest of the code by which it judged; empty: an older release."
    )
    list_version = serializers.CharField(
        allow_blank=True, help_text="The digest of the lists by which it judged; empty: it has none."
    )
    attempts = serializers.IntegerField(help_text="Since it was last asked for.")
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField()


class CheckView(Below):
    search_fields = ("check_name", "file__path", "error")

    @endpoint(CheckAnswer(many=True), query=Paged)
    def list(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """One result for each file and check, with what it measured."""
        version = found.version(self.person, kind, team, name, number)
        rows = CheckResult.objects.filter(version=version).select_related("file")
        return self.listed(rows, "pk", answer)


def answer(result: CheckResult) -> dict[str, Any]:
    return {
        "id": result.pk,
        "check": result.check_name,
        "path": result.file.path,
        "outcome": result.outcome,
        "error": result.error,
        "fact": result.fact,
        "engine_version": result.engine_version,
        "list_version": result.list_version,
        "attempts": result.attempts,
        "asked_at": result.asked_at,
        "finished_at": result.finished_at,
        "seconds": result.seconds,
    }
