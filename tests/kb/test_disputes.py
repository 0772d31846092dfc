"""What is disputed is tested: two versions and the data are named before both ran; the registry decides."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from governance.errors import Conflict, Invalid
from governance.models import Event
from kb import actions
from kb.followers.progress import concerned
from kb.models import Run
from registry import actions as registering
from registry import trusted
from registry.models import Evaluation, Kind, Version
from tests import factories
from tests.kb.running import artifact, author, clean, operator, reader, steps, steward, team, waiting
from tests.pages import said

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db

PAIR = {"metric": "accuracy", "difference": 0.1, "low": 0.05, "high": 0.15, "rows": 100, "agreement": 0.8}
BETTER = {**PAIR, "only_this": 15, "only_other": 2, "p": 0.002}
ALIKE = {**PAIR, "only_this": 9, "only_other": 8, "p": 1.0}
ERRORS = {"metric": "mae", "difference": -2.0, "low": -3.0, "high": -1.0, "rows": 100}


@pytest.fixture
def second(artifact, author, clean) -> Version:
    return factories.submitted(artifact, author, {"m.txt": b"other"})


@pytest.fixture
def data(team, author) -> Version:
    return factories.submitted(factories.artifact(team, author, Kind.DATASET, name="frozen"), author)


@pytest.fixture
def dispute(team, author, operator, steward) -> Run:
    """About a method, and at the step at which the two are named."""
    people = {"facilitator": [operator], "party": [author, steward]}
    run = actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)
    for need, text in enumerate(("task or method", "Two ways.")):
        actions.put(run, "identify", need, text=text, by=operator)
    for step in ("communicate", "confirm"):
        for party in (author, steward):
            actions.put(run, step, 0, text="My view.", by=party)
    for need in (0, 1):
        actions.put(run, "acknowledge", need, text="Words.", by=operator)
    for party in (author, steward):
        actions.put(run, "agree", 0, text="They are right.", by=party)
    for need, text in enumerate(("Accuracy on what is frozen.", "two versions of a model here")):
        actions.put(run, "test", need, text=text, by=operator)
    return run


def evaluated(version: Version, data: Version, by, paired: list | None = None, **asked: str) -> Evaluation:
    """As this server signs it."""
    zeros = {f"{name}_sha256": "0" * 64 for name in ("model", "table")}
    made = Evaluation(version=version, by=by, asked=asked, dataset_digest=data.digest, dataset=data, **zeros)
    made.save()
    made.finished_at, made.outcome = timezone.now(), "done"
    made.measured = {"metrics": {"accuracy": 0.5}, "paired": paired or []}
    made.bundle = trusted.signed(made)
    made.save()
    return made


def name(run: Run, one: Version, other: Version, data: Version, by) -> None:
    actions.put(run, "register", 0, label=one.label, number=other.number, text=data.label, by=by)


def verdict(run: Run) -> tuple[str, str]:
    proof = next(each for each in steps(run) if each.step.key == "verdict").proofs[0]
    return proof.state, proof.said


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (BETTER, "Version 2 is better than version 1: versions 1 and 2: right alone on 2 and 15 of 100 rows "
         "(p = 0.002)"),
        pytest.param(ALIKE, "Evidence tie between versions 1 and 2: right alone on 8 and 9 of 100 rows "
                     "(p = 1)",
                     marks=pytest.mark.slow),
        pytest.param(ERRORS, "Version 2 is better than version 1: versions 1 and 2: mean absolute error +2 "
                     "(+1 to +3)", marks=pytest.mark.slow),
    ],
    ids=["one is better", "a tie", "of numbers"],
)  # fmt: skip
def test_the_registry_says_which_is_better(dispute, clean, second, data, author, operator, pair, words):
    name(dispute, clean, second, data, operator)
    before = verdict(dispute)
    first = evaluated(clean, data, author)
    evaluated(second, data, author, [{"evaluation": first.pk, "version": 1, **pair}])

    assert before == ("not evaluated", "not evaluated: evaluate versions 1 and 2 on it, asking the same")
    assert verdict(dispute) == ("proved", words)


@pytest.mark.slow
def test_a_pair_is_named_by_the_page(dispute, clean, second, data, operator):
    page = Client()
    page.force_login(operator)
    address = f"/runs/{dispute.pk}/steps/register/"
    before = said(page.get(address))
    sent = {"act": "put", "need": "0", "label": clean.label, "number": "2", "text": data.label}
    answer = page.post(address, sent, follow=True)

    assert "The first version, such as models/team/name/versions/3." in before
    assert "Versions 1 and 2 of scorer, on data of this digest" in said(answer)


@pytest.mark.slow
def test_whoever_tries_again_changes_nothing(dispute, clean, second, data, author, operator):
    name(dispute, clean, second, data, operator)
    first = evaluated(clean, data, author)
    evaluated(second, data, author, [{"evaluation": first.pk, "version": 1, **ALIKE}])
    again = evaluated(clean, data, author)
    evaluated(second, data, author, [{"evaluation": again.pk, "version": 1, **BETTER}])

    assert verdict(dispute)[1].startswith("Evidence tie")


@pytest.mark.slow
def test_another_question_decides_nothing(dispute, clean, second, data, author, operator):
    name(dispute, clean, second, data, operator)
    first = evaluated(clean, data, author)
    evaluated(second, data, author, [{"evaluation": first.pk, "version": 1, **BETTER}], positive="yes")

    assert verdict(dispute)[0] == "not evaluated"


def test_what_is_known_already_is_not_agreed_on(dispute, clean, second, data, author, operator):
    for version in (clean, second):
        evaluated(version, data, author)

    with pytest.raises(Conflict) as refused:
        name(dispute, clean, second, data, operator)

    assert refused.value.sentence.startswith(
        "Both were evaluated on it already, so what comes of it is known."
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "data_label", "sentence"),
    [
        (1, None, "Name another version of scorer that is submitted, by its number."),
        (9, None, "Name another version of scorer that is submitted, by its number."),
        (2, "models/fraud/scorer/versions/2", "This is no version of a dataset: it is a version."),
    ],
    ids=["the same", "not there", "no data"],
)
def test_a_pair_is_of_two_versions_and_a_dataset(
    dispute, clean, second, data, operator, number, data_label, sentence
):
    with pytest.raises(Invalid) as refused:
        actions.put(
            dispute,
            "register",
            0,
            label=clean.label,
            number=number,
            text=data_label or data.label,
            by=operator,
        )

    assert refused.value.sentence == sentence


@pytest.mark.slow
def test_it_falls_when_one_of_the_two_is_withdrawn_and_hears_of_both(
    dispute, clean, second, data, author, operator, steward
):
    name(dispute, clean, second, data, operator)
    registering.withdraw(second, reason="Wrong.", by=author)
    event = Event.objects.filter(action="version.withdraw").get()

    now = next(each for each in steps(dispute) if each.step.key == "register")

    assert (now.state, now.proofs[0].said) == ("fallen", "Version 2 was withdrawn")
    assert list(concerned(event)) == [dispute]
