"""What is registered here is looked up for checks of operation: what was served, ways back, rows, stores."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Team, User
from registry import actions, checking, judging, operated
from registry.models import Artifact, Kind, Version
from registry.records import KINDS
from tests import factories

pytestmark = pytest.mark.django_db
ROWS = 1200


def table(shift: int) -> bytes:
    lines = "".join(f"{row % 97 + shift}.5,{row % 3}\n" for row in range(ROWS))
    return f"amount,kind\n{lines}".encode()


def dataset(team: Team, author: User) -> Version:
    held = factories.artifact(team, author, Kind.DATASET, name="payments")
    return factories.submitted(held, author, {"train.csv": table(0)})


@pytest.fixture
def payments(team: Team, author: User) -> Version:
    held = factories.artifact(team, author, Kind.DATASET, name="payments")
    return factories.checked(held, author, {"train.csv": table(0)})


def judged(version: Version, check: str) -> list[str]:
    found = [each for each in judging.judgements(version) if each.check.name == check]
    return [
        *(f"{issue.severity} {issue.message}" for each in found for issue in each.issues),
        *(need.what for each in found for need in each.needs),
    ]


@pytest.mark.slow
def test_what_was_served_is_measured_against_what_was_trained_on(
    team: Team, artifact: Artifact, payments: Version, author: User, operator: User
) -> None:
    served = factories.checked(
        factories.artifact(team, author, Kind.DATASET, name="served"), author, {"week.csv": table(50)}
    )
    model = factories.submitted(artifact, author, parents=[(payments, "trained-on")])
    columns = [{"name": "amount", "psi": 0, "rows": 5000, "reference_rows": 5000}]
    data = {"dataset": served.label, "columns": columns}

    before = judged(model, "drift_monitor")
    actions.add_record(model, "served", data, by=operator)

    (found,) = judged(model, "drift_monitor")
    assert before == ["a record of what was served, as a version of a dataset here"]
    assert found.startswith("high amount has moved far from payments 1 (PSI ")
    assert found.endswith("find out why, and act. Measured here.")


def test_what_names_no_dataset_here_needs_one(artifact: Artifact, author: User, operator: User) -> None:
    model = factories.submitted(artifact, author)
    actions.add_record(model, "served", {"dataset": "a bucket elsewhere"}, by=operator)

    assert judged(model, "train_serve_skew") == [
        "a record of what was served that names a dataset version here"
    ]


@pytest.mark.slow
def test_rows_that_were_measured_outrank_rows_that_are_declared(payments: Version, author: User) -> None:
    data = {**KINDS["reconciliation"].example, "table": "train.csv"}
    operator = factories.member(payments.artifact.team, "devops-engineer")
    actions.add_record(payments, "reconciliation", data, by=operator)

    (found,) = judged(payments, "cdc_reconcile")

    assert found.startswith(
        "high 51,200 rows of the target are declared, and train.csv has 1,200, as measured"
    )


@pytest.mark.slow
def test_the_ways_back_are_the_two_usable_versions_before(
    artifact: Artifact, author: User, operator: User, steward: User
) -> None:
    first, second, third = (
        factories.submitted(artifact, author, {"m.txt": bytes([65 + number])}) for number in range(3)
    )
    fourth = factories.checked(artifact, author)
    actions.withdraw(third, reason="Wrong.", by=steward)
    example = {**KINDS["deployment"].example, "digest": fourth.digest, "rollback": {"to": third.label}}
    actions.add_record(fourth, "deployment", example, by=operator)

    known = operated.of_version(fourth, judging.evidence(fourth))

    assert known.before == (second.label, first.label)
    assert known.unsafe == ()
    assert [each for each in judged(fourth, "release_gate") if each.startswith("high It goes back to")]


def test_a_contract_says_how_old_answers_may_be(
    team: Team, artifact: Artifact, author: User, operator: User
) -> None:
    payments = dataset(team, author)
    columns = {"at": {"type": "time"}, "amount": {"type": "number"}}
    terms = {"tables": {"*.csv": {"columns": columns, "freshness": {"column": "at", "hours": 1}}}}
    actions.set_contract(payments.artifact, terms, by=author)
    model = factories.submitted(artifact, author)
    training = {"metric": "auc", "seeds": [1], "dataset": payments.label}
    actions.add_record(model, "training", training, by=author)
    cache = {"key": "k", "hit_rate": 0.5, "ttl_seconds": 3601, "contains": ["model digest", "feature schema"]}
    actions.add_record(model, "load-test", {**KINDS["load-test"].example, "cache": cache}, by=operator)

    (found,) = judged(model, "cache_safe")
    assert found.startswith(
        "high Answers live 3,601 s, and the data may be 3,600 s old by the contract of the training data."
    )


def test_what_a_team_stores_and_nobody_uses_is_named(team: Team, author: User, monkeypatch) -> None:
    payments = dataset(team, author)
    fresh = operated.of_team(team).stored
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr("registry.operated.timezone.now", lambda: later)

    stored = operated.of_team(team).stored

    assert fresh is not None
    assert stored is not None
    assert (fresh.unused, stored.unused) == ((), (payments.label,))
    assert stored.unused_bytes == payments.size


def test_a_record_of_operation_is_judged_and_the_finding_closes_with_it(
    clean: Version, operator: User, steward: User
) -> None:
    data = {**KINDS["service-level"].example, "slo": 0.99999}
    record, _ = actions.add_record(clean, "service-level", data, by=operator)
    checking.judge_again(clean.pk)
    found = list(clean.findings.open().filter(check_name="slo_burn").values_list("name", flat=True))

    actions.withdraw_record(record, reason="Wrong.", by=steward)
    checking.judge_again(clean.pk)

    assert found == [f"burn:{record.pk}"]
    assert not clean.findings.open().filter(check_name="slo_burn").exists()
