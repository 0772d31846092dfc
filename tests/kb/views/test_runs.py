"""The page of a run shows how it stands, and what is put in there counts."""

from __future__ import annotations

import pytest

from governance.models import User
from kb import actions
from kb.playbooks import PLAYBOOKS
from tests.kb.running import (
    SMALL,
    artifact,
    author,
    clean,
    operator,
    playbook,
    reader,
    run,
    states,
    steward,
    team,
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
    "run",
    "signed_in",
    "steward",
    "team",
    "waiting",
]

pytestmark = pytest.mark.django_db


def test_it_says_what_is_proved_and_whose_turn_it_is(run, operator, signed_in):
    words = said(signed_in(operator).get(f"/runs/{run.pk}/"))

    assert "1 of 3 steps proved" in words
    assert "Yours, due" in words


def test_what_a_check_lacks_leads_to_where_it_is_given(team, clean, author, signed_in):
    needs = '{ kind = "check", check = "slo_burn", text = "It burns no faster" }'
    step = f'[[step]]\nkey = "only"\ntitle = "T"\ndo = "D"\nroles = ["steward"]\nneeds = [{needs}]\n'
    playbook(team, SMALL.partition("[[step]]")[0] + step)
    made = actions.start_run(team, "PB-90", subject=clean.label, by=author)

    shown = signed_in(author).get(f"/runs/{made.pk}/").content.decode()

    assert f'<a href="/{clean.label}/records/#operated">slo_burn is not evaluated: it needs' in shown


def test_a_number_is_put_in_by_the_page(run, operator, signed_in):
    address = f"/runs/{run.pk}/steps/load/"
    refused = signed_in(operator).post(address, {"act": "put", "need": "0", "number": "many"})
    taken = signed_in(operator).post(address, {"act": "put", "need": "0", "number": "40"})

    assert (refused.status_code, taken.status_code, states(run)["load"]) == (400, 302, "proved")


def test_a_run_goes_on_when_its_playbook_is_shipped_no_more(team, clean, author, signed_in, monkeypatch):
    made = actions.start_run(team, "PB-03", subject=clean.label, by=author)
    monkeypatch.delitem(PLAYBOOKS, "PB-03")
    entry = actions.put(made, "pipeline", 2, text="Run 7.", by=author)
    page = signed_in(author)

    answers = [
        page.get(f"/runs/{made.pk}/"),
        page.get("/runs/"),
        page.get(f"/runs/{made.pk}/steps/pipeline/"),
    ]
    gone = page.get("/playbooks/PB-03/")

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert (actions.notice(made, by=User.system()).state, entry.kind) == ("open", "statement")
    assert gone.status_code == 404


def test_many_entries_take_no_more_queries_than_one(run, author, operator, signed_in):
    actions.put(run, "load", 0, number=1, by=operator)
    actions.comment(run, "One.", by=author)
    client = signed_in(operator)
    client.get(f"/runs/{run.pk}/")
    few = queries(client, f"/runs/{run.pk}/")
    for number in range(3):
        actions.put(run, "load", 0, number=number, by=operator)
        actions.comment(run, "More.", by=author)

    assert queries(client, f"/runs/{run.pk}/") == few
