"""Approvals: asked for, given, refused."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers

from governance import actions, subjects
from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint
from governance.errors import Absent
from governance.models import Approval, User

STATES = ("open", "approved", "rejected", "void", "used", "withdrawn")


class ApprovalForm(Strict):
    subject = Text(max_length=400, help_text="A label, such as models/fraud/scorer/versions/3.")
    alias = Text(max_length=60)
    note = Text(max_length=2000, required=False, default="", allow_blank=True)


class NoteForm(Strict):
    note = Text(max_length=2000, required=False, default="", allow_blank=True)


class YesForm(NoteForm):
    digest = Text(
        max_length=64,
        required=False,
        default="",
        allow_blank=True,
        help_text="What you were shown: a yes to anything else is refused.",
    )


class VoteAnswer(serializers.Serializer[Any]):
    by = serializers.CharField()
    yes = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class ApprovalAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    team = serializers.CharField()
    subject = serializers.CharField()
    alias = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256 of the evidence: what a yes binds.")
    state = serializers.ChoiceField(STATES)
    note = serializers.CharField(allow_blank=True)
    requested_by = serializers.CharField()
    requested_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    votes = VoteAnswer(many=True)


class ApprovalDetail(ApprovalAnswer):
    evidence = serializers.JSONField(
        help_text="What the digest was made of: bytes, findings, waivers, policy."
    )


class ApprovalQuery(Paged):
    open = serializers.ChoiceField(["true", "false"], required=False)
    team = serializers.CharField(required=False, max_length=60)
    subject = serializers.CharField(required=False, max_length=400, help_text="A label and all below it.")
    alias = serializers.CharField(required=False, max_length=60)


class ApprovalView(View):
    search_fields = ("subject", "note", "requested_by__username")

    @endpoint(ApprovalAnswer(many=True), query=ApprovalQuery)
    def list(self) -> dict[str, Any]:
        """Requests of the teams whose work one sees, newest first."""
        rows = filtered(self.person, self.seen(), self.query)
        return self.listed(rows, "-pk", answer)

    @endpoint(ApprovalDetail, status=201, body=ApprovalForm, problems=(*WRITES, 404))
    def create(self) -> dict[str, Any]:
        """Ask for a yes to a version taking an alias, bound to what there is now."""
        body = self.body
        made = actions.request_approval(
            body["subject"], alias=body["alias"], note=body["note"], by=self.person
        )
        return detail(self.find(made.pk))

    @endpoint(ApprovalDetail)
    def retrieve(self, pk: int) -> dict[str, Any]:
        """One request, with the evidence that it binds."""
        return detail(self.find(pk))

    @endpoint(ApprovalDetail, body=YesForm, problems=WRITES)
    def approve(self, pk: int) -> dict[str, Any]:
        """Say yes."""
        actions.approve(self.find(pk), **self.body, by=self.person)
        return detail(self.find(pk))

    @endpoint(ApprovalDetail, body=NoteForm, problems=WRITES)
    def reject(self, pk: int) -> dict[str, Any]:
        """Say no: the request is closed."""
        actions.reject(self.find(pk), **self.body, by=self.person)
        return detail(self.find(pk))

    def seen(self) -> QuerySet[Approval]:
        rows = Approval.objects.visible_to(self.person)
        return rows.select_related("team", "requested_by").prefetch_related("votes__by")

    def find(self, pk: int) -> Approval:
        approval = self.seen().filter(pk=pk).first()
        if approval is None:
            raise Absent("There is no such request that you may see.")
        return approval


def filtered(person: User, rows: QuerySet[Approval], query: dict[str, Any]) -> QuerySet[Approval]:
    """A former name finds those of the present one."""
    if "open" in query:
        rows = rows.filter(closed_at__isnull=query["open"] == "true")
    if "team" in query:
        rows = rows.filter(team__slug=query["team"])
    if "alias" in query:
        rows = rows.filter(alias=query["alias"])
    if "subject" in query:
        named = Q()
        for label in subjects.called(person, query["subject"].strip("/")):
            named |= Q(subject=label) | Q(subject__startswith=f"{label}/")
        rows = rows.filter(named)
    return rows


def answer(approval: Approval) -> dict[str, Any]:
    return {
        "id": approval.pk,
        "team": approval.team.slug,
        "subject": approval.subject,
        "alias": approval.alias,
        "digest": approval.digest,
        "state": approval.state,
        "note": approval.note,
        "requested_by": approval.requested_by.username,
        "requested_at": approval.requested_at,
        "closed_at": approval.closed_at,
        "votes": [
            {"by": vote.by.username, "yes": vote.yes, "note": vote.note, "at": vote.at}
            for vote in approval.votes.all()
        ],
    }


def detail(approval: Approval) -> dict[str, Any]:
    return {**answer(approval), "evidence": approval.evidence}
