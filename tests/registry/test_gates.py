"""What gates ask for: by the settings of the team, and as ever where a team has none."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from governance import access
from governance import actions as governing
from governance.errors import Denied
from governance.models import Approval, Team, User
from governance.waiting import to_decide
from registry import actions
from registry.models import Gate, GateRequest, GateSettings, Kind, Move, Severity, Version
from registry.models.gates import gates_of, written
from registry.policies.enough_approvals import enough_approvals
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


def fresh(team: Team) -> Team:
    """As the next request reads it."""
    return Team.objects.get(pk=team.pk)


def settings(team: Team, by: User, **gates: Gate) -> GateSettings:
    """Set as if a second person had confirmed."""
    stored = written({"staging": Gate(), "production": Gate(approvals=1), **gates})
    number = team.gate_settings.count()
    asked = GateRequest.objects.create(team=team, based_on=number, gates=stored, requested_by=by)
    return GateSettings.objects.create(team=team, number=number + 1, gates=stored, request=asked, set_by=by)


def test_a_team_without_settings_has_the_usual_ones(team):
    assert gates_of(team) == {"staging": Gate(approvals=0), "production": Gate(approvals=1)}


def test_the_newest_settings_count(team, steward):
    settings(team, steward, canary=Gate(approvals=1))
    settings(team, steward, canary=Gate(approvals=3), production=Gate(approvals=2))

    assert list(gates_of(fresh(team)).items()) == [
        ("canary", Gate(approvals=3)),
        ("staging", Gate(approvals=0)),
        ("production", Gate(approvals=2)),
    ]


def test_settings_are_read_once_for_a_team(team, django_assert_num_queries):
    with django_assert_num_queries(1):
        gates_of(team)
        gates_of(team)


def test_the_database_holds_that_production_needs_an_approval(team, steward):
    with pytest.raises(IntegrityError, match="production_needs_an_approval"), transaction.atomic():
        settings(team, steward, production=Gate(approvals=0))

    assert GateSettings.objects.count() == 0


def test_what_was_set_does_not_change(team, steward):
    made = settings(team, steward)

    with pytest.raises(ProgrammingError, match="do not change"), transaction.atomic():
        GateSettings.objects.filter(pk=made.pk).update(number=7)
    with pytest.raises(ProgrammingError, match="do not change"), transaction.atomic():
        made.delete()


def test_two_approvals_are_two_people(team, clean, steward, author, operator):
    settings(team, steward, production=Gate(approvals=2))
    leila = factories.member(team, "steward", username="leila")
    factories.approved(clean, steward, asker=author)
    asked = Approval.objects.get()
    first = (asked.needed, asked.state, list(to_decide(leila)), list(to_decide(steward)))
    clean.artifact.team = fresh(team)
    lacking = enough_approvals(operator, clean, alias="production")

    governing.approve(asked, by=leila)

    assert first == (2, "open", [asked], [])
    assert lacking.sentence == "Production needs 2 approvals by settings 1 of fraud, 1 given."
    assert Approval.objects.get().state == "approved"
    actions.promote(clean, "production", by=operator)
    assert Move.objects.filter(version=clean, alias="production", protected=True).count() == 1


def test_an_alias_that_a_team_protects_is_promoted_to_and_releases(team, clean, steward, operator):
    settings(team, steward, canary=Gate())

    actions.promote(clean, "canary", by=operator)

    assert list(clean.moves.values_list("alias", "protected")) == [("canary", True)]


def test_a_move_keeps_whether_the_alias_was_protected_then(team, clean, steward, author, operator):
    actions.move_alias(clean, "canary", by=author)
    settings(team, steward, canary=Gate())

    assert list(clean.moves.values_list("alias", "protected")) == [("canary", False)]


def test_other_settings_void_what_was_approved(team, clean, steward, author, operator):
    factories.approved(clean, steward, asker=author)
    settings(team, steward, production=Gate(approvals=2))
    clean.artifact.team = fresh(team)

    assert enough_approvals(operator, clean, alias="production").sentence == (
        "Production needs 2 approvals by settings 1 of fraud, 0 given. "
        "The last one became void: The gate asks for something else than when it was signed."
    )


# ------------------------------------------------------------------ whose yes, and which checks


def test_the_yes_of_a_role_that_the_gate_names_counts(team, steward, author, operator, clean):
    settings(team, steward, production=Gate(approvals=1, approvers=("data-scientist",)))
    leila = factories.member(team, "data-scientist", username="leila")
    clean = fresh_version(clean)

    asked = governing.request_approval(clean.label, alias="production", by=author)
    waits = [[*to_decide(person)] for person in (leila, steward, author)]
    governing.approve(asked, by=leila)
    actions.promote(clean, "production", by=operator)

    assert asked.by_roles == ["data-scientist"]
    assert waits == [[asked], [], []]
    assert Move.objects.get().version == clean


def test_the_yes_of_another_role_is_refused_and_does_not_count(team, steward, author, clean):
    settings(team, steward, production=Gate(approvals=1, approvers=("data-scientist",)))
    asked = governing.request_approval(fresh_version(clean).label, alias="production", by=author)

    with pytest.raises(Denied, match="An approval for production is given by a data-scientist"):
        governing.approve(asked, by=steward)


def test_a_role_that_was_taken_away_takes_its_yes_along(team, steward, author, operator, clean):
    settings(team, steward, production=Gate(approvals=1, approvers=("data-scientist",)))
    leila = factories.member(team, "data-scientist", username="leila")
    governing.approve(
        governing.request_approval(fresh_version(clean).label, alias="production", by=author), by=leila
    )

    governing.set_roles(team, leila, ["reader"], by=steward)

    assert "0 given" in enough_approvals(operator, fresh_version(clean)).sentence


def test_a_check_that_a_gate_does_without_stands_in_nobodys_way(team, steward, operator, author):
    held = factories.checked(factories.artifact(team, author, Kind.DATASET), author, {"a.csv": b"a,b\n1,2\n"})
    held.results.filter(check_name="tabular_facts").update(outcome="", finished_at=None)
    before = refusals(operator, held)

    settings(team, steward, staging=Gate(not_required=("tabular_facts",)))
    after = refusals(operator, fresh_version(held))
    found(held, Severity.HIGH)
    held.findings.update(check_name="tabular_facts")

    assert (before, after) == (["checks_finished"], [])
    assert refusals(operator, fresh_version(held)) == []
    held.findings.update(check_name="file_type")
    assert refusals(operator, fresh_version(held)) == ["no_blocking_finding"]


def refusals(person: User, version: Version) -> list[str]:
    return [each.policy for each in access.objections(person, "version.promote", version, alias="staging")]


def fresh_version(version: Version) -> Version:
    return Version.objects.select_related("artifact__team").get(pk=version.pk)
