"""How models do, as declared: bound to the data, judged, and compared only on the same data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from scipy import stats

from governance.models import Team, User
from registry import actions, checking
from registry.checks import Issue
from registry.evaluating import Evidence, Statement
from registry.evaluating.chances import t_quantile, tail
from registry.evaluating.figures import folds, of_confusion
from registry.models import Artifact, Kind, Record, Severity, Version
from registry.quality import QUALITY, Needs
from registry.trusted import outranking
from tests import factories
from tests.governance.api.caller import Caller

Data = dict[str, Any]


def evaluated(**data: Any) -> Evidence:
    known = (Statement(7, {"dataset": "x", "metrics": {}, **data}, "d"),)
    return Evidence(evaluations=known, declared=known)


def trained(scores: list[float] | None = None, digest: str = "", **data: Any) -> Evidence:
    listed = [{"score": score} for score in scores or ()]
    base = {"metric": "pr_auc", "seeds": [1], **({"folds": listed} if listed else {})}
    return Evidence(trainings=(Statement(7, {**base, **data}, digest),))


def said(check: str, evidence: Evidence) -> list[tuple[str, str] | str]:
    found = QUALITY[check].run(evidence)
    return [(item.severity, item.name) if isinstance(item, Issue) else item.what for item in found]


ALL_NEGATIVE = {"true_positives": 0, "false_positives": 0, "true_negatives": 9980, "false_negatives": 20}
GOOD = {"true_positives": 15, "false_positives": 5, "true_negatives": 9975, "false_negatives": 5}


# ------------------------------------------------------------------ evaluated and declared


def measured(number: int, digest: str = "d", **data: Any) -> Statement:
    return Statement(number, {"dataset": "x", **data}, digest, evaluated=True)


def test_an_evaluation_at_another_threshold_hides_no_metric_that_could_not_be_reproduced() -> None:
    declared = Statement(7, {"threshold": 0.5, "metrics": {"accuracy": 0.99}}, "d")
    honest = measured(1, threshold=0.5, metrics={"accuracy": 0.6})
    later = measured(2, threshold=0.9, metrics={"accuracy": 0.9})

    found = said("reproducibility", Evidence((later, honest), (declared,)))

    assert found == [("high", "accuracy:7")]


@pytest.mark.parametrize(
    ("part", "counts"), [("hold-out", True), ("test", False), (None, False)], ids=["other", "same", "unsaid"]
)
def test_an_evaluation_outranks_what_is_declared_on_the_same_part_of_the_same_data(part, counts) -> None:
    declared = Statement(7, {"metrics": {}, **({"part": part} if part else {})}, "d")
    here = measured(1, part="test", metrics={})

    assert (declared in outranking([here], (declared,))) == counts


# ------------------------------------------------------------------ figures


@pytest.mark.parametrize("degrees", [1, 4, 9, 99, 9999])
def test_quantiles_of_t_are_those_of_scipy(degrees: int) -> None:
    assert t_quantile(0.95, degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=1e-9)


def test_tails_are_those_of_scipy() -> None:
    assert tail(9980, 10_000, 0.998) == 1.0
    assert tail(9990, 10_000, 0.998) == pytest.approx(stats.binom.sf(9989, 10_000, 0.998), rel=1e-9)


def test_the_all_negative_classifier_has_no_precision_and_no_mcc() -> None:
    found = of_confusion(ALL_NEGATIVE)

    assert found == {
        "accuracy": 0.998, "recall": 0.0, "specificity": 1.0, "f1": 0.0, "balanced_accuracy": 0.5
    }  # fmt: skip


def test_the_interval_of_folds_is_corrected_for_overlap() -> None:
    scores = [0.81, 0.79, 0.83, 0.80, 0.82, 0.78, 0.84, 0.80, 0.81, 0.82]

    found = folds({"folds": [{"score": each, "rows": 100, "training_rows": 900} for each in scores]})
    repeated = folds({"folds": [{"score": each, "repeat": place // 5} for place, each in enumerate(scores)]})

    assert found is not None
    assert repeated is not None
    assert (found.number, found.mean) == (10, pytest.approx(0.81))
    assert found.naive == pytest.approx(stats.t.ppf(0.975, 9) * stats.sem(scores))
    assert found.corrected / found.naive == pytest.approx((1 + 10 / 9) ** 0.5)
    assert repeated.corrected / repeated.naive == pytest.approx((1 + 10 / 4) ** 0.5)
    assert folds({"folds": [{"score": 1.0}]}) is None


# ------------------------------------------------------------------ judged


def test_a_high_accuracy_over_rare_classes_is_no_success() -> None:
    everything = evaluated(confusion=ALL_NEGATIVE, metrics={"accuracy": 0.998})

    assert said("accuracy_trap", everything) == [("high", "untold:7"), ("high", "no_information:7")]
    assert [item.message for item in QUALITY["accuracy_trap"].run(everything)][1] == (
        "An accuracy of 0.998 is what always saying the larger class gives (0.998; p = 1 over 10,000 "
        "rows): it "
        "says nothing about the 20 rows of the other. It finds none of them: recall 0, MCC 0."
    )
    assert said("accuracy_trap", evaluated(confusion=GOOD, metrics={"accuracy": 0.999, "MCC": 0.75})) == []
    assert said("accuracy_trap", evaluated(rows=100, positives=40, metrics={"accuracy": 0.6})) == []
    assert said("accuracy_trap", evaluated(metrics={"accuracy": 0.9})) == [
        "an evaluation with its confusion matrix, or its rows and positives"
    ]


def test_metrics_that_their_own_counts_do_not_give_are_found() -> None:
    right = {"Recall": 0.75, "sensitivity": 0.75, "f1": 0.75, "pr_auc": 0.2}

    assert said("declared_metrics", evaluated(confusion=GOOD, metrics=right)) == []
    assert said("declared_metrics", evaluated(confusion=GOOD, metrics={"recall": 0.9})) == [
        ("high", "recall:7")
    ]
    assert said("declared_metrics", evaluated(metrics=right)) == ["an evaluation with its confusion matrix"]


def test_folds_say_something_when_there_are_enough_of_them() -> None:
    unsaid = "a record of training that says how the data was split"

    assert said("kfold_evidence", trained([0.8] * 5, split={"by": "stratified"})) == []
    assert said("kfold_evidence", trained([0.8] * 3)) == [("medium", "folds:7"), unsaid]
    assert said("kfold_evidence", trained([0.8] * 5, split={"by": "random"})) == [("low", "split:7")]
    assert said("kfold_evidence", trained()) == ["a record of training with the score of each fold"]


def test_a_model_that_learned_by_heart_is_found() -> None:
    def with_gap(apart: float, **more: Any) -> Evidence:
        return trained(folds=[{"score": 0.7, "training_score": 0.7 + apart}] * 5, **more)

    assert said("generalisation_gap", with_gap(0.04)) == []
    assert said("generalisation_gap", with_gap(0.07)) == [("medium", "gap:7")]
    assert said("generalisation_gap", with_gap(0.2)) == [("high", "gap:7")]
    assert said("generalisation_gap", with_gap(-0.2, greater_is_better=False)) == [("high", "gap:7")]
    assert said("generalisation_gap", with_gap(3)) == ["scores between 0 and 1"]
    assert said("generalisation_gap", trained([0.8] * 5)) == [
        "a record of training with both scores of each fold"
    ]


def test_a_baseline_is_beaten_by_more_than_chance() -> None:
    scores = [0.80, 0.82, 0.78, 0.81, 0.79]

    def against(score: float, **more: Any) -> list[Any]:
        return said(
            "beats_baseline", trained(scores, baseline={"name": "most frequent", "score": score}, **more)
        )

    assert against(0.7) == []
    assert against(0.79) == [("high", "baseline:7")]
    assert against(0.9, greater_is_better=False) == []
    assert said("beats_baseline", trained(scores)) == [
        "an evaluation here, or a record of training with folds and a baseline"
    ]


def test_a_hold_out_is_opened_once() -> None:
    first = evaluated(part="hold-out")

    assert said("holdout_once", first) == []
    assert said("holdout_once", Evidence(first.evaluations, opened={"d": 2})) == [("medium", "opened:7")]
    assert said("holdout_once", evaluated(part="hold-out", opened_before=1)) == [("medium", "opened:7")]
    assert said("holdout_once", evaluated(part="test")) == ["an evaluation on a hold-out"]


def test_a_search_that_saw_the_folds_is_found() -> None:
    assert said("nested_hpo", trained(search={"method": "grid", "nested": True})) == []
    assert said("nested_hpo", trained(search={"method": "grid", "nested": False})) == [("medium", "search:7")]
    assert said("nested_hpo", trained()) == [
        "a record of training that says how parameters were searched for"
    ]


def test_rows_that_were_multiplied_before_the_split_are_found() -> None:
    """Noise, 5 % positive: over-sampled first, half of each held-out fold is positive, and the AUC is
    1.00."""
    natural = [{"score": 0.5, "rows": 200, "positives": 10}] * 5
    multiplied = [{"score": 1.0, "rows": 380, "positives": 190}] * 5
    inside = {"method": "over-sampling", "inside_folds": True}

    def judged(listed: list[Data], resampling: Data, rarest: dict[str, float]) -> list[Any]:
        evidence = trained(digest="d", folds=listed, resampling=resampling)
        return said("resample_leakage", Evidence(trainings=evidence.trainings, rarest=rarest))

    assert judged(natural, inside, {"d": 0.05}) == []
    assert judged(multiplied, inside, {"d": 0.05}) == [("high", "prevalence:7")]
    assert judged(natural, {**inside, "inside_folds": False}, {"d": 0.05}) == [("high", "outside:7")]
    assert judged(natural, inside, {}) == [
        "a training dataset here with a declared target of two classes: its natural prevalence"
    ]


def test_who_is_served_worse_is_named() -> None:
    slices = [
        {"name": "country = DE", "rows": 640, "metrics": {"recall": 0.55, "log_loss": 0.1}},
        {"name": "country = LI", "rows": 9, "metrics": {"recall": 0.1}},
    ]

    assert said("slice_gap", evaluated(metrics={"recall": 0.7, "log_loss": 0.5}, slices=slices)) == [
        ("medium", "country = DE:7")
    ]
    assert said("slice_gap", evaluated()) == ["an evaluation with slices"]


@pytest.mark.parametrize("check", [name for name, each in QUALITY.items() if each.about == "evidence"])
def test_without_evidence_nothing_is_a_pass(check: str) -> None:
    assert [type(item) for item in QUALITY[check].run(Evidence())] == [Needs]


# ------------------------------------------------------------------ bound to data, shown, compared


@pytest.fixture
def payments(team: Team, author: User) -> Version:
    dataset = factories.artifact(team, author, Kind.DATASET, name="payments")
    rows = "".join(f"{row},{'yes' if row % 20 == 0 else 'no'}\n" for row in range(1000))
    version = factories.checked(dataset, author, {"payments.csv": f"x,fraud\n{rows}".encode()})
    actions.declare(dataset, target="fraud", by=author)
    return version


def evaluation(dataset: str, **data: Any) -> Data:
    metrics = {"accuracy": 0.998, "recall": 0.0}
    return {"dataset": dataset, "part": "hold-out", "metrics": metrics, **data}


def found(version: Version) -> list[tuple[str, str]]:
    rows = version.findings.open().filter(path="the records").order_by("check_name")
    return [(row.check_name, Severity(row.severity).label) for row in rows]


@pytest.mark.django_db
def test_a_record_keeps_the_digest_of_the_dataset_that_it_names(
    clean: Version, payments: Version, author: User
) -> None:
    def digest(dataset: str) -> str:
        return actions.add_record(clean, "evaluation", evaluation(dataset), by=author)[0].dataset_digest

    draft = factories.draft(payments.artifact, author, {"b.csv": b"x\n1\n"})

    assert digest(payments.label) == payments.digest
    assert digest(draft.label) == ""
    assert digest(clean.label) == ""
    assert digest("datasets/fraud/nothing/versions/1") == ""
    assert digest("a bucket elsewhere") == ""


@pytest.mark.django_db
def test_what_is_declared_is_judged_and_what_is_withdrawn_is_not(
    clean: Version, payments: Version, author: User, steward: User
) -> None:
    record, _ = actions.add_record(
        clean, "evaluation", evaluation(payments.label, confusion=ALL_NEGATIVE), by=author
    )
    folds = [{"score": 1.0, "rows": 380, "positives": 190}] * 5
    resampling = {"method": "over-sampling", "inside_folds": True}
    training = {
        "metric": "auc",
        "seeds": [1],
        "dataset": payments.label,
        "folds": folds,
        "resampling": resampling,
    }
    actions.add_record(clean, "training", training, by=author)
    checking.judge_again(clean.pk)
    before = found(clean)
    state = Version.objects.with_state().get(pk=clean.pk).state

    finding = clean.findings.open().get(check_name="resample_leakage")
    expires = timezone.now() + timedelta(days=7)
    waiver = actions.waive(finding, reason="Known.", expires=expires, by=steward)
    actions.withdraw_record(record, reason="Wrong.", by=author)
    checking.judge_again(clean.pk)

    assert before == [("accuracy_trap", "high"), ("resample_leakage", "high")]
    assert state == "blocked"
    assert waiver.path == "the records"
    assert found(clean) == [("resample_leakage", "high")]


@pytest.mark.django_db
def test_versions_are_compared_only_on_the_same_data(
    artifact: Artifact, payments: Version, author: User
) -> None:
    one, two, three = (
        factories.submitted(artifact, author, {"m.txt": bytes([number])}) for number in (65, 66, 67)
    )
    more = {"intervals": {"recall": [0.6, 0.8]}, "threshold": 0.4}
    for version, dataset, recall in (
        (one, payments.label, 0.7), (two, payments.label, 0.75), (three, "elsewhere", 0.9)
    ):  # fmt: skip
        data = evaluation(dataset, **{**more, "metrics": {"recall": recall}})
        actions.add_record(version, "evaluation", data, by=author)
    page, mara = Client(), Caller(author)
    page.force_login(author)

    told = mara.get(f"{two.label}/evaluations/").json()
    shown = page.get(f"/{two.label}/evaluations/").content.decode()
    same = page.get(f"/{two.label}/compare/1/").content.decode()
    other = page.get(f"/{three.label}/compare/1/").content.decode()

    assert [(each["version"], each["part"], each["metrics"]) for each in told["same_data"]] == [
        (1, "hold-out", [{"metric": "recall", "other": 0.7, "this": 0.75}])
    ]
    assert told["not_comparable"] == [3]
    assert told["evaluations"][0]["dataset_digest"] == payments.digest
    assert {each["state"] for each in told["judged"]} == {"not evaluated", "medium"}
    assert "Not comparable, as they were evaluated on other data: version 3." in shown
    assert "threshold 0.4" in shown
    assert "intervals overlap" in same
    assert "Not evaluated: needs evaluations of both on the same data" in other
    assert page.get(f"/{payments.label}/evaluations/").status_code == 404
    assert Record.objects.count() == 3


@pytest.mark.django_db
def test_folds_are_shown_with_their_interval(clean: Version, author: User) -> None:
    folds = [{"score": score, "training_score": 0.9} for score in (0.8, 0.82, 0.78, 0.81, 0.79)]
    training = {"metric": "pr_auc", "seeds": [1, 2], "folds": folds, "split": {"by": "stratified"}}
    actions.add_record(clean, "training", training, by=author)
    page = Client()
    page.force_login(author)

    (told,) = Caller(author).get(f"{clean.label}/evaluations/").json()["folds"]
    shown = page.get(f"/{clean.label}/evaluations/").content.decode()

    assert (told["folds"], round(told["mean"], 3), round(told["gap"], 3)) == (5, 0.8, 0.1)
    assert [round(end, 4) for end in told["interval"]] == [0.7706, 0.8294]
    assert "0.7706 to 0.8294 (± 0.02945)" in shown


def test_a_team_may_take_a_larger_gap() -> None:
    usual = trained(folds=[{"score": 0.8, "training_score": 0.87} for _ in range(5)])
    wider = replace(usual, limits={"generalisation_gap.watch": 0.09})

    assert [severity for severity, _ in said("generalisation_gap", usual)] == ["medium"]
    assert said("generalisation_gap", wider) == []
