"""The board of findings, and what becomes of several at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint
from governance.errors import Absent, Invalid
from governance.models import User
from registry import actions
from registry.api.findings import SEVERITIES, WaiverForm, labelled
from registry.models import Finding, Triage
from registry.models.findings import FindingQuerySet
from registry.presenting import board
from registry.presenting.sarif import as_sarif

Values = dict[str, Any]
SORTS = ("-severity", "opened_at", "-opened_at")
SAVED = {200: OpenApiResponse(OpenApiTypes.OBJECT, "A SARIF 2.1.0 document.")}
SHOWN = [*board.STATES, *board.OTHERS]


class CardAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of the finding in the newest version that has it.")
    version = serializers.CharField(help_text="The label of that version.")
    check = serializers.CharField()
    found_by = serializers.ListField(
        child=serializers.CharField(), help_text="Every engine that says so, this check first."
    )
    name = serializers.CharField()
    severity = serializers.ChoiceField(SEVERITIES)
    message = serializers.CharField()
    path = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(board.STATES)
    assignee = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    since = serializers.DateTimeField(help_text="When it was found first, in whatever version.")
    due = serializers.DateTimeField(allow_null=True)
    overdue = serializers.BooleanField()


class AllAnswer(serializers.Serializer[Any]):
    findings = CardAnswer(many=True)


class Narrow(Strict):
    team = serializers.CharField(required=False, max_length=60)
    check = serializers.CharField(required=False, max_length=60)
    severity = serializers.ChoiceField(SEVERITIES, required=False)
    assignee = serializers.CharField(required=False, max_length=100)
    state = serializers.ChoiceField(SHOWN, required=False, help_text="Without it what is to be done.")


class BoardQuery(Paged, Narrow):
    sort = serializers.ChoiceField(
        ["-severity", "opened_at", "-opened_at"], required=False, default="-severity"
    )


class TriageForm(Strict):
    findings = serializers.ListField(child=serializers.IntegerField(), max_length=100)
    state = serializers.ChoiceField(Triage.State.values, required=False)
    assignee = Text(max_length=100, required=False, allow_null=True, help_text="A username; null is nobody.")
    note = Text(max_length=2000, required=False)


class TriageAnswer(serializers.Serializer[Any]):
    changed = serializers.IntegerField()


class WaiveForm(WaiverForm):
    findings = serializers.ListField(child=serializers.IntegerField(), max_length=100)


class WaivedAnswer(serializers.Serializer[Any]):
    waived = serializers.IntegerField(
        help_text="What is found in several versions of one artifact counts once."
    )


class TriageView(View):
    @endpoint(CardAnswer(many=True), query=BoardQuery)
    def list(self) -> Values:
        """Findings above info, each once; the worst first."""
        page = self.page(self.rows(), self.query["sort"])
        return self.paged(page, [board.as_values(card) for card in board.cards(page.rows)])

    @endpoint(TriageAnswer, body=TriageForm, problems=(*WRITES, 404))
    def create(self) -> Values:
        """Say what is thought of findings and who looks after them: of all or of none."""
        body = dict(self.body)
        wanted, asked = set(body.pop("findings")), "assignee" in body
        found = self.seen(wanted)
        named = body.pop("assignee", None)
        about: Values = {"assignee": somebody(self.person, named), "nobody": asked and named is None}
        done = actions.triage(found, **body, **about, by=self.person)
        return {"changed": len(done)}

    @endpoint(WaivedAnswer, body=WaiveForm, problems=(*WRITES, 404))
    def waive(self) -> Values:
        """Accept several findings until one day: all of them, or none when one is refused."""
        body = dict(self.body)
        found = self.seen(set(body.pop("findings")))
        return {"waived": len(actions.waive_all(found, **body, by=self.person))}

    @endpoint(AllAnswer, query=Narrow)
    def json(self) -> Values:
        """The same in one document, at most 5,000 of them."""
        return board.as_json(self.rows())

    @endpoint(SAVED, query=Narrow)
    def sarif(self) -> Values:
        """The same as SARIF 2.1.0, at most 5,000 of them."""
        return as_sarif(self.rows())

    def rows(self) -> FindingQuerySet:
        return labelled(board.listed(self.person, self.query))

    def seen(self, wanted: set[int]) -> Sequence[Finding]:
        rows = Finding.objects.visible_to(self.person).filter(pk__in=wanted)
        found = list(rows.select_related("version__artifact__team", "version__added_by"))
        if len(found) < len(wanted):
            raise Absent("There is no such finding that you may see.")
        return found


def somebody(person: User, name: str | None) -> User | None:
    """Whom this person names, as far as they may know of them."""
    if name is None:
        return None
    named: User | None = User.objects.visible_to(person).filter(username__iexact=name, is_active=True).first()
    if named is None:
        sentence = f"There is nobody called {name} whom you may see."
        raise Invalid(sentence, errors={"assignee": [sentence]})
    return named
