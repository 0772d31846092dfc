"""A gate may ask for a finished run of a playbook."""

from __future__ import annotations

import pytest

from governance.errors import Denied
from governance.models import Team, User
from kb import actions
from kb.models import Run
from kb.policies.finished_run import finished_run
from registry import actions as registering
from registry.models import Gate, Severity
from registry.models.gates import gates_of
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
    steward,
    team,
    waiting,
)
from tests.registry.conftest import found

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db

ONE = SMALL.replace("PB-90", "PB-03").partition('[[step]]\nkey = "load"')[0]


@pytest.fixture
def gated(team, steward) -> Team:
    """Production asks for a finished run of PB-03, which has one step here."""
    playbook(team, ONE)
    other = factories.member(team, "steward")
    gates = {"staging": Gate(), "production": Gate(approvals=1, run="PB-03")}
    registering.confirm_gates(registering.request_gates(team, gates, by=steward), by=other)
    return team


def said(person, version) -> str:
    version.artifact.team = Team.objects.get(pk=version.team.pk)
    objection = finished_run(person, version)
    return objection.sentence if objection else ""


def finish(team, version, by) -> Run:
    run = actions.start_run(team, "PB-03", subject=version.label, by=by)
    done_again(version, run)
    return actions.notice(run, by=User.system())


NEEDS = "production needs a finished run of “Release a model” about these bytes"


def test_a_gate_that_asks_for_none_is_silent(clean, operator):
    assert said(operator, clean) == ""


def test_without_a_run_it_objects_and_says_where_one_begins(gated, clean, operator):
    clean.artifact.team = Team.objects.get(pk=gated.pk)
    objection = finished_run(operator, clean)

    assert objection.sentence == f"{NEEDS}, and none has begun."
    assert objection.link == f"/playbooks/PB-03/start/?subject={clean.label}"


def test_an_open_run_is_not_enough(gated, clean, author, operator):
    run = actions.start_run(gated, "PB-03", subject=clean.label, by=author)

    assert said(operator, clean) == f"{NEEDS}: run {run.pk} is not finished."


def test_a_finished_one_opens_the_gate_and_a_later_failure_closes_it(gated, clean, author, steward, operator):
    run = finish(gated, clean, author)
    factories.approved(clean, steward, author)
    before = said(operator, clean)
    found(clean, Severity.HIGH)

    assert (run.outcome, before) == ("done", "")
    assert said(operator, clean) == (
        f"{NEEDS}. Run {run.pk} was finished, but “Checks” does not hold any more."
    )


def test_the_action_is_refused_with_the_same_sentence(gated, clean, author, steward, operator):
    factories.approved(clean, steward, author)

    with pytest.raises(Denied) as denied:
        registering.promote(clean, "production", by=operator)

    assert denied.value.sentence == f"{NEEDS}, and none has begun."


def test_to_ask_for_no_run_any_more_takes_a_second_person(gated, steward):
    gates = {"staging": Gate(), "production": Gate(approvals=1)}
    asked = registering.request_gates(gated, gates, by=steward)

    with pytest.raises(Denied):
        registering.confirm_gates(asked, by=steward)
    assert gates_of(Team.objects.get(pk=gated.pk))["production"].run == "PB-03"
