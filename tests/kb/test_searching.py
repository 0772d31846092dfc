"""Playbooks, runs and meanings in the one search; what one worked on before anything is typed."""

from __future__ import annotations

import re

import pytest

from governance import searches
from governance.models import Team, User
from kb import actions
from kb.playbooks import PLAYBOOKS
from kb.searching import recent
from registry import actions as registering
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.conftest import written
from tests.kb.test_attachments import looked
from tests.pages import said

pytestmark = pytest.mark.django_db


def titles(person: User, text: str, kind: str) -> list[str]:
    groups = searches.search(User.objects.get(pk=person.pk), text, 20, kind)
    return [hit.title for group in groups for hit in group.hits]


def test_a_playbook_is_found_by_its_code_and_title(mara):
    for code in ("PB-03", "pb-03"):
        assert titles(mara, code, "playbook") == [f"PB-03 {PLAYBOOKS['PB-03'].title}"]


def test_a_playbook_of_a_team_is_found_by_its_members_alone(fraud, jonas, mara, zoe):
    shipped = PLAYBOOKS["PB-03"]
    text = shipped.text.replace(shipped.title, "Zebra crossing", 1)
    actions.set_playbook(fraud, "PB-03", text, based_on=shipped.digest, note="Ours.", by=jonas)

    assert [titles(person, "zebra", "playbook") for person in (mara, zoe)] == [["PB-03 Zebra crossing"], []]


def test_runs_are_found_by_who_sees_them(fraud, mara, zoe, rita, scorer):
    version = factories.submitted(scorer, mara)
    actions.start_run(fraud, "PB-03", subject=version.label, note="Before the holidays", by=mara)
    title = f"{PLAYBOOKS['PB-03'].title}: scorer 1"

    found = [titles(person, "holi PB-03", "run") for person in (mara, rita, zoe)]

    assert found == [[title], [], []]


def test_a_run_in_confidence_is_found_by_nobody(fraud, mara, devi, jonas):
    people = {"facilitator": [devi], "party": [mara, jonas]}
    actions.start_run(fraud, "PB-17", subject=fraud.label, people=people, note="canary", by=devi)

    assert [titles(person, text, "run") for person in (mara, devi) for text in ("canary", "PB-17")] == [
        []
    ] * 4


def test_words_and_checks_say_what_they_mean(mara):
    assert [titles(mara, text, "meaning") for text in ("waiver", "leaked secr")] == [
        ["waiver"],
        ["leaked_secrets"],
    ]


def test_what_one_worked_on_lately_and_often_stands_first(fraud, mara, jonas, scorer, zoe):
    wine = factories.artifact(fraud, mara, name="wine")
    for _ in range(3):
        factories.submitted(scorer, mara)
    written(fraud, mara)

    found = [hit.title for hit in recent(mara)]

    assert (found[0], sorted(found[1:])) == ("fraud/scorer", ["fraud/drift", "fraud/wine"])
    assert recent(zoe) == []
    registering.delete_artifact(wine, by=mara)
    assert "fraud/wine" not in [hit.title for hit in recent(User.objects.get(pk=mara.pk))]


def test_the_empty_search_shows_it_and_results_are_narrowed_by_kind(client, fraud, mara, scorer):
    written(fraud, mara, title="Scorer")
    client.force_login(mara)

    empty, found = said(client.get("/search/")), client.get("/search/?q=scorer").content.decode()

    assert "What you worked on lately" in empty
    assert 'href="?q=scorer&amp;kind=model">Models (1)</a>' in found


def test_results_are_narrowed_to_a_team_of_one_s_own(client, fraud, mara, zoe, scorer):
    pricing = Team.objects.get(slug="pricing")
    pricing.memberships.create(user=mara, role="reader", granted_by=zoe)
    for article, by in (
        (written(fraud, mara, title="Scorer"), mara),
        (written(pricing, zoe, title="Scorer of prices"), zoe),
    ):
        looked(article, "costs.txt", b"What the scorer costs", by)
    third = factories.team("third")
    written(third, factories.member(third, "data-scientist"), slug="third", title="Scorer of others")
    client.force_login(mara)

    pages = [
        client.get(f"/search/?q=scorer{more}").content.decode()
        for more in ("", "&team=pricing", "&team=third")
    ]

    shown = [sorted(re.findall(r'<a class="hit" href="([^"]+)"', page)) for page in pages]
    assert shown[1] == ["/articles/pricing/drift/", "/articles/pricing/drift/attachments/"]
    assert shown[0] == shown[2]
    assert {"/articles/fraud/drift/", "/articles/fraud/drift/attachments/"} <= {*shown[0]}
    assert "/articles/third/third/" not in shown[0]
    assert 'aria-label="Team is pricing, remove"' in pages[1]


def test_results_are_narrowed_to_a_label(client, fraud, mara, scorer):
    written(fraud, mara, slug="one", title="Scorer", labels=["psi", "plan"])
    written(fraud, mara, slug="two", title="Scorer of prices", labels=["psi"])
    client.force_login(mara)

    every, one = (
        client.get(f"/search/?q=scorer{more}").content.decode() for more in ("", "&label=plan&team=fraud")
    )
    told = Caller(mara).get("search?q=scorer&label=psi").json()["groups"]

    assert "<option>psi</option><option>plan</option>" in every
    assert re.findall(r'<a class="hit" href="([^"]+)"', one) == ["/articles/fraud/one/"]
    assert 'aria-label="Label is plan, remove"' in one
    assert [(group["kind"], len(group["results"])) for group in told] == [("article", 2)]


def test_a_program_narrows_to_a_team_and_of_a_strange_one_finds_nothing(fraud, mara, zoe, scorer):
    written(fraud, mara, title="Scorer")

    answers = [
        Caller(mara).get(f"search?q=scorer&team={slug}").json() for slug in ("fraud", "pricing", "none")
    ]

    assert [[group["kind"] for group in answer["groups"]] for answer in answers] == [
        ["model", "article"],
        [],
        [],
    ]
