"""Decisions: the log, one of them, and a new one."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import WRITES, Paged, Strict, Text, View, Whole, Words, endpoint
from governance.api.people import find_team
from kb import actions
from kb.labels import decisions_of, found_decision
from kb.models import Decision
from kb.models.decisions import LONGEST

Values = dict[str, Any]


class NotedBody(Strict):
    team = Text(max_length=60)
    title = Text(max_length=200)
    context = Text(max_length=LONGEST, help_text="Markdown, as all parts.")  # type: ignore[assignment]  # a field
    options = Text(max_length=LONGEST, required=False, allow_blank=True, default="")
    choice = Text(max_length=LONGEST)
    consequences = Text(max_length=LONGEST, required=False, allow_blank=True, default="")
    about = serializers.ListField(
        child=Text(max_length=200), max_length=20, required=False, help_text="Such as model:fraud/scorer@3."
    )
    supersedes = Whole(
        required=False, min_value=1, help_text="The number of the one that it takes the place of."
    )


class NotedQuery(Paged):
    search = Words(required=False, max_length=100, help_text="How words of it begin.")
    team = serializers.CharField(required=False, max_length=60)
    about = serializers.CharField(
        required=False, max_length=200, help_text="A label, such as models/fraud/scorer."
    )


class NotedRow(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own
    team = serializers.CharField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    supersedes = serializers.IntegerField(allow_null=True)
    superseded_by = serializers.IntegerField(allow_null=True)
    about = serializers.ListField(child=serializers.CharField(), help_text="Labels.")


class NotedAnswer(NotedRow):
    context = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own
    options = serializers.CharField(allow_blank=True)
    choice = serializers.CharField()
    consequences = serializers.CharField(allow_blank=True)


class DecisionView(View):
    @endpoint(NotedRow(many=True), query=NotedQuery)
    def list(self) -> Values:
        """Decisions of your teams, the newest first."""
        rows = decisions_of(self.person)
        if "team" in self.query:
            rows = rows.filter(team__slug=self.query["team"])
        if "about" in self.query:
            rows = rows.filter(about__contains=[self.query["about"]])
        if "search" in self.query:
            rows = rows.matching(self.query["search"])
        page = self.page(rows, "-pk")
        return self.paged(page, [row(decision) for decision in page.rows])

    @endpoint(NotedAnswer, status=201, body=NotedBody, problems=WRITES)
    def create(self) -> Values:
        """Note a choice, and why. It stays as it is: later ones supersede it."""
        team = find_team(self.person, self.body.pop("team"))
        number = self.body.pop("supersedes", None)
        older = found_decision(self.person, team.slug, str(number)) if number else None
        made = actions.add_decision(team, supersedes=older, by=self.person, **self.body)
        return answer(found_decision(self.person, team.slug, str(made.number)))

    @endpoint(NotedAnswer)
    def retrieve(self, team: str, number: int) -> Values:
        """One decision."""
        return answer(found_decision(self.person, team, str(number)))


def row(decision: Decision) -> Values:
    later = getattr(decision, "superseded_by", None)
    return {
        "label": decision.label,
        "team": decision.team.slug,
        "number": decision.number,
        "title": decision.title,
        "by": decision.by.username,
        "at": decision.at,
        "supersedes": decision.supersedes.number if decision.supersedes else None,
        "superseded_by": later.number if later else None,
        "about": decision.about,
    }


def answer(decision: Decision) -> Values:
    texts = {name: getattr(decision, name) for name in ("context", "options", "choice", "consequences")}
    return {**row(decision), **texts}
