"""What gates ask for: by the settings of the team, and as ever where a team has none."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from governance import actions as governing
from governance.models import Approval, Team, User
from governance.waiting import to_decide
from registry import actions
from registry.models import Gate, GateRequest, GateSettings, Move
from registry.models.gates import gates_of, written
from registry.policies.enough_approvals import enough_approvals
from tests import factories

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
