"""What people declare about the columns of a dataset."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import WRITES, Strict, Text, endpoint
from registry import actions
from registry.api import found
from registry.api.below import Below
from registry.models import Declaration

COLUMN = {"max_length": 200, "required": False, "allow_blank": True}


class DeclarationForm(Strict):
    target = Text(**COLUMN, help_text="What is to be predicted.")
    split = Text(**COLUMN, help_text="Which part a row is of: train, validation, test or a fold.")
    group = Text(**COLUMN, help_text="What belongs together, such as a customer: no group is in two parts.")
    time = Text(**COLUMN, help_text="When it happened: what is trained on comes before what is tested on.")
    source = Text(**COLUMN, help_text="Where a row comes from.")  # type: ignore[assignment]  # a field
    personal = serializers.ListField(
        child=Text(max_length=200),
        max_length=100,
        required=False,
        help_text="Columns that are personal data.",
    )
    quasi_identifiers = serializers.ListField(
        child=Text(max_length=200),
        max_length=100,
        required=False,
        help_text="Columns that together may tell who somebody is.",
    )
    formats = serializers.ListField(
        child=Text(max_length=200),
        max_length=100,
        required=False,
        help_text="Columns whose values have one form in all sources: phone (of a country), date, "
        "currency, country or unit, such as `mobile: phone DE`.",
    )


class DeclarationAnswer(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="0: nothing was declared yet.")
    target = serializers.CharField(allow_blank=True)
    split = serializers.CharField(allow_blank=True)
    group = serializers.CharField(allow_blank=True)
    time = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field
    personal = serializers.ListField(child=serializers.CharField())
    quasi_identifiers = serializers.ListField(child=serializers.CharField())
    formats = serializers.ListField(child=serializers.CharField())
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)


class DeclarationView(Below):
    @endpoint(DeclarationAnswer)
    def retrieve(self, kind: str, team: str, name: str) -> dict[str, Any]:
        """What is declared about the columns of a dataset now."""
        artifact = found.artifact(self.person, kind, team, name)
        seen = Declaration.objects.visible_to(self.person).filter(artifact=artifact)
        return answer(seen.select_related("by").first())

    @endpoint(DeclarationAnswer, body=DeclarationForm, problems=WRITES)
    def update(self, kind: str, team: str, name: str) -> dict[str, Any]:
        """Declare what the columns are: all of it, as what is left out is not declared any more. The newest
        versions are judged by it."""
        artifact = found.artifact(self.person, kind, team, name)
        return answer(actions.declare(artifact, by=self.person, **self.body))


def answer(declaration: Declaration | None) -> dict[str, Any]:
    shown = declaration or Declaration(number=0)
    said = shown.as_declared()
    return {
        "number": shown.number,
        "target": said.target,
        "split": said.split,
        "group": said.group,
        "time": said.time,
        "source": said.source,
        "personal": list(said.personal),
        "quasi_identifiers": list(said.quasi_identifiers),
        "formats": list(said.formats),
        "by": declaration.by.username if declaration else None,
        "at": shown.at,
    }
