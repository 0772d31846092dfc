"""What checks found, and which of it was accepted for a while."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint
from governance.errors import Absent
from governance.models import User
from registry import actions
from registry.api import found
from registry.api.below import Below
from registry.models import Finding, Severity, Version, Waiver
from registry.models.findings import FindingQuerySet

Values = dict[str, Any]
SEVERITIES = [severity.label for severity in Severity]
SORTS = ("-severity", "-id", "id")


# ------------------------------------------------------------------ what goes in and out


@extend_schema_field({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]})
class Until(serializers.Field[datetime, str, str, Any]):
    """A day, to its end in UTC, or a time with its zone."""

    default_error_messages = {"invalid": "Give a day such as 2026-01-31, or a time with its zone."}

    def to_internal_value(self, data: Any) -> datetime:
        try:
            day = parse_date(data)
            moment = datetime.combine(day, time.max, UTC) if day else parse_datetime(data)
        except (TypeError, ValueError):
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail("invalid")
        return moment


class WaiverForm(Strict):
    reason = Text(max_length=2000)
    expires = Until()


class WaiverAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    artifact = serializers.CharField(help_text="The label of the artifact whose versions it covers.")
    finding = serializers.IntegerField(allow_null=True)
    check = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField()
    severity = serializers.ChoiceField(SEVERITIES)
    reason = serializers.CharField()
    by = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires = serializers.DateTimeField()
    in_force = serializers.BooleanField()


class FindingAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    version = serializers.CharField(help_text="The label of the version.")
    check = serializers.CharField()
    name = serializers.CharField(help_text="What stays the same from run to run.")
    severity = serializers.ChoiceField(SEVERITIES)
    message = serializers.CharField()
    path = serializers.CharField()
    place = serializers.CharField(allow_blank=True, help_text="Where in the file.")
    open = serializers.BooleanField()
    waived = serializers.BooleanField(
        help_text="Whether a waiver in force, or a name that the team knows, covers it."
    )
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class VersionFindingQuery(Paged):
    severity = serializers.ChoiceField(SEVERITIES, required=False)
    open = serializers.ChoiceField(["true", "false"], required=False, help_text="Both without it.")
    sort = serializers.ChoiceField(SORTS, required=False, default="-severity")


class FindingQuery(Paged):
    severity = serializers.ChoiceField(SEVERITIES, required=False)
    open = serializers.ChoiceField(["true", "false"], required=False, help_text="Both without it.")
    team = serializers.CharField(required=False, max_length=60)
    sort = serializers.ChoiceField(SORTS, required=False, default="-id")


class WaiverQuery(Paged):
    team = serializers.CharField(required=False, max_length=60)
    in_force = serializers.ChoiceField(["true", "false"], required=False)


# ------------------------------------------------------------------ endpoints


class FindingView(Below):
    search_fields = ("check_name", "name", "path", "message")

    @endpoint(FindingAnswer(many=True), query=FindingQuery)
    def list(self) -> Values:
        """Findings in every version that you may see, newest first."""
        return self.answers(Finding.objects.visible_to(self.person))

    @endpoint(FindingAnswer(many=True), query=VersionFindingQuery, operation_id="versions_findings_list")
    def of_version(self, kind: str, team: str, name: str, number: int) -> Values:
        """Findings in one version, the worst first."""
        version = found.version(self.person, kind, team, name, number)
        return self.answers(Finding.objects.filter(version=version))

    @endpoint(FindingAnswer)
    def retrieve(self, pk: int) -> Values:
        """One finding."""
        return answer(self.find(pk))

    @endpoint(WaiverAnswer, status=201, body=WaiverForm, problems=WRITES)
    def waive(self, pk: int) -> Values:
        """Accept a finding until a day, for this and later versions. A steward who is not the author may."""
        waiver = actions.waive(self.find(pk), **self.body, by=self.person)
        return waiver_answer(waivers(self.person_sees()).get(pk=waiver.pk))

    def answers(self, rows: FindingQuerySet) -> Values:
        rows = labelled(filtered(rows, self.query))
        return self.listed(rows, self.query["sort"].replace("id", "pk"), answer)

    def find(self, pk: int) -> Finding:
        return finding_seen(self.person, pk)

    def person_sees(self) -> QuerySet[Waiver]:
        return Waiver.objects.visible_to(self.person)


class WaiverView(View):
    search_fields = ("check_name", "name", "path", "reason")

    @endpoint(WaiverAnswer(many=True), query=WaiverQuery)
    def list(self) -> Values:
        """Waivers of your teams, newest first."""
        rows = Waiver.objects.visible_to(self.person)
        if "team" in self.query:
            rows = rows.filter(artifact__team__slug=self.query["team"])
        if "in_force" in self.query:
            in_force = Waiver.objects.in_force()
            rows = (
                rows.filter(pk__in=in_force)
                if self.query["in_force"] == "true"
                else rows.exclude(pk__in=in_force)
            )
        return self.listed(waivers(rows), "-pk", waiver_answer)

    @endpoint(WaiverAnswer)
    def retrieve(self, pk: int) -> Values:
        """One waiver."""
        waiver = waivers(Waiver.objects.visible_to(self.person)).filter(pk=pk).first()
        if waiver is None:
            raise Absent("There is no such waiver that you may see.")
        return waiver_answer(waiver)


# ------------------------------------------------------------------ finding and answering


def filtered(rows: FindingQuerySet, query: Values) -> FindingQuerySet:
    if "severity" in query:
        rows = rows.filter(severity=Severity[query["severity"].upper()])
    if "open" in query:
        rows = rows.filter(closed_at__isnull=query["open"] == "true")
    if "team" in query:
        rows = rows.filter(version__artifact__team__slug=query["team"])
    return rows


def finding_seen(person: User, pk: int) -> Finding:
    finding = labelled(Finding.objects.visible_to(person)).filter(pk=pk).first()
    if finding is None:
        raise Absent("There is no such finding that you may see.")
    return finding


def labelled(rows: FindingQuerySet) -> FindingQuerySet:
    heavy = [f"version__artifact__{field}" for field in found.HEAVY]
    return rows.with_waived().select_related("version__artifact__team").defer(*heavy)


def waivers(rows: QuerySet[Waiver]) -> QuerySet[Waiver]:
    heavy = [f"artifact__{field}" for field in found.HEAVY]
    return rows.select_related("artifact__team", "by").defer(*heavy)


def answer(finding: Finding) -> Values:
    version: Version = finding.version
    return {
        "id": finding.pk,
        "version": version.label,
        "check": finding.check_name,
        "name": finding.name,
        "severity": finding.severity_word,
        "message": finding.message,
        "path": finding.path,
        "place": finding.place,
        "open": finding.closed_at is None,
        "waived": finding.waived,
        "opened_at": finding.opened_at,
        "closed_at": finding.closed_at,
    }


def waiver_answer(waiver: Waiver) -> Values:
    return {
        "id": waiver.pk,
        "artifact": waiver.artifact.label,
        "finding": waiver.finding_id,
        "check": waiver.check_name,
        "name": waiver.name,
        "path": waiver.path,
        "severity": Severity(waiver.severity).label,
        "reason": waiver.reason,
        "by": waiver.by.username,
        "created_at": waiver.created_at,
        "expires": waiver.ends_at,
        "in_force": waiver.ends_at > datetime.now(UTC),
    }
