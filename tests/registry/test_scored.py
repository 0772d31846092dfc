"""A model is evaluated here: asked for, scored, sealed, signed, judged, shown, once and for good."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from governance.errors import Conflict, Invalid
from governance.models import Event, Team, User
from registry import actions, evaluations, judging, trusted
from registry.checks import Issue
from registry.evaluating import Evidence, Rival
from registry.models import Alias, Artifact, CanaryRound, CheckResult, Evaluation, Kind, Severity, Version
from registry.presenting import choosing
from registry.presenting import scored as presenting
from registry.presenting.cards import card
from registry.quality import QUALITY, pareto_dominated
from registry.scoring.running import Scorer
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said
from tests.registry import granting
from tests.registry.doors import BOTH, send
from tests.registry.scoring.conftest import dumped, written
from tests.registry.scoring.test_loaders import safetensors

pytestmark = pytest.mark.django_db

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(size=(600, 2)).round(4)
TRUTH = (ROWS[:, 0] + RANDOM.normal(size=600) > 0).astype(int)
MODEL = LogisticRegression().fit(ROWS, TRUTH)
NEW = "models/fraud/scorer/versions/1/evaluations/"


@pytest.fixture(autouse=True)
def one_scorer(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One warm parent for all tests."""
    monkeypatch.setattr(evaluations, "SCORER", scorer)


def cleared(version: Version) -> Version:
    CheckResult.objects.filter(version=version).update(outcome="done", finished_at=version.submitted_at)
    return version


@pytest.fixture
def payments(team: Team, author: User) -> Version:
    dataset = factories.artifact(team, author, Kind.DATASET, name="payments")
    table = written(ROWS.tolist(), TRUTH.tolist())
    actions.declare(dataset, target="target", by=author)
    return cleared(factories.submitted(dataset, author, {"payments.csv": table}))


@pytest.fixture
def model(artifact: Artifact, author: User) -> Version:
    return cleared(factories.submitted(artifact, author, {"model.joblib": dumped(MODEL)}))


def scored(version: Version, dataset: Version, by: User, **about: Any) -> Evaluation:
    made, _ = actions.evaluate(version, dataset=dataset.label, part=about.pop("part", "test"), by=by, **about)
    evaluations.run()
    return Evaluation.objects.select_related("version__artifact__team", "by").get(pk=made.pk)


@BOTH
def test_who_pushes_has_a_model_evaluated(door, model, payments, author):
    status, _ = send(
        door,
        author,
        NEW + ("new/" if door == "page" else ""),
        {"dataset": payments.label, "part": "test"},
    )

    assert status == 200
    made = Evaluation.objects.get()
    evaluations.run()
    made.refresh_from_db()
    assert (made.outcome, made.error, made.rows) == ("done", "", 600)
    assert made.metrics["accuracy"] == pytest.approx(MODEL.score(ROWS, TRUTH))
    assert made.measured["libraries"]["scikit-learn"]
    actions_seen = Event.objects.filter(subject=model.label).values_list("action", flat=True)
    assert {"version.evaluate", "evaluation.finish"} <= set(actions_seen)


@BOTH
def test_a_reader_asks_for_none(door, model, payments, reader):
    status, _ = send(
        door, reader, NEW + ("new/" if door == "page" else ""), {"dataset": payments.label, "part": "test"}
    )

    assert status in {403, 404}
    assert Evaluation.objects.count() == 0


@BOTH
def test_a_dataset_that_one_does_not_see_is_none(door, model, author):
    zoe = factories.member(factories.team("pricing"), "data-scientist", username="zoe")
    theirs = factories.artifact(zoe.memberships.get().team, zoe, Kind.DATASET, name="prices")
    prices = cleared(factories.submitted(theirs, zoe, {"a.csv": b"a\n1\n"}))

    status, _ = send(
        door, author, NEW + ("new/" if door == "page" else ""), {"dataset": prices.label, "part": "test"}
    )

    assert status == 400
    assert Evaluation.objects.count() == 0


def test_the_same_that_waits_is_asked_for_once(model, payments, author):
    first, is_new = actions.evaluate(model, dataset=payments.label, part="test", by=author)
    second, again = actions.evaluate(model, dataset=payments.label, part="test", by=author)

    assert (first.pk, is_new, again) == (second.pk, True, False)


def test_nothing_but_the_declared_target_is_scored(model, payments, author):
    with pytest.raises(Invalid) as refused:
        actions.evaluate(model, dataset=payments.label, part="test", target="f1", by=author)

    assert refused.value.sentence == "payments declares the target target: nothing else is scored."


@pytest.mark.parametrize(("only", "part", "real"), [("train", "hold-out", "other"), ("test", "live", "test")])
def test_rows_of_one_part_count_as_no_other(model, payments, author, only, part, real):
    actions.declare(payments.artifact, target="target", split="f0", by=author)

    with pytest.raises(Invalid) as refused:
        actions.evaluate(model, dataset=payments.label, part=part, only=only, by=author)

    assert refused.value.sentence == f"Rows of {only} alone are the part {real}."


def test_what_cannot_be_loaded_stays_declared(artifact, payments, author):
    version = cleared(factories.submitted(artifact, author, {"model.gguf": b"x"}))

    with pytest.raises(Conflict) as refused:
        actions.evaluate(version, dataset=payments.label, part="test", by=author)

    assert refused.value.sentence == (
        "No file of version 1 is loaded here (scikit-learn, ONNX, XGBoost, LightGBM, safetensors): how it "
        "does stays declared."
    )


def test_numbers_alone_need_what_names_their_layers(artifact, payments, author):
    weights = safetensors(w=MODEL.coef_, b=MODEL.intercept_)
    version = cleared(factories.submitted(artifact, author, {"a/m.safetensors": weights}))

    with pytest.raises(Conflict) as refused:
        actions.evaluate(version, dataset=payments.label, part="test", by=author)

    assert refused.value.sentence == (
        "Not evaluated: needs a/scoring.json, which names the layers of a/m.safetensors: that is numbers "
        "alone."
    )


def test_a_model_is_scored_by_what_lies_beside_it(artifact, payments, author):
    words = {"task": "classification", "gives": "logits", "layers": [{"weight": "w", "bias": "b"}]}
    files = {"m.safetensors": safetensors(w=MODEL.coef_, b=MODEL.intercept_)}
    files["scoring.json"] = json.dumps(words).encode()
    version = cleared(factories.submitted(artifact, author, files))

    made = scored(version, payments, author)

    assert (made.outcome, made.error, made.model_path) == ("done", "", "m.safetensors")
    assert made.metrics["accuracy"] == pytest.approx(MODEL.score(ROWS, TRUTH))
    assert trusted.holds(made)


def test_what_has_ended_is_signed_and_does_not_change(model, payments, author):
    made = scored(model, payments, author)

    assert trusted.holds(made)
    better = deepcopy(made)
    better.measured["metrics"]["accuracy"] = 1.0
    assert not trusted.holds(better)
    for change in (lambda: Evaluation.objects.update(rows=1), lambda: Evaluation.objects.all().delete()):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            change()


def test_what_says_the_same_again_is_not_written_again(
    model, payments, author, django_assert_max_num_queries
):
    scored(model, payments, author)
    made, _ = actions.evaluate(model, dataset=payments.label, part="test", threshold=0.4, by=author)

    with django_assert_max_num_queries(40):
        evaluations.run()

    assert Evaluation.objects.get(pk=made.pk).outcome == "done"


def test_what_quotes_the_table_is_sealed(model, payments, author):
    made = scored(model, payments, author)

    assert evaluations.unsealed(made)["labels"] == ["0", "1"]
    assert b"labels" not in bytes(made.sealed)
    made.dataset_id = None
    assert evaluations.unsealed(made) == {}


def test_a_run_that_was_cut_off_is_tried_three_times(model, payments, author):
    made, _ = actions.evaluate(model, dataset=payments.label, part="test", by=author)
    Evaluation.objects.filter(pk=made.pk).update(attempts=3)

    evaluations.run()

    made.refresh_from_db()
    assert (made.outcome, made.error) == (
        "failed",
        "It was cut off 3 times: its worker was killed each time.",
    )


def test_what_waits_while_the_scanner_becomes_blind_is_not_loaded(model, payments, author):
    made, _ = actions.evaluate(model, dataset=payments.label, part="test", by=author)
    CanaryRound.objects.create(missed=["a pickle"], known=5, finished_at=timezone.now())

    evaluations.run()

    made.refresh_from_db()
    assert made.error == "The scanner let a known-bad file pass: no model is loaded meanwhile."


def test_who_lost_the_right_to_the_data_learns_nothing_of_it(artifact, team, author, steward):
    wine = granting.restricted(team, steward)
    table = written(ROWS.tolist(), TRUTH.tolist())
    actions.declare(wine, target="target", by=steward)
    data = cleared(factories.submitted(wine, steward, {"wine.csv": table}))
    grant = granting.granted(wine, author)
    version = cleared(factories.submitted(artifact, author, {"model.joblib": dumped(MODEL)}))
    made, _ = actions.evaluate(version, dataset=data.label, part="test", by=author)
    actions.end_grant(grant, reason="It is over.", by=steward)

    evaluations.run()

    made.refresh_from_db()
    assert (made.outcome, made.measured) == ("failed", None)
    assert made.error.startswith(f"{author.username} may not have it evaluated any more: ")


@pytest.mark.slow
def test_nobody_waits_for_a_thousand_of_somebody_else(model, payments, author, team):
    zoe = factories.member(team, "data-scientist", username="zoe")
    for positive in ("0", "1"):
        actions.evaluate(model, dataset=payments.label, part="test", positive=positive, by=author)
    actions.evaluate(model, dataset=payments.label, part="test", by=zoe)

    while evaluations.run():
        pass

    done = Evaluation.objects.order_by("finished_at").values_list("by__username", flat=True)
    assert list(done) == [author.username, "zoe", author.username]


def test_what_restricted_data_is_called_is_told_to_who_sees_it(model, payments, author, steward):
    scored(model, payments, author)
    Artifact.objects.filter(pk=payments.artifact_id).update(restricted=True, owner=steward)
    client = Client()

    def told(person: User) -> list[str]:
        client.force_login(person)
        answers = [
            client.get(f"/models/fraud/scorer/versions/1/{path}") for path in ("evaluations/", "card/")
        ]
        return [*map(said, answers), str(Caller(person).get(NEW).json()), card(person, model)]

    for text in told(author):
        assert ("payments" in text, "f0" in text, "0.7" in text) == (False, False, True)
    assert all("payments" in text for text in told(steward))


def test_a_model_that_was_blocked_meanwhile_is_not_loaded(model, payments, author):
    made, _ = actions.evaluate(model, dataset=payments.label, part="test", by=author)
    CheckResult.objects.filter(version=model).update(outcome="failed")

    evaluations.run()

    made.refresh_from_db()
    assert (made.outcome, made.measured) == ("failed", None)
    assert "no model is loaded before" in made.error


def test_what_cannot_be_scored_fails_with_a_sentence(model, payments, author):
    actions.declare(payments.artifact, target="nobody", by=author)

    made = scored(model, payments, author)

    assert (made.outcome, made.error) == ("failed", "The target is not in the table: nobody.")


def test_what_cannot_be_reproduced_blocks(model, payments, author):
    data = {"dataset": payments.label, "part": "test", "metrics": {"accuracy": 0.99, "roc_auc": 0.85}}
    actions.add_record(model, "evaluation", data, by=author)

    made = scored(model, payments, author)

    wrong = model.findings.open().get(check_name="reproducibility", name__startswith="accuracy")
    assert wrong.severity == Severity.HIGH
    assert wrong.message == (
        f"accuracy is declared as 0.99 and cannot be reproduced: evaluation {made.pk}, on the same data, "
        f"gives {made.metrics['accuracy']:.4g}."
    )
    counting = judging.evidence(model).evaluations
    assert [(each.evaluated, each.record) for each in counting] == [(True, made.pk)]


def test_the_all_negative_classifier_fails_and_is_told_why(artifact, team, author):
    rows, truth = [[0.5, 0.1]] * 2000, [1] * 4 + [0] * 1996
    dataset = factories.artifact(team, author, Kind.DATASET, name="rare")
    rare = cleared(factories.submitted(dataset, author, {"rare.csv": written(rows, truth)}))
    never = DummyClassifier(strategy="most_frequent").fit(rows, truth)
    version = cleared(factories.submitted(artifact, author, {"model.joblib": dumped(never)}))

    made = scored(version, rare, author, target="target")

    assert made.metrics["accuracy"] == 0.998
    found = {each.check_name: each.message for each in version.findings.open().filter(severity=Severity.HIGH)}
    assert found.keys() == {"accuracy_trap", "beats_baseline"}
    assert found["accuracy_trap"].endswith(
        "it says nothing about the 4 rows of the other. It finds none of them: recall 0, MCC 0."
    )


@pytest.mark.slow
def test_a_hold_out_is_counted_over_the_whole_model(model, payments, artifact, author):
    second = cleared(factories.submitted(artifact, author, {"model.joblib": dumped(MODEL)}))
    for version in (model, second):
        scored(version, payments, author, part="hold-out")

    assert "opened 2 times" in second.findings.open().get(check_name="holdout_once").message


def test_page_and_api_say_which_is_which(model, payments, author):
    data = {"dataset": payments.label, "part": "test", "metrics": {"accuracy": 0.99}}
    actions.add_record(model, "evaluation", data, by=author)
    made = scored(model, payments, author)
    client = Client()
    client.force_login(author)

    words = said(client.get(f"/{NEW}"))
    answer = Caller(author).get(NEW).json()["evaluated"][0]

    assert "Not reproduced" in words
    assert "ROC-AUC" in words
    assert answer["measured"]["metrics"] == made.metrics
    assert answer["quoted"]["labels"] == ["0", "1"]
    assert Caller(author).get(f"{NEW}{made.pk}/").json()["signature"] == made.bundle


def test_who_does_not_see_the_data_sees_no_value_of_it(model, payments, author, reader):
    made = scored(model, payments, author)

    [row] = presenting.page(reader, model, [])["scored"]

    assert row.href == ""
    assert row.evaluation == made
    assert "0</text>" not in "".join(figure.drawn for figure in row.figures if figure.name == "Confusion")


def test_a_smaller_model_is_as_good_as_what_it_comes_from(model, payments, artifact, author):
    scored(model, payments, author)
    coarse = LogisticRegression().fit(ROWS[:, [1, 0]], TRUTH)
    parents = [(model, "derived-from")]
    second = factories.submitted(artifact, author, {"model.joblib": dumped(coarse)}, parents=parents)

    scored(cleared(second), payments, author)

    found = second.findings.open().filter(check_name="quantised_parity").order_by("name")
    names = ["accuracy", "agreement", "balanced_accuracy", "interval", "mcc", "roc_auc"]
    assert [each.name.split(":")[0] for each in found] == names


def test_the_card_says_what_was_measured(model, payments, author):
    data = {"dataset": payments.label, "part": "test", "metrics": {"accuracy": 0.99}}
    actions.add_record(model, "evaluation", data, by=author)
    made = scored(model, payments, author)

    text = card(author, model)

    assert f"Evaluated here and signed (evaluation {made.pk})." in text
    assert "0.99" not in text.split("## What was judged")[0]
    assert "measured there and signed" in text


# ------------------------------------------------------------------ beside each other


def candidate(number: int, quality: float, latency: float, cost: float | None = None) -> choosing.Candidate:
    version = Version(number=number)
    return choosing.Candidate(version, Evaluation(measured={}), quality, "", latency, cost, this=False)


def test_who_is_beaten_in_all_that_counts_is_named() -> None:
    rows = [candidate(1, 0.8, 1.0), candidate(2, 0.7, 2.0), candidate(3, 0.9, 5.0), candidate(4, 0.8, 1.05)]

    choosing.judge(rows, "mcc")

    assert [row.beaten_by for row in rows] == [[], [1, 4], [], []]


def test_a_price_counts_where_both_have_one() -> None:
    rows = [candidate(1, 0.8, 1.0, 3.0), candidate(2, 0.8, 1.0, 2.0), candidate(3, 0.7, 1.0)]

    choosing.judge(rows, "mcc")

    assert [row.beaten_by for row in rows] == [[2], [], [1, 2]]


def test_versions_stand_beside_each_other(model, payments, artifact, author):
    scored(model, payments, author)
    never = DummyClassifier(strategy="most_frequent").fit(ROWS, TRUTH)
    second = cleared(factories.submitted(artifact, author, {"model.joblib": dumped(never)}))
    made = scored(second, payments, author)
    client = Client()
    client.force_login(author)

    words = said(
        client.get("/models/fraud/scorer/versions/2/evaluations/?false_positive=1&false_negative=20")
    )
    compared = said(client.get("/models/fraud/scorer/versions/2/compare/1/"))

    [pair] = made.measured["paired"]
    assert pair["version"] == 1
    assert pair["difference"] == pytest.approx(made.metrics["accuracy"] - MODEL.score(ROWS, TRUTH), abs=1e-6)
    assert "Version 2 is beaten by version 1: at least as good, and it takes no more." in words or (
        "On the front" in words
    )
    assert "act from 0.04762 on" in words
    assert "more than chance" in compared
    assert "intervals lie apart" in compared


# ------------------------------------------------------------------ golden predictions, and who is dominated


@pytest.fixture
def golden(team, author) -> Version:
    """What the first model answers: the chance of class 1."""
    chances = MODEL.predict_proba(ROWS)[:, 1]
    dataset = factories.artifact(team, author, Kind.DATASET, name="golden")
    return cleared(
        factories.submitted(dataset, author, {"golden.csv": written(ROWS.tolist(), chances.tolist())})
    )


def findings_of(check: str, version: Version) -> list[str]:
    return list(version.findings.open().filter(check_name=check).values_list("message", flat=True))


def needs_of(check: str, version: Version) -> list[str]:
    judged = next(each for each in judging.judgements(version) if each.check.name == check)
    return [need.what for need in judged.needs]


def test_a_version_answers_golden_predictions_as_the_one_before(model, golden, artifact, author):
    about = {"part": "golden", "target": "target"}
    assert scored(model, golden, author, **about).metrics["largest_difference"] < 1e-12
    other = LogisticRegression(C=0.01).fit(ROWS, TRUTH)
    second = cleared(factories.submitted(artifact, author, {"model.joblib": dumped(other)}))

    before = needs_of("golden_predictions", second)
    made = scored(second, golden, author, **about)

    assert before == ["an evaluation on the golden predictions of version 1"]
    assert needs_of("golden_predictions", second) == needs_of("golden_predictions", model) == []
    assert findings_of("golden_predictions", model) == []
    [said_of_it] = findings_of("golden_predictions", second)
    apart = made.metrics["largest_difference"]
    assert said_of_it == (
        f"An answer is {apart:.3g} away from the golden one, more than 0.0001 (evaluation {made.pk})."
    )
    assert judging.evidence(second).evaluations == ()
    client = Client()
    client.force_login(author)
    assert "Largest difference" in said(client.get("/models/fraud/scorer/versions/2/evaluations/"))


RIVAL = Rival("e7", "evaluation 7", 1, "mcc", 0.002, -0.004, (2.0, 1.0), (3.0, 3.0))


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ["dominated:e7:1"]),
        ({"low": -0.02}, []),
        ({"better": -0.8}, []),
        ({"costs": (3.0, 4.0)}, []),
        ({"latencies": (1.0, 1.05)}, []),
        ({"latencies": (1.0, 1.05), "costs": (3.0, 2.0)}, ["dominated:e7:1"]),
        ({"costs": (3.0, None)}, ["declared costs with a number of predictions, of each of these versions"]),
    ],
    ids=["faster", "worse", "worse by its metric", "dearer", "as fast", "cheaper", "no price"],
)
def test_what_another_version_does_as_well_for_less_is_told(changed, found) -> None:
    told = QUALITY["pareto_dominated"].run(Evidence(rivals=(replace(RIVAL, **changed),)))

    assert [item.name if isinstance(item, Issue) else item.what for item in told] == found


@pytest.mark.slow
def test_a_version_in_use_is_judged_again_when_a_cheaper_one_is_as_good(
    model, payments, artifact, author, monkeypatch
):
    monkeypatch.setattr(pareto_dominated, "ALIKE", 1e6)  # how busy this machine is does not count
    scored(model, payments, author)
    Alias.objects.create(artifact=artifact, name="production", version=model, moved_at=model.submitted_at)
    second = cleared(factories.submitted(artifact, author, {"model.joblib": dumped(MODEL)}, notes="again"))
    for version, price in ((model, 90.0), (second, 9.0)):
        rows = [{"EffectiveCost": price, "ServiceCategory": "Compute"}]
        days = {"from": "2026-01-01", "to": "2026-01-31", "currency": "EUR"}
        actions.add_record(version, "cost", {**days, "rows": rows, "predictions": 1000}, by=author)

    scored(second, payments, author)

    [told] = findings_of("pareto_dominated", model)
    assert told.startswith("Version 2 is not worse (mcc +0.0000) and takes less: ")
    assert findings_of("pareto_dominated", second) == []
