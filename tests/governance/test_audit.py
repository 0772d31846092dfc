"""The record: complete, refusing change, and in the action's own transaction."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction

from governance import actions, audit
from governance.errors import Denied
from governance.models import Event, Team
from governance.origin import Origin, origin
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_event_knows_who_what_where_and_why():
    admin = factories.admin()
    mark = origin.set(Origin("req-12345678", "192.0.2.7", "stw_abcd… laptop"))

    actions.add_team("fraud", name="Fraud", by=admin)
    origin.reset(mark)

    event = Event.objects.get(action="team.add")
    assert (event.actor, event.subject, event.team, event.outcome) == (
        admin.username,
        "teams/fraud",
        "fraud",
        "done",
    )
    assert (event.request_id, event.address, event.token) == ("req-12345678", "192.0.2.7", "stw_abcd… laptop")
    assert event.after == {"slug": "fraud", "name": "Fraud"}


def test_personal_fields_stand_in_the_canonical_bytes_as_commitments():
    admin = factories.admin()
    actions.add_team("fraud", by=admin)

    event = Event.objects.get(action="team.add")

    public = json.loads(bytes(event.canonical))
    salted = bytes.fromhex(event.salts["actor"]) + admin.username.encode()
    assert public["actor"] == hashlib.sha256(salted).hexdigest()
    assert admin.username.encode() not in bytes(event.canonical)


def test_the_canonical_bytes_can_be_made_again_from_the_row():
    actions.add_team("fraud", by=factories.admin())
    event = Event.objects.get(action="team.add")
    names = [
        *("at", "action", "outcome", "subject", "digest", "team", "actor", "token", "address"),
        *("request_id", "before", "after", "reason"),
    ]

    again = audit.canonical({name: getattr(event, name) for name in names}, event.salts)

    assert again == bytes(event.canonical)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE governance_event SET reason = 'other'",
        "DELETE FROM governance_event",
        "TRUNCATE governance_event",
    ],
)
def test_the_table_refuses_change(statement):
    actions.add_team("fraud", by=factories.admin())

    with pytest.raises(DatabaseError, match="takes new events only"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Event.objects.filter(action="team.add").count() == 1


def test_an_action_whose_event_cannot_be_written_does_not_happen():
    admin = factories.admin()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE governance_event ADD CONSTRAINT no_more CHECK (false) NOT VALID")

    with pytest.raises(DatabaseError):
        actions.add_team("fraud", by=admin)

    assert Team.objects.filter(slug="fraud").count() == 0


def test_a_refusal_is_recorded_after_its_rollback():
    person = factories.person()

    with pytest.raises(Denied):
        actions.add_team("fraud", by=person)

    event = Event.objects.get()
    assert (event.action, event.outcome, event.reason) == (
        "team.add",
        "refused",
        "Only the site administrator may do this.",
    )


def test_a_label_is_followed_to_everything_below_it_and_nothing_beside():
    admin = factories.admin()
    for subject in ("models/a/x", "models/a/x/versions/1", "models/a/xy"):
        audit.record("artifact.edit", subject, by=admin)

    found = Event.objects.about("models/a/x").order_by("pk").values_list("subject", flat=True)

    assert list(found) == ["models/a/x", "models/a/x/versions/1"]


def test_a_team_sees_its_own_events_only():
    mine, other = factories.team(), factories.team()
    auditor = factories.member(mine, "auditor")
    admin = factories.admin()
    audit.record("artifact.edit", mine, by=admin)
    audit.record("artifact.edit", other, by=admin)

    assert [event.team for event in Event.objects.visible_to(auditor)] == [mine.slug]


def test_everybody_sees_what_they_did_themselves():
    team = factories.team()
    reader = factories.member(team, "reader")
    audit.record("version.download", team, by=reader)
    audit.record("version.download", team, by=factories.admin())

    assert [event.actor for event in Event.objects.visible_to(reader)] == [reader.username]
