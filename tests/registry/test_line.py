"""The main line by its actions: push, seal, check, approve, promote, use, on the record."""

from __future__ import annotations

import pickle

import pytest

from governance import actions as governing
from governance.errors import Conflict, Denied
from governance.models import Event
from registry import actions
from registry.models import Version
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def fraud():
    return factories.team("fraud")


@pytest.fixture
def author(fraud):
    return factories.member(fraud, "data-scientist", "devops-engineer", username="mara")


@pytest.fixture
def steward(fraud):
    return factories.member(fraud, "steward", username="jonas")


@pytest.fixture
def operator(fraud):
    return factories.member(fraud, "devops-engineer", username="priya")


@pytest.fixture
def version(fraud, author) -> Version:
    of = factories.artifact(fraud, author, name="scorer")
    return factories.checked(of, author, {"model.pkl": pickle.dumps({"weights": [1.0, 2.0]})})


def test_a_clean_version_is_ready_after_its_checks(version):
    assert (version.state, version.released) == ("ready", False)


def test_production_needs_an_approval(version, operator):
    with pytest.raises(Denied) as denied:
        actions.promote(version, "production", by=operator)

    assert denied.value.sentence == "Production needs 1 approval, 0 given."


def test_an_author_does_not_promote_own_work(version, author, steward):
    factories.approved(version, steward, asker=author)

    with pytest.raises(Denied) as denied:
        actions.promote(version, "production", by=author)

    assert denied.value.sentence == "Someone other than the author must do this."


def test_an_approved_version_becomes_production_and_is_released(version, author, steward, operator):
    factories.approved(version, steward, asker=author)

    alias = actions.promote(version, "production", by=operator)

    assert (alias.version_id, Version.objects.get(pk=version.pk).released) == (version.pk, True)


def test_a_released_version_is_fetched_byte_identical_by_a_reader(version, author, steward, operator, fraud):
    factories.approved(version, steward, asker=author)
    actions.promote(version, "production", by=operator)
    reader = factories.member(fraud, "reader")

    opened = actions.download(version, "model.pkl", alias="production", by=reader)

    with opened.stream as stream:
        assert stream.read() == pickle.dumps({"weights": [1.0, 2.0]})


def test_every_step_is_an_event_of_the_version(version, author, steward, operator):
    factories.approved(version, steward, asker=author)
    actions.promote(version, "production", by=operator)

    names = Event.objects.about(version.label).order_by("pk").values_list("action", flat=True)

    assert list(names) == [
        "version.add",
        "version.add_file",
        "version.submit",
        "version.check",
        "approval.request",
        "approval.approve",
        "version.sign",
        "version.promote",
    ]


def test_a_refusal_is_an_event_and_changes_nothing(version, operator):
    with pytest.raises(Denied):
        actions.promote(version, "production", by=operator)

    event = Event.objects.first()
    assert (event.action, event.outcome, event.actor) == ("version.promote", "refused", "priya")
    assert version.aliases.count() == 0


@pytest.mark.slow
def test_a_yes_is_good_for_once(version, author, steward, operator, fraud):
    factories.approved(version, steward, asker=author)
    actions.promote(version, "production", by=operator)
    newer = factories.checked(version.artifact, author, {"model.pkl": pickle.dumps([3])})
    factories.approved(newer, steward, asker=author)
    actions.promote(newer, "production", by=operator)

    with pytest.raises(Denied):
        actions.promote(version, "production", by=operator)


def test_a_rollback_goes_back_with_a_reason(version, author, steward, operator):
    factories.approved(version, steward, asker=author)
    actions.promote(version, "production", by=operator)
    newer = factories.checked(version.artifact, author, {"model.pkl": pickle.dumps([3])})
    factories.approved(newer, steward, asker=author)
    actions.promote(newer, "production", by=operator)

    alias = actions.roll_back(version, "production", reason="Alarms after the release.", by=operator)

    assert alias.version_id == version.pk


def test_who_asks_does_not_approve(version, steward, fraud):
    approval = governing.request_approval(version.label, alias="production", by=steward)

    with pytest.raises(Denied) as denied:
        governing.approve(approval, by=steward)

    assert denied.value.sentence == "Someone other than the person who asked must do this."


def test_a_frozen_version_takes_no_file(version, author):
    with pytest.raises(Conflict):
        actions.expect_file(version, "late.txt", by=author)
