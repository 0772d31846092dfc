"""The gates of a team: what each alias asks for, and changes that a second person confirms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from governance import access
from governance.api.base import WRITES, Paged, Strict, Text, View, Whole, endpoint
from governance.errors import Absent
from governance.models import Team
from governance.roles import APPROVERS
from registry import actions
from registry.actions.gates import MOST_LICENCES
from registry.loosening import lets_through
from registry.models import Gate, GateRequest
from registry.models.gates import settings_of

Values = dict[str, Any]
STATES = ("open", "confirmed", "rejected", "void")


class GateForm(Strict):
    approvals = Whole(help_text="How many people have to say yes, 0 to 5; production needs at least 1.")
    by_itself = serializers.BooleanField(
        required=False, default=False, help_text="Promote what is approved at once, in the name of who asked."
    )
    falls_back = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Roll back by itself, when a finding is critical, to what held it before and is clean.",
    )
    signed = serializers.BooleanField(
        required=False, default=False, help_text="Take only what a key of the team has signed."
    )

    run = Text(
        max_length=20,
        required=False,
        default="",
        allow_blank=True,
        help_text="The code of a playbook: take only bytes about which a run of it is finished.",
    )
    approvers = serializers.ListField(
        child=serializers.ChoiceField(APPROVERS),
        required=False,
        default=["steward"],
        allow_empty=False,
        max_length=len(APPROVERS),
        help_text="The roles whose yes counts.",
    )
    not_required = serializers.ListField(
        child=Text(max_length=60),
        required=False,
        default=list,
        max_length=50,
        help_text="The checks that it does without. What looks for danger is required everywhere.",
    )
    card = serializers.ListField(
        child=Text(max_length=100),
        required=False,
        default=list,
        max_length=20,
        help_text="Headings of the description below which something has to stand, such as Intended use.",
    )
    licences = serializers.ListField(
        child=Text(max_length=120),
        required=False,
        default=list,
        max_length=MOST_LICENCES,
        help_text="The only licences that a version and what it came from may have, by their SPDX names. "
        "Empty: any, and none.",
    )


class GateAnswer(serializers.Serializer[Any]):
    approvals = serializers.IntegerField()
    by_itself = serializers.BooleanField()
    falls_back = serializers.BooleanField()
    signed = serializers.BooleanField()
    run = serializers.CharField(allow_blank=True, help_text="Of which playbook a finished run is needed.")
    approvers = serializers.ListField(child=serializers.CharField())
    not_required = serializers.ListField(child=serializers.CharField())
    licences = serializers.ListField(child=serializers.CharField())
    card = serializers.ListField(child=serializers.CharField())


class GatesAnswer(serializers.Serializer[Any]):
    team = serializers.CharField()
    number = serializers.IntegerField(help_text="Of these settings; 0 are the usual ones.")
    set_at = serializers.DateTimeField(allow_null=True)
    gates = serializers.DictField(child=GateAnswer(), help_text="By alias.")
    thresholds = serializers.DictField(
        child=serializers.FloatField(), help_text="Of checks of quality, where they are not the usual ones."
    )


class GateRequestForm(Strict):
    gates = serializers.DictField(
        child=GateForm(),
        help_text="All of them by alias, as they shall be: an alias that is missing has no gate any more.",
    )
    thresholds = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        help_text="Of checks of quality, all that shall not be the usual ones, such as `duplicates.most`. "
        "Left out: as they are.",
    )
    based_on = Whole(required=False, min_value=0, help_text="The number of the settings that you were shown.")
    note = Text(max_length=2000, required=False, default="", allow_blank=True)


class AnswerForm(Strict):
    note = Text(max_length=2000, required=False, default="", allow_blank=True)


class GateRequestAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    team = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    based_on = serializers.IntegerField(help_text="The number of the settings that it replaces.")
    gates = serializers.DictField(child=GateAnswer(), help_text="By alias.")
    thresholds = serializers.DictField(
        child=serializers.FloatField(), help_text="Of checks of quality, where they are not the usual ones."
    )
    note = serializers.CharField(allow_blank=True)
    requested_by = serializers.CharField()
    requested_at = serializers.DateTimeField()
    closed_by = serializers.CharField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)


class GateRequestDetail(GateRequestAnswer):
    lets_through = serializers.ListField(
        child=serializers.CharField(), help_text="What it would let through, in sentences, while it is open."
    )


class GateView(View):
    search_fields = ("note", "answer", "requested_by__username")

    @endpoint(GatesAnswer)
    def retrieve(self, team: str) -> Values:
        """What each protected alias of a team asks for."""
        now = settings_of(self.team(team))
        gates = {name: asdict(gate) for name, gate in now.by_alias.items()}
        told = {"team": team, "number": now.number, "set_at": now.set_at, "gates": gates}
        return {**told, "thresholds": now.thresholds}

    @endpoint(GateRequestAnswer(many=True), query=Paged, operation_id="teams_gate_requests_list")
    def requests(self, team: str) -> Values:
        """The changes that were asked for, newest first."""
        return self.listed(self.seen(self.team(team)), "-pk", answer)

    @endpoint(GateRequestAnswer, status=201, body=GateRequestForm, problems=WRITES)
    def create(self, team: str) -> Values:
        """Ask a second person for other gates."""
        gates = {name: Gate.read(said) for name, said in self.body.pop("gates").items()}
        return answer(actions.request_gates(self.team(team), gates, **self.body, by=self.person))

    @endpoint(GateRequestDetail)
    def retrieve_request(self, team: str, pk: int) -> Values:
        """One of them, with what it would let through."""
        asked = self.find(team, pk)
        return {**answer(asked), "lets_through": [] if asked.closed_at else lets_through(asked, self.person)}

    @endpoint(GateRequestAnswer, body=AnswerForm, problems=WRITES)
    def confirm(self, team: str, pk: int) -> Values:
        """Say yes: from now on the gates are like this."""
        actions.confirm_gates(self.find(team, pk), note=self.body["note"], by=self.person)
        return answer(self.find(team, pk))

    @endpoint(GateRequestAnswer, body=AnswerForm, problems=WRITES)
    def reject(self, team: str, pk: int) -> Values:
        """Say no, or take it back: nothing changes."""
        actions.reject_gates(self.find(team, pk), note=self.body["note"], by=self.person)
        return answer(self.find(team, pk))

    def team(self, slug: str) -> Team:
        team = Team.objects.filter(slug=slug, pk__in=access.teams(self.person, "version.view")).first()
        if team is None:
            raise Absent(f"There are no gates of {slug} that you may see.")
        return team

    def seen(self, team: Team) -> QuerySet[GateRequest]:
        rows = GateRequest.objects.visible_to(self.person).filter(team=team)
        return rows.select_related("team", "requested_by", "closed_by")

    def find(self, slug: str, pk: int) -> GateRequest:
        asked = self.seen(self.team(slug)).filter(pk=pk).first()
        if asked is None:
            raise Absent("There is no such request that you may see.")
        return asked


def answer(asked: GateRequest) -> Values:
    return {
        "id": asked.pk,
        "team": asked.team.slug,
        "state": asked.state,
        "based_on": asked.based_on,
        "gates": {name: asdict(gate) for name, gate in asked.by_alias.items()},
        "thresholds": asked.thresholds,
        "note": asked.note,
        "requested_by": asked.requested_by.username,
        "requested_at": asked.requested_at,
        "closed_by": asked.closed_by.username if asked.closed_by else None,
        "closed_at": asked.closed_at,
        "answer": asked.answer,
    }
