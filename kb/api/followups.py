"""Follow-ups and retrospectives of runs, for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import WRITES, Paged, Strict, Text, endpoint, in_path
from kb import actions
from kb.api.runs import OfRuns
from kb.models import FollowUp
from kb.run_forms import one_called

Values = dict[str, Any]

in_path("follow_up", "The follow-up's number, as the list shows it.", type="integer", minimum=1)


class FollowUpAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    owner = serializers.CharField()
    due_on = serializers.DateField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class RetrospectiveAnswer(serializers.Serializer[Any]):
    article = serializers.CharField(help_text="The label of the article.")
    title = serializers.CharField()


class AddFollowUpForm(Strict):
    text = Text(max_length=500)
    owner = Text(max_length=100, help_text="A user name.")
    due_on = serializers.DateField()


class FollowUpView(OfRuns):
    search_fields = ("text", "owner__username")

    @endpoint(FollowUpAnswer(many=True), query=Paged, operation_id="runs_follow_ups_list")
    def list(self, pk: int) -> Values:
        """What is to be done after it, the newest first."""
        return self.listed(self.find(pk).follow_ups.select_related("owner", "by"), "-pk", answer)

    @endpoint(FollowUpAnswer, status=201, body=AddFollowUpForm, problems=WRITES)
    def create(self, pk: int) -> Values:
        """Ask for one."""
        run, given = self.find(pk), self.body
        owner = one_called(run.team, given["owner"], "owner", anybody=run.confidential)
        return answer(
            actions.add_follow_up(run, given["text"], owner=owner, due_on=given["due_on"], by=self.person)
        )

    @endpoint(FollowUpAnswer, problems=WRITES)
    def done(self, pk: int, follow_up: int) -> Values:
        """Say that it is done."""
        return answer(actions.settle_follow_up(self.find(pk), follow_up, by=self.person))

    @endpoint(RetrospectiveAnswer, status=201, problems=WRITES)
    def retrospective(self, pk: int) -> Values:
        """Begin the article about a run that is over."""
        made = actions.write_retrospective(self.find(pk), by=self.person)
        return {"article": made.label, "title": made.title}


def answer(found: FollowUp) -> Values:
    names = ("text", "due_on", "at", "done_at")
    people = {"owner": found.owner.username, "by": found.by.username}
    return {"id": found.pk, **people, **{name: getattr(found, name) for name in names}}
