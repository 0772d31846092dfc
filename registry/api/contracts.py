"""The contract of a dataset: what its tables have to look like."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import WRITES, Strict, Text, endpoint
from governance.errors import Absent
from registry import actions
from registry.api import found
from registry.api.below import Below
from registry.models import Contract
from registry.presenting import contracts

MOST = 20


class ContractForm(Strict):
    terms = serializers.DictField(
        allow_null=True,
        help_text="The contract, by the schema that is answered with it. Null: none holds any more.",
    )
    note = Text(max_length=500, required=False, allow_blank=True, help_text="Why.")
    based_on = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="The number of the contract that was read: another one is a 409.",
    )


class EarlierAnswer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    note = serializers.CharField()
    holds = serializers.BooleanField(help_text="False: it said that no contract holds.")


class ContractAnswer(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="0: there never was one.")
    terms = serializers.DictField(allow_null=True, help_text="Null: none holds.")
    note = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    history = EarlierAnswer(many=True, help_text=f"The newest {MOST}, by number.")


class DerivedAnswer(serializers.Serializer[Any]):
    terms = serializers.DictField()


class ContractView(Below):
    @endpoint(ContractAnswer)
    def retrieve(self, kind: str, team: str, name: str) -> dict[str, Any]:
        """The contract that holds now, and those before it."""
        artifact = found.artifact(self.person, kind, team, name)
        kept = list(contracts.of(self.person, artifact)[:MOST])
        return answer(kept[0] if kept else None, kept)

    @endpoint(ContractAnswer)
    def retrieve_one(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """One of the contracts that there were."""
        artifact = found.artifact(self.person, kind, team, name)
        kept = contracts.of(self.person, artifact)
        one = kept.filter(number=number).first()
        if one is None:
            raise Absent(f"There is no contract {number} of {name} that you may see.")
        return answer(one, list(kept[:MOST]))

    @endpoint(ContractAnswer, body=ContractForm, problems=WRITES)
    def update(self, kind: str, team: str, name: str) -> dict[str, Any]:
        """Make a contract, all of it: it holds for every version from now on, and the newest ones are held
        against it. The same again changes nothing."""
        artifact = found.artifact(self.person, kind, team, name)
        made = actions.set_contract(artifact, by=self.person, **self.body)
        return answer(made, list(contracts.of(self.person, artifact)[:MOST]))

    @endpoint(DerivedAnswer)
    def derive(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """A contract that this version would meet, from its profile. Nothing is kept."""
        version = found.version(self.person, kind, team, name, number)
        terms = contracts.from_version(version)
        if terms is None:
            raise Absent(f"Version {number} of {name} has no table that was measured.")
        return {"terms": terms}


def answer(contract: Contract | None, kept: list[Contract]) -> dict[str, Any]:
    return {
        "number": contract.number if contract else 0,
        "terms": contract.terms if contract else None,
        "note": contract.note if contract else "",
        "by": contract.by.username if contract else None,
        "at": contract.at if contract else None,
        "history": [
            {
                "number": each.number,
                "by": each.by.username,
                "at": each.at,
                "note": each.note,
                "holds": bool(each.written),
            }
            for each in kept
        ],
    }
