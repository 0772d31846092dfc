"""Decisions, by pages and by programs: noted, superseded, never edited."""

from __future__ import annotations

import pytest

from governance.errors import Conflict, Invalid
from governance.models import Event
from kb import actions
from kb.models import Decision
from tests.governance.api.caller import Caller
from tests.pages import queries, said

pytestmark = pytest.mark.django_db

SAID = {"title": "Boosting", "context": "Trees or nets for model:fraud/scorer?", "choice": "Trees."}


def test_a_decision_is_noted_read_and_superseded(client, fraud, mara, rita, scorer):
    client.force_login(mara)
    first = client.post("/decisions/new/", {"team": "fraud", **SAID, "about": "dataset:fraud/payments@2"})
    second = client.post("/decisions/new/", {"team": "fraud", **SAID, "title": "Nets", "supersedes": "1"})
    client.force_login(rita)

    assert (first["Location"], second["Location"]) == ("/decisions/fraud/1/", "/decisions/fraud/2/")
    payments = "datasets/fraud/payments"
    assert Decision.objects.get(number=1).about == [payments, f"{payments}/versions/2", "models/fraud/scorer"]
    page = said(client.get("/decisions/fraud/1/"))
    assert "Superseded" in page
    assert "Decision 2 took its place: Nets" in page
    assert "Nets fraud 2 Stands" in said(client.get("/decisions/"))
    assert Event.objects.filter(action="decision.add").count() == 2


def test_one_is_superseded_once_and_by_its_own_team(fraud, mara, zoe):
    older = actions.add_decision(fraud, by=mara, **SAID)
    actions.add_decision(fraud, by=mara, supersedes=older, **SAID)

    with pytest.raises(Conflict, match="Decision 1 was superseded already, by decision 2"):
        actions.add_decision(fraud, by=mara, supersedes=older, **SAID)
    with pytest.raises(Invalid, match="by its own team"):
        actions.add_decision(zoe.memberships.first().team, by=zoe, supersedes=older, **SAID)
    with pytest.raises(Invalid, match="Write what it is about as model:team/name@3"):
        actions.add_decision(fraud, by=mara, about=["models/fraud/x"], **SAID)


def test_programs_note_and_read_decisions(fraud, mara, scorer):
    caller = Caller(mara)

    caller.post("decisions/", {"team": "fraud", **SAID})
    made = caller.post("decisions/", {"team": "fraud", **SAID, "supersedes": 1}).json()

    assert (made["number"], made["supersedes"], made["about"]) == (2, 1, ["models/fraud/scorer"])
    assert caller.get("decisions/fraud/1").json()["superseded_by"] == 2
    found = caller.get("decisions/?about=models/fraud/scorer").json()["results"]
    assert [row["number"] for row in found] == [2, 1]


def test_a_list_takes_the_same_queries_however_long(client, fraud, mara):
    client.force_login(mara)
    older = actions.add_decision(fraud, by=mara, **SAID)
    one = queries(client, "/decisions/")
    for _ in range(2):
        older = actions.add_decision(fraud, by=mara, supersedes=older, **SAID)

    assert queries(client, "/decisions/") == one


def test_others_find_nothing(client, fraud, mara, zoe):
    actions.add_decision(fraud, by=mara, **SAID)
    client.force_login(zoe)

    assert client.get("/decisions/fraud/1/").status_code == 404
    assert "Boosting" not in said(client.get("/search/?q=boosting"))
    client.force_login(mara)
    assert "Boosting fraud 1" in said(client.get("/search/?q=boosting"))
