"""What is declared of how a model does, and what is judged of it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import endpoint
from governance.errors import Absent
from registry import judging
from registry.api import found
from registry.api.below import Below
from registry.checks import SEVERITIES
from registry.evaluating.figures import folds, gap, of_confusion
from registry.models import Kind, Record
from registry.presenting import evaluations as presenting
from registry.presenting.evaluations import SameData
from registry.presenting.judged import JudgedRow


class EvaluationAnswer(serializers.Serializer[Any]):
    record = serializers.IntegerField()
    dataset = serializers.CharField()
    dataset_digest = serializers.CharField(
        allow_null=True,
        help_text="Null: what it names is no frozen dataset version here, so nothing compares.",
    )
    part = serializers.CharField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    metrics = serializers.DictField(child=serializers.FloatField(), help_text="As declared.")
    intervals = serializers.DictField(child=serializers.ListField(child=serializers.FloatField()))
    worked_out = serializers.DictField(
        child=serializers.FloatField(), help_text="What its confusion matrix gives; empty without one."
    )
    by = serializers.CharField()
    at = serializers.DateTimeField()


class FoldsAnswer(serializers.Serializer[Any]):
    record = serializers.IntegerField()
    metric = serializers.CharField()
    dataset_digest = serializers.CharField(allow_null=True)
    folds = serializers.IntegerField()
    mean = serializers.FloatField()
    deviation = serializers.FloatField()
    interval = serializers.ListField(
        child=serializers.FloatField(), help_text="Of 95 %, corrected (Nadeau and Bengio 2003)."
    )
    gap = serializers.FloatField(allow_null=True, help_text="Better on the training part by so much.")


class JudgedAnswer(serializers.Serializer[Any]):
    check = serializers.CharField()
    state = serializers.ChoiceField(
        [*SEVERITIES, "nothing found", "not evaluated"], help_text="Not evaluated is never a pass."
    )
    said = serializers.ListField(child=serializers.CharField())


class BesideAnswer(serializers.Serializer[Any]):
    metric = serializers.CharField()
    other = serializers.FloatField(allow_null=True)
    this = serializers.FloatField(allow_null=True)


class SameDataAnswer(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="The other one.")
    dataset_digest = serializers.CharField()
    part = serializers.CharField()
    metrics = BesideAnswer(many=True)


class EvaluationsAnswer(serializers.Serializer[Any]):
    evaluations = EvaluationAnswer(many=True)
    folds = FoldsAnswer(many=True)
    judged = JudgedAnswer(many=True)
    same_data = SameDataAnswer(many=True, help_text="Other versions, on the same data and part of it.")
    not_comparable = serializers.ListField(
        child=serializers.IntegerField(), help_text="Versions that were evaluated on other data only."
    )


class EvaluationView(Below):
    @endpoint(EvaluationsAnswer)
    def retrieve(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """How a model does: declared evaluations and folds, what is worked out and judged of them, and other
        versions beside it where the data is the same."""
        version = found.version(self.person, kind, team, name, number)
        if version.artifact.kind != Kind.MODEL:
            raise Absent(f"{name} is no model: only a model is evaluated.")
        records = judging.standing(version=version.pk)
        evaluations = [each for each in records if each.kind == "evaluation"]
        others = presenting.others(self.person, version, evaluations)
        return {
            "evaluations": [evaluation(each) for each in evaluations],
            "folds": [row for each in records if each.kind == "training" for row in folded(each)],
            "judged": [judged(row) for row in presenting.judged(version)],
            "same_data": [same(each) for each in others.same],
            "not_comparable": others.not_comparable,
        }


def evaluation(record: Record) -> dict[str, Any]:
    data = record.data
    return {
        "record": record.pk,
        "dataset": data["dataset"],
        "dataset_digest": record.dataset_digest or None,
        "part": data.get("part"),
        "threshold": data.get("threshold"),
        "metrics": data["metrics"],
        "intervals": data.get("intervals", {}),
        "worked_out": of_confusion(data["confusion"]) if data.get("confusion") else {},
        "by": record.by.username,
        "at": record.at,
    }


def folded(record: Record) -> list[dict[str, Any]]:
    """Nothing without the scores of two folds."""
    found = folds(record.data)
    if found is None:
        return []
    return [
        {
            "record": record.pk,
            "metric": record.data["metric"],
            "dataset_digest": record.dataset_digest or None,
            "folds": found.number,
            "mean": found.mean,
            "deviation": found.deviation,
            "interval": list(found.interval),
            "gap": gap(record.data),
        }
    ]


def judged(row: JudgedRow) -> dict[str, Any]:
    return {"check": row.check.name, "state": row.word.lower(), "said": row.said}


def same(each: SameData) -> dict[str, Any]:
    rows = [{"metric": row.metric, "other": row.old, "this": row.new} for row in each.rows]
    return {"version": each.other, "dataset_digest": each.digest, "part": each.part, "metrics": rows}
