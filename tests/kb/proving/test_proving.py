"""A step is done when the registry proves it, and opens again when it does not any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kb import actions
from kb.models import Entry, PlaybookVersion, Run
from kb.playbooks import digest_of
from registry import actions as registering
from registry import trusted
from registry.models import CheckResult, Evaluation, Finding, Kind, Severity
from registry.records import KINDS
from tests import factories
from tests.kb.running import (
    SMALL,
    artifact,
    author,
    clean,
    done_again,
    operator,
    playbook,
    reader,
    run,
    states,
    steps,
    steward,
    team,
    waiting,
)
from tests.registry.conftest import found

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def of(team, version, by, needs: str) -> Run:
    """A run of a playbook with one step that asks for this."""
    text = SMALL.partition("[[step]]")[0] + (
        '[[step]]\nkey = "only"\ntitle = "Only"\ndo = "Do."\nroles = ["data-scientist"]\n'
        + f"needs = [{needs}]\n"
    )
    playbook(team, text)
    return actions.start_run(team, "PB-90", subject=version.label, by=by)


def only(run: Run) -> str:
    return steps(run)[0].proofs[0].state


def test_what_the_registry_proves_is_proved(run):
    assert states(run) == {"checks": "proved", "load": "open", "word": "later"}


def test_it_opens_again_when_a_check_finds_something_later(run, clean):
    found(clean, Severity.HIGH)

    assert states(run)["checks"] == "fallen"


def test_a_waived_finding_does_not_open_it(run, clean, steward):
    finding = found(clean, Severity.HIGH)
    until = timezone.now() + timedelta(days=3)
    registering.waive(finding, reason="Known.", expires=until, by=steward)

    assert states(run)["checks"] == "waived"


def test_a_waiver_covers_no_other_finding_of_its_check(team, clean, author, steward):
    made = of(team, clean, author, '{ kind = "check", check = "accuracy_trap", text = "It" }')
    nothing_found = {"true_positives": 0, "false_positives": 0, "true_negatives": 9980, "false_negatives": 20}
    data = {**KINDS["evaluation"].example, "confusion": nothing_found, "metrics": {"accuracy": 0.998}}
    registering.add_record(clean, "evaluation", data, by=author)
    other = found(clean, Severity.HIGH)
    Finding.objects.filter(pk=other.pk).update(check_name="accuracy_trap", path="the records")
    until = timezone.now() + timedelta(days=3)
    registering.waive(Finding.objects.get(pk=other.pk), reason="Known.", expires=until, by=steward)

    assert only(made) == "failed"


def test_evidence_that_is_older_than_the_run_waits_to_be_accepted(run, clean, author):
    CheckResult.objects.filter(version=clean).update(done_at=run.started_at - timedelta(days=1))
    before = steps(run)[0]
    actions.accept(run, "checks", 0, digest=clean.digest, by=author)

    assert (before.state, before.proofs[0].state, states(run)["checks"]) == ("open", "prior", "proved")


def test_a_number_out_of_its_range_proves_nothing(run, operator):
    actions.put(run, "load", 0, number=250, by=operator)
    before = steps(run)[1].proofs[0]
    actions.put(run, "load", 0, number=80, by=operator)

    assert (before.state, before.said) == ("failed", "250 ms: it has to be at most 100 ms")
    assert states(run)["load"] == "proved"


def test_a_waived_step_opens_when_the_waiver_is_over(run, steward):
    actions.waive_step(run, "load", reason="Later.", ends_at=timezone.now() + timedelta(days=2), by=steward)
    during = states(run)["load"]
    waived = Entry.objects.get(kind="waiver")
    late = waived.ends_at + timedelta(seconds=1)

    assert (during, actions.runs.steps_of(run, late)[1].state) == ("waived", "open")


@pytest.mark.parametrize("kind", ["load-test", "evaluation"])
def test_a_record_proves_until_it_is_withdrawn(team, clean, author, kind):
    need = f'kind = "record", record = "{kind}"' if kind == "load-test" else 'kind = "evaluation"'
    made = of(team, clean, author, f'{{ {need}, text = "It" }}')
    before = only(made)
    record, _ = registering.add_record(clean, kind, KINDS[kind].example, by=author)
    during = only(made)
    registering.withdraw_record(record, reason="Wrong.", by=author)

    assert (before, during, only(made)) == ("missing", "proved", "missing")


def measured(version, by, part: str, signed: bool) -> None:
    zeros = {f"{name}_sha256": "0" * 64 for name in ("model", "table")}
    made = Evaluation(version=version, by=by, asked={"part": part}, dataset_digest="0" * 64, **zeros)
    made.save()
    made.finished_at, made.outcome, made.measured = timezone.now(), "done", {"metrics": {"mcc": 0.5}}
    made.bundle = trusted.signed(made) if signed else "{}"
    made.save()


@pytest.mark.parametrize(
    ("part", "signed", "state"),
    [("hold-out", True, "proved"), ("validation", True, "missing"), ("hold-out", False, "missing")],
)
def test_a_measurement_proves_only_when_signed_and_on_the_part_that_is_asked_for(
    team, clean, author, part, signed, state
):
    made = of(team, clean, author, '{ kind = "evaluation", part = "hold-out", text = "It" }')

    measured(clean, author, part, signed)

    assert only(made) == state


def test_golden_predictions_are_no_evaluation_of_how_good_it_is(team, clean, author):
    made = of(team, clean, author, '{ kind = "evaluation", text = "It" }')

    measured(clean, author, "golden", signed=True)

    assert only(made) == "missing"


@pytest.mark.parametrize(
    ("said", "state"),
    [({}, "missing"), ({"golden": {"examples": 3, "largest_difference": 1e-7}}, "proved"),
     ({"golden": {"examples": 3, "largest_difference": 0.1}}, "failed"), ({"digest": "0" * 64}, "failed")],
    ids=["nothing said", "in its range", "out of its range", "other bytes"],
)  # fmt: skip
def test_what_a_record_says_counts(team, clean, author, said, state):
    need = 'kind = "record", record = "deployment", field = "golden.largest_difference", most = 1e-4'
    other = {"golden": {"examples": 3, "largest_difference": 1e-7}} if "digest" in said else {}
    made = of(team, clean, author, f'{{ {need}, text = "It" }}')
    data = {"environment": "here", "at": "2026-05-12T08:00:00Z", "digest": clean.digest, **other, **said}
    registering.add_record(clean, "deployment", data, by=author)

    assert only(made) == state


def test_what_nothing_here_measures_is_not_evaluated_and_never_a_pass(team, clean, author):
    made = of(team, clean, author, '{ kind = "check", check = "tco", text = "The cost" }')

    assert steps(made)[0].proofs[0].said == (
        "tco is not evaluated: it needs a record of the cost of ownership on both sides"
    )
    assert states(made) == {"only": "open"}


def test_no_record_proves_a_check_that_nothing_judges(team, clean, author):
    registering.add_record(clean, "training", KINDS["training"].example, by=author)
    made = of(team, clean, author, '{ kind = "check", check = "tco", record = "training", text = "It" }')
    text = made.playbook.text.replace('"tco"', '"gone"')
    made.playbook = PlaybookVersion.objects.create(code="PB-90", text=text, digest=digest_of(text))
    made.save(update_fields=["playbook"])

    assert steps(made)[0].proofs[0].said == "It. Not evaluated: no check gone judges this here"
    assert only(made) == "not evaluated"


def declare(version, by, **changes) -> None:
    data = {**KINDS["service-level"].example, **changes}
    registering.add_record(version, "service-level", data, by=by)


def test_a_check_of_operation_proves_by_what_its_record_says(team, clean, author, operator):
    made = of(team, clean, author, '{ kind = "check", check = "slo_burn", text = "It burns no faster" }')
    before = only(made)
    declare(clean, operator)
    known = only(made)
    declare(clean, operator, slo=0.99999)

    assert (before, known, only(made)) == ("not evaluated", "proved", "failed")


def of_the_team(team, by, check: str) -> Run:
    text = SMALL.partition("[[step]]")[0].replace('about = "model"', 'about = "team"') + (
        '[[step]]\nkey = "only"\ntitle = "Only"\ndo = "Do."\nroles = ["steward"]\n'
        f'needs = [{{ kind = "check", check = "{check}", text = "It" }}]\n'
    )
    playbook(team, text)
    return actions.start_run(team, "PB-90", subject=team.label, by=by)


def test_a_team_is_judged_by_what_is_declared_of_all_that_it_runs(team, clean, author, steward, operator):
    made = of_the_team(team, author, "encryption")
    before = only(made)
    registering.add_record(clean, "protection", KINDS["protection"].example, by=operator)

    proof = steps(made)[0].proofs[0]

    assert (before, proof.state) == ("not evaluated", "proved")
    assert proof.digest == clean.records.get().digest


def test_a_step_that_is_not_taken_opens_nothing_before_its_time(team, clean, author):
    choice = '{ kind = "choice", text = "Which", options = ["a", "b"] }'
    both = f'{choice}, {{ kind = "card", text = "Card" }}'
    text = SMALL.replace('{ kind = "check", check = "*", text = "Every check passes" }', both)
    playbook(team, text.replace('key = "load"', 'key = "load"\nwhen = { step = "checks", chosen = ["b"] }'))
    made = actions.start_run(team, "PB-90", subject=clean.label, by=author)
    actions.put(made, "checks", 0, text="a", by=author)

    assert states(made) == {"checks": "open", "load": "skipped", "word": "later"}


def test_a_check_of_bytes_is_of_everything_of_the_team(team, clean, author, steward):
    CheckResult.objects.filter(version=clean).update(done_at=clean.submitted_at)
    made = of_the_team(team, author, "leaked_secrets")
    passed = steps(made)[0].proofs[0]
    finding = found(clean, Severity.HIGH)
    Finding.objects.filter(pk=finding.pk).update(check_name="leaked_secrets")
    before = only(made)
    until = timezone.now() + timedelta(days=30)
    registering.waive(Finding.objects.get(), reason="Known.", expires=until, by=steward)

    assert passed.said == "leaked_secrets found nothing that blocks in 1 thing"
    assert (passed.state, before, only(made)) == ("proved", "failed", "waived")


@pytest.mark.parametrize(
    ("began", "state"),
    [("2031-01-01T00:00:00Z", "proved"), ("2021-01-01T00:00:00Z", "failed"), ("", "not evaluated")],
    ids=["before", "after", "nobody knows"],
)
def test_a_decision_may_have_to_be_older_than_the_training(team, clean, author, began, state):
    made = of(team, clean, author, '{ kind = "decision", before = "training", text = "The metric" }')
    about = {"title": "Metric", "context": "We need one.", "choice": "PR-AUC", "by": author}
    decision = actions.add_decision(team, **about)
    actions.put(made, "only", 0, label=decision.label, by=author)
    before = only(made)
    data = {key: value for key, value in KINDS["training"].example.items() if key != "began_at"}
    registering.add_record(clean, "training", data | ({"began_at": began} if began else {}), by=author)

    assert (before, only(made)) == ("proved", state)


def test_a_check_of_tables_is_of_every_dataset_of_the_team(team, author, steward):
    made = of_the_team(team, author, "poisoning")
    before = only(made)
    held = factories.artifact(team, author, Kind.DATASET, name="payments")
    factories.checked(held, author, {"a.csv": b"x\n1\n"})

    assert (before, only(made)) == ("not evaluated", "not evaluated")
    assert steps(made)[0].proofs[0].said == "poisoning is not evaluated in 1 of 1 dataset"


@pytest.mark.parametrize(
    ("target", "states"),
    [("fraud", ("proved", "prior")), pytest.param("", ("not evaluated",), marks=pytest.mark.slow)],
    ids=["declared", "no target"],
)
def test_a_check_of_tables_in_a_run_about_a_model_is_of_what_it_was_trained_on(
    team, artifact, author, target, states
):
    held = factories.artifact(team, author, Kind.DATASET, name="payments")
    rows = "".join(f"{row},{'yes' if row % 4 == 0 else 'no'}\n" for row in range(40))
    data = factories.checked(held, author, {"a.csv": f"x,fraud\n{rows}".encode()})
    if target:
        registering.declare(held, target=target, by=author)
    version = factories.checked(artifact, author, {"m.txt": b"x"}, parents=[(data, "trained-on")])

    made = of(team, version, author, '{ kind = "check", check = "imbalance", text = "Known" }')
    proof = steps(made)[0].proofs[0]

    assert proof.state in states
    assert "payments" not in proof.said


def test_a_record_says_nothing_for_a_check_that_this_installation_has(team, clean, author):
    registering.add_record(clean, "training", KINDS["training"].example, by=author)
    need = '{ kind = "check", check = "train_test_overlap", record = "training", text = "Rows" }'

    assert only(of(team, clean, author, need)) == "not evaluated"


def test_a_check_of_quality_without_evidence_is_not_evaluated(team, clean, author):
    made = of(team, clean, author, '{ kind = "check", check = "kfold_evidence", text = "Folds" }')

    assert only(made) == "not evaluated"


def test_what_was_bound_falls_with_the_version_it_is(team, clean, author, steward):
    made = of(team, clean, author, '{ kind = "upload", text = "It" }')
    actions.put(made, "only", 0, label=clean.label, by=author)
    before = only(made)
    registering.withdraw(clean, reason="Wrong.", by=author)

    assert (before, only(made)) == ("proved", "failed")


@pytest.mark.parametrize(
    "need",
    [
        'kind = "signature"',
        'kind = "profile"',
        'kind = "lineage"',
        'kind = "card"',
        'kind = "approval", alias = "production"',
        'kind = "alias", alias = "production"',
        'kind = "article"',
        'kind = "decision"',
        'kind = "run", playbook = "PB-11"',
        'kind = "choice", options = ["a", "b"]',
    ],
)
def test_what_is_not_there_is_missing(team, clean, author, need):
    made = of(team, clean, author, f'{{ {need}, text = "It" }}')

    assert only(made) == "missing"


def test_a_step_that_was_not_chosen_is_not_taken(team, clean, author):
    text = SMALL.replace(
        '{ kind = "number", text = "Slowest answer", unit = "ms", most = 100 }',
        '{ kind = "choice", text = "Which", options = ["a", "b"] }',
    ).replace('key = "word"', 'key = "word"\nwhen = { step = "load", chosen = ["a"] }')
    playbook(team, text)
    made = actions.start_run(team, "PB-90", subject=clean.label, by=author)
    actions.put(made, "load", 0, text="b", by=author)

    assert states(made)["word"] == "skipped"


def conditional(team, version, by, when: str) -> Run:
    """A run of the small playbook, whose last step is only taken for that."""
    text = SMALL.replace('key = "word"', f'key = "word"\nwhen = {{ {when} }}')
    playbook(team, text)
    return actions.start_run(team, "PB-90", subject=version.label, by=by)


@pytest.mark.parametrize(
    ("number", "state"), [(None, "later"), (80, "skipped"), (95, "open")], ids=["none yet", "less", "enough"]
)
def test_a_step_may_depend_on_the_number_of_an_earlier_one(team, clean, author, number, state):
    made = conditional(team, clean, author, 'step = "load", least = 90')
    done_again(clean, made)
    if number is not None:
        actions.put(made, "load", 0, number=number, by=author)

    assert states(made)["word"] == state


def test_a_step_may_depend_on_the_result_of_an_earlier_one(team, clean, author, steward):
    made = conditional(team, clean, author, 'step = "load", result = ["waived"]')
    done_again(clean, made)
    before = states(made)["word"]
    actions.waive_step(made, "load", reason="Later.", ends_at=timezone.now() + timedelta(days=2), by=steward)
    waived = states(made)["word"]
    actions.put(made, "load", 0, number=1, by=author)

    assert (before, waived, states(made)["word"]) == ("later", "open", "skipped")


@pytest.mark.parametrize(
    ("when", "state"),
    [('kind = ["dataset"]', "skipped"), ('kind = ["model"]', "later"), ('tag = ["credit"]', "later"),
     ('tag = ["other"]', "skipped")],
    ids=["another kind", "its kind", "its tag", "another tag"],
)  # fmt: skip
def test_a_step_may_depend_on_what_it_is_about(team, artifact, clean, author, when, state):
    type(artifact).objects.update(tags=["credit"])
    made = conditional(team, clean, author, when)

    assert states(made)["word"] == state


def test_a_step_may_depend_on_what_is_declared(team, clean, author):
    made = conditional(team, clean, author, 'record = "load-test", field = "p95_ms", least = 1e6')
    before = states(made)["word"]
    registering.add_record(clean, "load-test", KINDS["load-test"].example, by=author)

    assert (before, states(made)["word"]) == ("later", "skipped")


def test_what_depends_on_a_step_that_is_not_taken_is_not_taken(team, clean, author):
    choice = '{ kind = "choice", text = "Which", options = ["a", "b"] }'
    number = '{ kind = "number", text = "Slowest answer", unit = "ms", most = 100 }'
    text = SMALL.replace(number, choice).replace(
        'key = "load"', 'key = "load"\nwhen = { kind = ["dataset"] }'
    )
    playbook(team, text.replace('key = "word"', 'key = "word"\nwhen = { step = "load", chosen = ["a"] }'))
    made = actions.start_run(team, "PB-90", subject=clean.label, by=author)

    assert (states(made)["load"], states(made)["word"]) == ("skipped", "skipped")


def test_as_many_queries_for_many_entries_as_for_one(
    run, clean, author, operator, django_assert_max_num_queries
):
    for number in range(5):
        actions.put(run, "load", 0, number=number, by=operator)
        actions.comment(run, f"Word {number}", by=author)
    made = Run.objects.select_related("playbook", "team").get(pk=run.pk)

    with django_assert_max_num_queries(6):
        actions.runs.steps_of(made)


def test_a_check_about_the_team_is_worked_out_now(team, clean, author):
    made = of(team, clean, author, '{ kind = "check", check = "ownership_coverage", text = "Owners" }')
    (proof,) = steps(made)[0].proofs
    before = (proof.state, proof.said)

    for role in ("data-engineer", "devops-engineer"):
        factories.member(team, role)

    alone = "models/fraud/scorer: nobody but the owner may push. Give somebody else a role."
    assert before == ("failed", f"ownership_coverage: {alone}")
    assert only(made) == "proved"
