"""What the tables of a version look like."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from governance.api.base import endpoint
from registry import gathered, judging, measured
from registry.api import found
from registry.api.below import Below
from registry.contracts.outcomes import Outcome, outcomes
from registry.models import Contract, File, Version
from registry.models.contracts import contract_of
from registry.presenting.judged import judged_row
from registry.presenting.profiles import before, drift_rows, in_use_before
from registry.quality import Folders, Stream, Table

MOST = 50


class DriftAnswer(serializers.Serializer[Any]):
    column = serializers.CharField()
    psi = serializers.FloatField(allow_null=True, help_text="Null: not evaluated.")
    state = serializers.ChoiceField(["stable", "watch", "act"], allow_null=True)
    needs = serializers.CharField(allow_blank=True, help_text="What it needs, when it is not evaluated.")


class OutcomeAnswer(serializers.Serializer[Any]):
    clause = serializers.CharField(help_text="What was promised, such as least.")
    columns = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(
        ["met", "broken", "look", "not evaluated", "stated"], help_text="Not evaluated is never a pass."
    )
    rows = serializers.IntegerField(
        allow_null=True, help_text="How many rows break it. Null: none are counted."
    )
    of = serializers.IntegerField(allow_null=True)
    said = serializers.CharField(allow_blank=True, help_text="What is so, or what is needed.")


class TableAnswer(serializers.Serializer[Any]):
    path = serializers.CharField()
    profile = serializers.DictField(
        allow_null=True,
        help_text="What was measured, by the words that the page of the profile explains. Null: not yet.",
    )
    not_evaluated = serializers.CharField(allow_blank=True, help_text="Why there is none.")
    compared_with = serializers.IntegerField(
        allow_null=True, help_text="The version before, which has a table of this path."
    )
    drift = DriftAnswer(many=True)
    production = serializers.IntegerField(
        allow_null=True, help_text="The earlier version in production, unless it is the one before."
    )
    drift_from_production = DriftAnswer(many=True)
    contract = serializers.IntegerField(allow_null=True, help_text="The contract that holds for it.")
    clauses = OutcomeAnswer(many=True, help_text="What became of each clause of the contract.")


class StreamAnswer(serializers.Serializer[Any]):
    path = serializers.CharField()
    form = serializers.ChoiceField(["Avro", "JSON Schema"])
    mode = serializers.ChoiceField(["backward", "forward", "full", "none"])
    fields_of = serializers.ListField(
        child=serializers.ListField(), help_text="Name, type, and whether it has to be there."
    )
    compared_with = serializers.ListField(child=serializers.IntegerField())
    said = serializers.ListField(child=serializers.CharField(), help_text="What breaks, or is needed.")


class ProfileAnswer(serializers.Serializer[Any]):
    tables = TableAnswer(many=True, help_text=f"Of the first {MOST} tables.")
    streams = StreamAnswer(many=True, help_text="Schemas of streams: Avro and JSON Schema.")
    folders = serializers.DictField(
        allow_null=True,
        help_text="Of pictures, sounds and texts: formats, sizes, what cannot be read, what is repeated, "
        "and the files of each folder and label.",
    )


class ProfileView(Below):
    @endpoint(ProfileAnswer)
    def retrieve(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """The profile of each table: types, missing and different values, distribution, outliers, repeated
        rows, keys, correlation; and how far its columns have moved from the version before."""
        version = found.version(self.person, kind, team, name, number)
        other = before(self.person, version)
        earlier = measured.profiles(other, MOST) if other else {}
        waiting = File.objects.filter(version=version, results__check_name="profile", results__outcome="")
        contract = contract_of(version.artifact)
        judged = {table.path: table for table in judging.tables(version)} if contract else {}
        used = in_use_before(version, other, self.person)
        used_profiles = measured.profiles(used, MOST) if used else {}
        tables = [
            {
                **answer(path, data, earlier.get(path), other),
                **since_production(data, used_profiles.get(path), used),
                **kept(contract, judged.get(path)),
            }
            for path, data in measured.profiles(version, MOST).items()
        ]
        tables += [
            {**answer(path, None, None, None), **since_production(None, None, None), **kept(contract, None)}
            for path in waiting.values_list("path", flat=True)[:MOST]
        ]
        files = gathered.folders(version)
        streams = [*map(stream, judging.streams(version))]
        return {"tables": tables, "streams": streams, "folders": told(files) if files else None}


def stream(found: Stream) -> dict[str, Any]:
    said = [each for judgement in judging.of_stream(found) for each in judged_row(judgement).said]
    return {
        "path": found.path,
        "form": found.schema["form"],
        "mode": found.before[0][1]["mode"] if found.before else found.schema["mode"],
        "fields_of": found.schema["fields"],
        "compared_with": [number for number, _ in found.before],
        "said": said,
    }


def told(files: Folders) -> dict[str, Any]:
    return {name: value for name, value in asdict(files).items() if name != "limits"}


def kept(contract: Contract | None, table: Table | None) -> dict[str, Any]:
    """What became of the contract in a table that was measured."""
    if contract is None or table is None or table.contract is None:
        return {"contract": None, "clauses": []}
    found = outcomes(table.contract, table.profile, table.seen)
    return {"contract": contract.number, "clauses": [clause(each) for each in found]}


def clause(outcome: Outcome) -> dict[str, Any]:
    return {
        "clause": outcome.clause.kind,
        "columns": list(outcome.clause.columns),
        "state": outcome.state,
        "rows": outcome.rows,
        "of": outcome.of,
        "said": outcome.said,
    }


def since_production(data: Any, used: Any, version: Version | None) -> dict[str, Any]:
    return {
        "production": version.number if version and used else None,
        "drift_from_production": drifted(data, used),
    }


def drifted(data: Any, earlier: Any) -> list[dict[str, Any]]:
    return [
        {"column": row.column, "psi": row.psi, "state": row.state, "needs": row.needs}
        for row in drift_rows(data, earlier)
    ]


def answer(path: str, data: Any, earlier: Any, other: Any) -> dict[str, Any]:
    because = (data or {}).get("not_evaluated", "")
    return {
        "path": path,
        "profile": None if because else data,
        "not_evaluated": because,
        "compared_with": other.number if earlier else None,
        "drift": drifted(data, earlier),
    }
