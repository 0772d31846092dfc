"""Looking into confidential runs, for programs."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from governance.api.base import WRITES, Paged, Strict, Text, View, Whole, endpoint
from governance.errors import Absent
from kb import actions
from kb.actions.run_parts import CONFIDENTIAL
from kb.api.runs import Values
from kb.models import Glass


class GlassAnswer(serializers.Serializer[object]):
    id = serializers.IntegerField()
    run = serializers.IntegerField()
    team = serializers.CharField()
    asked_by = serializers.CharField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    opened_by = serializers.CharField(allow_blank=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    refused_by = serializers.CharField(allow_blank=True)


class AskGlassForm(Strict):
    run = Whole(min_value=1, help_text="The number of the run.")
    reason = Text(max_length=2000)


class GlassView(View):
    search_fields = ("reason", "asked_by__username", "run__team__slug")

    @endpoint(GlassAnswer(many=True), query=Paged, operation_id="glass_list")
    def list(self) -> Values:
        """Who asked to look into confidential runs, for administrators and who may say yes."""
        return self.listed(self.seen(), "-pk", answer)

    @endpoint(GlassAnswer, status=201, body=AskGlassForm, problems=(404, *WRITES))
    def create(self) -> Values:
        """Ask to read one for a day."""
        return answer(
            actions.ask_glass(CONFIDENTIAL, self.body["run"], reason=self.body["reason"], by=self.person)
        )

    @endpoint(GlassAnswer, problems=WRITES)
    def confirm(self, pk: int) -> Values:
        """Let who asked read it for a day; its parties are told."""
        return answer(actions.open_glass(self.find(pk), by=self.person))

    @endpoint(GlassAnswer, problems=WRITES)
    def reject(self, pk: int) -> Values:
        """Do not let them."""
        return answer(actions.reject_glass(self.find(pk), by=self.person))

    def seen(self) -> QuerySet[Glass]:
        rows = Glass.objects.visible_to(self.person)
        return rows.select_related("run__team", "asked_by", "opened_by", "refused_by")

    def find(self, pk: int) -> Glass:
        found = self.seen().filter(pk=pk).first()
        if found is None:
            raise Absent("There is no such request that you may see.")
        return found


def answer(glass: Glass) -> Values:
    return {
        "id": glass.pk,
        "run": glass.run_id,
        "team": glass.team.slug,
        "asked_by": glass.asked_by.username,
        "reason": glass.reason,
        "at": glass.at,
        "opened_by": glass.opened_by.username if glass.opened_by else "",
        "ends_at": glass.ends_at,
        "refused_by": glass.refused_by.username if glass.refused_by else "",
    }
