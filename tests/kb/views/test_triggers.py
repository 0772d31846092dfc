"""Triggers by page and by API: set up, read with what they would start, switched, and what they did."""

from __future__ import annotations

import pytest

from kb.followers.triggers import start
from kb.models import Firing, Run, Trigger
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.triggers import (
    artifact,
    author,
    clean,
    fails,
    made,
    operator,
    reader,
    steward,
    team,
    trigger,
    waiting,
)
from tests.pages import queries, said
from tests.registry.views.conftest import signed_in

__all__ = [
    "artifact",
    "author",
    "clean",
    "operator",
    "reader",
    "signed_in",
    "steward",
    "team",
    "trigger",
    "waiting",
]

pytestmark = pytest.mark.django_db

SENT = {"playbook": "PB-13", "kind": "check", "check_name": "file_type", "action": "version.promote"}
SENT |= {"window_hours": "9", "most_open": "3", "steward": "jonas"}


def test_it_is_set_up_off_and_switched_on_by_its_page(team, steward, signed_in):
    client = signed_in(steward)
    client.post("/triggers/new/?team=fraud", SENT)
    found = Trigger.objects.get()
    first = found.state, found.action, found.people.get().user
    client.post(f"/triggers/{found.pk}/", {"act": "on"})
    found.refresh_from_db()

    assert (first, found.state) == (("off", "", steward), "on")


def test_it_is_set_up_read_and_switched_on_by_the_api(team, clean, steward):
    caller = Caller(steward)
    sent = {"team": "fraud", "playbook": "PB-13", "kind": "check", "check": "pickle_imports"}
    added = caller.post("triggers/", {**sent, "people": {"steward": ["jonas"]}}).json()
    fails(clean)
    would = caller.get(f"triggers/{added['id']}/simulation").json()
    on = caller.post(f"triggers/{added['id']}/on").json()

    assert (added["state"], added["people"], on["state"]) == ("off", {"steward": ["jonas"]}, "on")
    assert (would["runs"], [each["subject"] for each in would["newest"]]) == (1, [clean.label])


def test_names_of_no_role_ask_the_database_nothing(team, steward, django_assert_max_num_queries):
    sent = {"team": team.slug, "playbook": "PB-13", "kind": "check", "check": "pickle_imports"}
    people = {f"role-{number}": ["priya"] for number in range(500)}

    with django_assert_max_num_queries(20):
        answer = Caller(steward).post("triggers/", {**sent, "people": people})

    assert (answer.status_code, answer.json()["detail"]) == (400, "No playbook has a role role-0.")


def test_its_page_says_what_it_would_start_and_what_it_started(trigger, clean, steward, signed_in):
    start(fails(clean))
    words = said(signed_in(steward).get(f"/triggers/{trigger.pk}/"))

    assert "It would have started 1 run in the last 90 days." in words
    assert f"Run {Run.objects.get().pk} about scorer 1: open." in words


def test_who_does_not_read_the_trail_is_shown_none_of_it(trigger, clean, author, signed_in):
    fails(clean)
    words = said(signed_in(author).get(f"/triggers/{trigger.pk}/"))

    assert "which stewards and auditors read" in words


def test_a_long_past_takes_no_more_queries_than_a_short_one(trigger, artifact, author, steward, signed_in):
    client = signed_in(steward)
    for _ in range(2):
        start(fails(factories.submitted(artifact, author)))
    addresses = ("/triggers/", f"/triggers/{trigger.pk}/")
    few = [(client.get(each), queries(client, each))[1] for each in addresses]
    for number in range(3):
        Firing.objects.create(
            trigger=trigger, subject=f"{artifact.label}/versions/{number}", window=1, said="."
        )
    made(trigger.team, steward)

    assert [queries(client, each) for each in addresses] == few
