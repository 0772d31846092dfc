"""Who is told what, in the transaction of what it tells of."""

from __future__ import annotations

import pytest
from django.db import transaction

from config.celery import app
from governance import actions
from governance.actions import void_changed
from governance.errors import Invalid
from governance.models import Delivery, Event, Mail, Membership, Notification, Preference, User
from governance.telling import settle, tell
from registry.actions import promote
from registry.models import CheckResult, Severity
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(team):
    return factories.member(team, "devops-engineer", username="priya")


@pytest.fixture
def version(team, mara):
    version = factories.submitted(factories.artifact(team, mara, name="scorer"), mara)
    CheckResult.objects.filter(version=version).update(outcome="done", finished_at=version.submitted_at)
    return version


@pytest.fixture
def approval(version, jonas, operator):
    return actions.request_approval(version.label, alias="production", by=operator)


def told(kind: str = "") -> list[tuple[str, str]]:
    """Who was told what, in order."""
    rows = Notification.objects.filter(kind=kind) if kind else Notification.objects.all()
    return list(rows.order_by("pk").values_list("user__username", "sentence"))


# ------------------------------------------------------------------ telling


def test_each_is_told_once(team, jonas, mara):
    tell("review", [jonas, mara, User.objects.get(pk=jonas.pk)], team, "Something.")

    assert told() == [("jonas", "Something."), ("mara", "Something.")]


def test_who_has_left_is_not_told(team, jonas):
    User.objects.filter(pk=jonas.pk).update(is_active=False)
    jonas.refresh_from_db()

    tell("review", [jonas, User.system()], team, "Something.")

    assert told() == []


def test_what_is_undone_was_not_told(team, jonas, hook):
    actions.set_webhook(team, hook.url, by=jonas)
    Delivery.objects.all().delete()

    with transaction.atomic():
        tell("finding-blocking", [jonas], team, "Something.")
        transaction.set_rollback(True)

    assert [rows.objects.count() for rows in (Notification, Mail, Delivery)] == [0, 0, 0]


def test_a_kind_that_nobody_knows_is_not_told(team, jonas):
    with pytest.raises(KeyError):
        tell("gossip", [jonas], team, "Something.")


def test_what_nobody_could_ever_see_is_not_told(jonas):
    with pytest.raises(ValueError, match="register what it is"):
        tell("review", [jonas], "moons/3", "Something.")


def test_what_is_settled_needs_no_reading(team, jonas, mara):
    tell("review", [jonas, mara], team, "Something.")
    tell("handed-over", [jonas], team, "Something else.")

    settle("review", team)

    assert [found.sentence for found in Notification.objects.unread()] == ["Something else."]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_nothing(team, jonas, monkeypatch, caplog):
    with monkeypatch.context() as away:
        away.setitem(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
        away.setattr(app.amqp, "_producer_pool", None)
        tell("finding-blocking", [jonas], team, "Something.")

    assert "governance.send_mails waits for the broker: OperationalError" in caplog.text
    assert Mail.objects.due().count() == 1


# ------------------------------------------------------------------ requests and decisions


def test_a_request_is_told_to_those_who_could_decide(team, version, mara, jonas, operator):
    Membership.objects.create(team=team, user=mara, role="steward", granted_by=User.system())
    made = factories.person("made", created_by=operator)
    Membership.objects.create(team=team, user=made, role="steward", granted_by=User.system())
    raised = factories.person("raised")
    Membership.objects.create(team=team, user=raised, role="steward", granted_by=operator)
    factories.member(factories.team(), "steward")

    actions.request_approval(version.label, alias="production", by=operator)

    assert told("approval-asked") == [("jonas", "priya asks you to approve scorer 1 for production.")]


def test_a_steward_who_asks_is_not_asked(team, version, jonas):
    leila = factories.member(team, "steward", username="leila")

    actions.request_approval(version.label, alias="production", by=jonas)

    assert [who for who, _ in told("approval-asked")] == [leila.username]


def test_its_page_is_that_of_the_request(approval):
    assert Notification.objects.get(kind="approval-asked").subject == approval.label


@pytest.mark.slow
@pytest.mark.parametrize(
    ("decide", "note", "sentence"),
    [
        (actions.approve, "Fine.", "jonas approved scorer 1 for production."),
        (actions.reject, "", "jonas rejected scorer 1 for production."),
        (actions.reject, "Too early.\nLater.", "jonas rejected scorer 1 for production: Too early."),
    ],
)
def test_who_asked_is_told_the_decision(approval, jonas, decide, note, sentence):
    decide(approval, note=note, by=jonas)

    assert told("approval-decided") == [("priya", sentence)]


@pytest.mark.parametrize("decide", [actions.approve, actions.reject])
def test_what_is_decided_nobody_needs_to_decide(team, version, jonas, operator, decide):
    factories.member(team, "steward", username="leila")
    approval = actions.request_approval(version.label, alias="production", by=operator)

    decide(approval, by=jonas)

    assert not Notification.objects.unread().filter(kind="approval-asked").exists()


def test_who_asked_is_told_that_it_became_void_and_why(approval, version):
    found(version, Severity.HIGH)

    void_changed(version, by=User.system())

    sentence = (
        "Your request for scorer 1 for production became void. "
        "The open findings are not the ones that were signed."
    )
    assert told("approval-decided") == [("priya", sentence)]
    assert not Notification.objects.unread().filter(kind="approval-asked").exists()


def test_who_makes_it_void_oneself_knows(approval, version, operator):
    found(version, Severity.HIGH)

    actions.request_approval(version.label, alias="production", by=operator)

    assert told("approval-decided") == []


def test_a_promotion_is_no_decision(approval, version, jonas, operator):
    actions.approve(approval, by=jonas)

    promote(version, "production", by=operator)

    assert len(told("approval-decided")) == 1


# ------------------------------------------------------------------ ways


def test_a_way_is_chosen_on_the_record(jonas):
    ways = actions.set_ways(jonas, {"review": "once", "approval-asked": "once"}, by=jonas)

    event = Event.objects.get(action="notification.set")
    assert (ways["review"], event.before, event.after) == ("once", {"review": "daily"}, {"review": "once"})


def test_the_same_choice_again_is_no_event(jonas):
    actions.set_ways(jonas, {"review": "daily"}, by=jonas)

    assert not Event.objects.filter(action="notification.set").exists()


@pytest.mark.parametrize("ways", [{"gossip": "once"}, {"review": "by pigeon"}])
def test_a_way_that_does_not_exist_is_refused(jonas, ways):
    with pytest.raises(Invalid):
        actions.set_ways(jonas, ways, by=jonas)

    assert Preference.objects.count() == 0
