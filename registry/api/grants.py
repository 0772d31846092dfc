"""Who may read a dataset: restricted and opened, asked for, decided, ended; and who could on a day."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from rest_framework import serializers

from governance.api.base import WRITES, Paged, Strict, Text, endpoint
from governance.errors import Absent
from governance.searching import searched
from registry import actions, reading
from registry.api import found
from registry.api.artifacts import ArtifactAnswer, whole
from registry.api.below import Below
from registry.api.findings import Until
from registry.models import Artifact, Grant, Restriction
from registry.reading import Readers

Values = dict[str, Any]
STATES = ("waiting", "live", "ended", "rejected", "void")


# ------------------------------------------------------------------ what goes in and out


class On(Until):
    """A day or a time that has been, as the moments from which and up to which somebody could read."""

    default_error_messages = {"future": "The record tells of what has been: choose today or an earlier day."}

    def to_internal_value(self, data: Any) -> Any:
        last, now = super().to_internal_value(data), timezone.now()
        first = datetime.combine(last.date(), time.min, UTC) if is_day(data) else last
        if first > now:
            self.fail("future")
        return first, min(last, now)


def is_day(data: str) -> bool:
    return parse_date(data) is not None


class GrantForm(Strict):
    purpose = Text(max_length=2000, help_text="What for. It stays on the record.")
    until = Until()


class AnswerToGrant(Strict):
    note = Text(max_length=2000, required=False, default="", allow_blank=True)


class RestrictionForm(Strict):
    reason = Text(max_length=2000)


class EndOfGrant(Strict):
    reason = Text(
        max_length=2000,
        required=False,
        default="",
        allow_blank=True,
        help_text="Needed for a grant that counts.",
    )


class GrantQuery(Paged):
    on = On(required=False, help_text="Those that counted then, instead of all.")


class GrantAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    dataset = serializers.CharField(help_text="Its label.")
    person = serializers.CharField()
    state = serializers.ChoiceField(STATES, help_text="Now.")
    purpose = serializers.CharField()
    until = serializers.DateTimeField()
    requested_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True, help_text="Who granted or rejected it.")
    note = serializers.CharField(allow_blank=True)
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When its end went on the record.")
    ended_by = serializers.CharField(allow_null=True)
    end_reason = serializers.CharField(allow_blank=True)


class RestrictionAnswer(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)
    opened_by = serializers.CharField(allow_null=True)
    opened_because = serializers.CharField(allow_blank=True)


class GrantsAnswer(serializers.Serializer[Any]):
    results = GrantAnswer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    restricted = serializers.BooleanField(
        help_text="Now, or all through the day that was asked for. If not, whoever saw it could read it."
    )
    owners = serializers.ListField(child=serializers.CharField(), help_text="Who needed no grant.")
    restrictions = RestrictionAnswer(many=True, help_text="Those in force now, or then.")


# ------------------------------------------------------------------ endpoints


class GrantView(Below):
    search_fields = ("purpose", "note", "end_reason", "person__username")

    @endpoint(GrantsAnswer, query=GrantQuery, operation_id="grants_list")
    def every(self, kind: str, team: str, name: str) -> Values:
        """The requests and grants that you may see, newest first; with `on`, who could read it then. The
        owner, stewards and auditors see all of them, others their own."""
        artifact = found.artifact(self.person, kind, team, name)
        then = self.query.get("on")
        told = reading.readers(artifact, *then) if then else reading.readers_now(artifact)
        rows = self.seen(artifact).filter(pk__in=told.grants) if then else self.seen(artifact)
        page = self.page(searched(rows, self.search_fields, self.query.get("search", "")), "-pk")
        return {**self.paged(page, [answer(grant) for grant in page.rows]), **readers(told)}

    @endpoint(GrantAnswer, status=201, body=GrantForm, problems=WRITES)
    def create(self, kind: str, team: str, name: str) -> Values:
        """Ask to read a restricted dataset. Its owner or a steward decides."""
        artifact = found.artifact(self.person, kind, team, name)
        return answer(actions.request_grant(artifact, **self.body, by=self.person))

    @endpoint(GrantAnswer)
    def retrieve(self, kind: str, team: str, name: str, pk: int) -> Values:
        """One request, and what became of it."""
        return answer(self.find(kind, team, name, pk))

    @endpoint(GrantAnswer, body=AnswerToGrant, problems=WRITES)
    def approve(self, kind: str, team: str, name: str, pk: int) -> Values:
        """Let somebody else read it until the end that they asked for."""
        actions.approve_grant(self.find(kind, team, name, pk), note=self.body["note"], by=self.person)
        return answer(self.find(kind, team, name, pk))

    @endpoint(GrantAnswer, body=AnswerToGrant, problems=WRITES)
    def reject(self, kind: str, team: str, name: str, pk: int) -> Values:
        """Say no: the request is closed."""
        actions.reject_grant(self.find(kind, team, name, pk), note=self.body["note"], by=self.person)
        return answer(self.find(kind, team, name, pk))

    @endpoint(GrantAnswer, body=EndOfGrant, problems=WRITES)
    def end(self, kind: str, team: str, name: str, pk: int) -> Values:
        """End a grant before its time, or take back your own request."""
        actions.end_grant(self.find(kind, team, name, pk), reason=self.body["reason"], by=self.person)
        return answer(self.find(kind, team, name, pk))

    @endpoint(ArtifactAnswer, body=RestrictionForm, problems=WRITES)
    def restrict(self, kind: str, team: str, name: str) -> Values:
        """From now on only its owner and who holds a grant look into it."""
        artifact = found.artifact(self.person, kind, team, name)
        actions.restrict(artifact, reason=self.body["reason"], by=self.person)
        return whole(self.person, kind, team, name)

    @endpoint(ArtifactAnswer, body=RestrictionForm, problems=WRITES)
    def open(self, kind: str, team: str, name: str) -> Values:
        """From now on everybody who sees it looks into it."""
        artifact = found.artifact(self.person, kind, team, name)
        actions.open_dataset(artifact, reason=self.body["reason"], by=self.person)
        return whole(self.person, kind, team, name)

    def seen(self, artifact: Artifact) -> QuerySet[Grant]:
        heavy = [f"artifact__{field}" for field in found.HEAVY]
        rows = Grant.objects.visible_to(self.person).filter(artifact=artifact).defer(*heavy)
        return rows.select_related("artifact__team", "artifact__owner", "person", "decided_by", "ended_by")

    def find(self, kind: str, team: str, name: str, pk: int) -> Grant:
        grant = self.seen(found.artifact(self.person, kind, team, name)).filter(pk=pk).first()
        if grant is None:
            raise Absent("There is no such grant that you may see.")
        return grant


# ------------------------------------------------------------------ answering


def answer(grant: Grant) -> Values:
    return {
        "id": grant.pk,
        "dataset": grant.artifact.label,
        "person": grant.person.username,
        "state": grant.state,
        "purpose": grant.purpose,
        "until": grant.ends_at,
        "requested_at": grant.requested_at,
        "decided_at": grant.decided_at,
        "decided_by": grant.decided_by.username if grant.decided_by else None,
        "note": grant.note,
        "ended_at": grant.ended_at,
        "ended_by": grant.ended_by.username if grant.ended_by else None,
        "end_reason": grant.end_reason,
    }


def readers(told: Readers) -> Values:
    return {
        "restricted": told.restricted,
        "owners": told.owners,
        "restrictions": [restriction(period) for period in told.periods],
    }


def restriction(period: Restriction) -> Values:
    return {
        "since": period.since,
        "by": period.by.username,
        "reason": period.reason,
        "until": period.until,
        "opened_by": period.opened_by.username if period.opened_by else None,
        "opened_because": period.opened_because,
    }
