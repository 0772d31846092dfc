"""How a model does, as evaluated here and as declared, and what is judged of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.response import Response

from governance.api.base import WRITES, Strict, Text, endpoint
from governance.errors import Absent
from governance.models import User
from registry import actions, evaluations, judging, trusted
from registry.actions.evaluations import PARTS
from registry.api import found
from registry.api.below import Below
from registry.checks import SEVERITIES
from registry.evaluating.figures import folds, gap, of_confusion
from registry.models import Evaluation, Kind, Record, Version
from registry.presenting import evaluations as presenting
from registry.presenting import operated
from registry.presenting.evaluations import SameData
from registry.presenting.judged import JudgedRow
from registry.presenting.scored import WHY_HIDDEN


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


class ScoredAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(["waits", "running", "done", "failed"])
    error = serializers.CharField(allow_blank=True, help_text="Why it failed, as a sentence.")
    rows = serializers.IntegerField(help_text="Scored so far.")
    dataset = serializers.CharField()
    dataset_digest = serializers.CharField()
    table = serializers.CharField()
    model = serializers.CharField()
    asked = serializers.DictField(help_text="Target, part, positive class, threshold and so on.")
    measured = serializers.DictField(
        allow_null=True,
        help_text="Metrics, intervals, baseline, curves, calibration, confusion, slices, speed, libraries "
        "and seed. Null unless it is done and its signature holds.",
    )
    quoted = serializers.DictField(
        allow_null=True,
        help_text="Names of classes, values of slices. Null for who does not see the data.",
    )
    signature = serializers.CharField(
        allow_blank=True, help_text="A DSSE envelope by this server's key over model, data and figures."
    )
    by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class EvaluateForm(Strict):
    dataset = Text(max_length=400, help_text="Label of a dataset version: datasets/team/name/versions/3.")
    part = serializers.ChoiceField(PARTS, required=False, default="test")
    target = Text(max_length=200, required=False, allow_blank=True, help_text="Else the declared one.")
    only = Text(
        max_length=200, required=False, allow_blank=True, help_text="Only rows of this declared part."
    )
    positive = Text(max_length=200, required=False, allow_blank=True)
    threshold = serializers.FloatField(required=False, allow_null=True)
    features = serializers.ListField(child=Text(max_length=200), max_length=10_000, required=False)
    slices = serializers.ListField(child=Text(max_length=200), max_length=10, required=False)
    model = Text(max_length=255, required=False, allow_blank=True, help_text="Path of the model's file.")
    table = Text(max_length=255, required=False, allow_blank=True, help_text="Path of the table's file.")


ASKED = {
    200: OpenApiResponse(ScoredAnswer, "The same waits already."),
    202: OpenApiResponse(ScoredAnswer, "It waits to be run."),
}


class EvaluationsAnswer(serializers.Serializer[Any]):
    evaluated = ScoredAnswer(many=True, help_text="Measured here, the newest first.")
    evaluations = EvaluationAnswer(many=True, help_text="Declared, not measured here.")
    folds = FoldsAnswer(many=True)
    judged = JudgedAnswer(many=True)
    operation = JudgedAnswer(many=True, help_text="What is judged of how it is run.")
    same_data = SameDataAnswer(many=True, help_text="Other versions, on the same data and part of it.")
    not_comparable = serializers.ListField(
        child=serializers.IntegerField(), help_text="Versions that were evaluated on other data only."
    )


class EvaluationView(Below):
    @endpoint(EvaluationsAnswer, operation_id="versions_evaluations_list")
    def retrieve(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """How a model does: what was evaluated here, declared evaluations and folds, what is worked out and
        judged of them, and other versions beside it where the data is the same."""
        version = of_model(self.person, kind, team, name, number)
        records = judging.standing(version=version.pk)
        declared = [each for each in records if each.kind == "evaluation"]
        others = presenting.others(self.person, version, declared)
        run = operated.of_version(version)
        return {
            "evaluated": [scored(each) for each in asked_for(self.person, version)],
            "evaluations": [evaluation(each) for each in declared],
            "folds": [row for each in records if each.kind == "training" for row in folded(each)],
            "judged": [judged(row) for row in presenting.judged(version)],
            "operation": [judged(row) for row in (*run.said, *run.silent)],
            "same_data": [same(each) for each in others.same],
            "not_comparable": others.not_comparable,
        }

    @endpoint(ASKED, body=EvaluateForm, problems=WRITES)
    def create(self, kind: str, team: str, name: str, number: int) -> Response:
        """Have a model scored here, on a dataset version whose files one may fetch. It runs by and by."""
        version = of_model(self.person, kind, team, name, number)
        made, is_new = actions.evaluate(version, by=self.person, **self.body)
        found = asked_for(self.person, version).get(pk=made.pk)
        return Response(scored(found), status=202 if is_new else 200)

    @endpoint(ScoredAnswer)
    def retrieve_one(self, kind: str, team: str, name: str, number: int, pk: int) -> dict[str, Any]:
        """One evaluation."""
        version = of_model(self.person, kind, team, name, number)
        found = asked_for(self.person, version).filter(pk=pk).first()
        if found is None:
            raise Absent(f"Version {number} of {name} has no such evaluation.")
        return scored(found)


def of_model(person: User, kind: str, team: str, name: str, number: int) -> Version:
    version = found.version(person, kind, team, name, number)
    if version.artifact.kind != Kind.MODEL:
        raise Absent(f"{name} is no model: only a model is evaluated.")
    return version


def asked_for(person: User, version: Version) -> QuerySet[Evaluation]:
    found = Evaluation.objects.told_to(person).filter(version=version)
    return found.select_related("by", "version__artifact__team").order_by("-pk")


def scored(each: Evaluation) -> dict[str, Any]:
    """Names of the dataset, of its files and of its columns are told to who sees it, and so is the signature,
    which says them."""
    holds = each.outcome == "done" and trusted.holds(each)
    return {
        "id": each.pk,
        "state": each.outcome or ("running" if each.started_at else "waits"),
        "error": each.error if each.seen or not each.error else WHY_HIDDEN,
        "rows": each.rows,
        "dataset": each.called,
        "dataset_digest": each.dataset_digest,
        "table": each.table_path if each.seen else "",
        "model": each.model_path,
        "asked": each.asked if each.seen else {"part": each.part},
        "measured": measured(each) if holds else None,
        "quoted": quoted(each) if holds and each.seen else None,
        "signature": each.bundle if each.seen else "",
        "by": each.by.username,
        "asked_at": each.asked_at,
        "finished_at": each.finished_at,
    }


def measured(each: Evaluation) -> dict[str, Any] | None:
    """Slices are of columns."""
    found = each.measured
    return found if each.seen or found is None else {**found, "slices": []}


def quoted(each: Evaluation) -> dict[str, Any]:
    sealed = evaluations.unsealed(each)
    return {name: sealed[name] for name in ("labels", "slices") if name in sealed}


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
