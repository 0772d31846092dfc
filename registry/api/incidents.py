"""Incidents: what blocks, or blocked, in what is in use."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import Paged, View, endpoint
from registry.api import found
from registry.models import Incident

Values = dict[str, Any]


class IncidentAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    version = serializers.CharField(help_text="The label of the version.")
    alias = serializers.CharField(help_text="The protected alias that pointed at it.")
    findings = serializers.ListField(
        child=serializers.CharField(), help_text="The names of what blocks, the worst first."
    )
    open = serializers.BooleanField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    how = serializers.ChoiceField(
        Incident.How.choices, allow_blank=True, help_text="Why it is closed; empty while it is open."
    )


class IncidentQuery(Paged):
    open = serializers.ChoiceField(["true", "false"], required=False, help_text="Both without it.")
    team = serializers.CharField(required=False, max_length=60)


class IncidentView(View):
    search_fields = ("version__artifact__name", "alias", "findings")

    @endpoint(IncidentAnswer(many=True), query=IncidentQuery)
    def list(self) -> Values:
        """Incidents of versions that you may see, newest first."""
        rows = Incident.objects.visible_to(self.person)
        if "open" in self.query:
            rows = rows.filter(closed_at__isnull=self.query["open"] == "true")
        if "team" in self.query:
            rows = rows.filter(version__artifact__team__slug=self.query["team"])
        heavy = [f"version__artifact__{field}" for field in found.HEAVY]
        rows = rows.select_related("version__artifact__team").defer(*heavy)
        return self.listed(rows, "-pk", answer)


def answer(incident: Incident) -> Values:
    return {
        "id": incident.pk,
        "version": incident.version.label,
        "alias": incident.alias,
        "findings": incident.findings,
        "open": incident.closed_at is None,
        "opened_at": incident.opened_at,
        "closed_at": incident.closed_at,
        "how": incident.how,
    }
