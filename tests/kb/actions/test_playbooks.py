"""A team changes its own copy of a playbook; what is shipped stays, and so do runs that have begun."""

from __future__ import annotations

import pytest

from governance.errors import Absent, Conflict, Denied, Invalid
from governance.models import Event
from kb import actions
from kb.playbooks import PLAYBOOKS, Playbook, read
from kb.shelf import playbook_for
from tests.kb.running import artifact, author, clean, operator, reader, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped() -> Playbook:
    return PLAYBOOKS["PB-03"]


def test_the_team_works_by_its_copy_from_then_on(team, steward, author, clean, shipped):
    before = actions.start_run(team, "PB-03", subject=clean.label, by=author)
    text = shipped.text.replace("Release a model", "Ship a model", 1)
    row = actions.set_playbook(team, "PB-03", text, based_on=shipped.digest, note="Shorter.", by=steward)

    assert playbook_for(team, "PB-03").title == "Ship a model"
    assert (row.number, row.based_on, before.playbook.text) == (1, shipped.digest, shipped.text)
    assert (Event.objects.first().action, Event.objects.first().subject) == (
        "playbook.set",
        "teams/fraud/playbooks/PB-03",
    )


def test_what_was_shipped_since_is_shown_to_who_has_a_copy(team, steward, shipped, client, monkeypatch):
    text = shipped.text.replace("Release a model", "Ship a model", 1)
    actions.set_playbook(team, "PB-03", text, based_on=shipped.digest, note="Shorter.", by=steward)
    newer = read(shipped.text.replace("Package, sign and scan", "Package, sign, scan and seal", 1))
    monkeypatch.setitem(PLAYBOOKS, "PB-03", newer)
    client.force_login(steward)

    told, edit = (
        client.get(f"/playbooks/PB-03/{part}?team=fraud").content.decode() for part in ("", "edit/")
    )

    since = edit.partition("What was shipped since")[2].partition("From what is shipped")[0]
    assert "What is shipped has changed since this copy was made." in told
    assert ("scan and seal" in since, "Ship a model" in since) == (True, False)


@pytest.mark.parametrize(
    ("code", "old", "new", "kind", "sentence"),
    [
        ("PB-99", "", "", Absent, "There is no playbook PB-99."),
        ("PB-03", "", "", Conflict, "This is how it is already: nothing would change."),
        ("PB-03", "PB-03", "PB-33", Invalid, "Its code stays PB-03."),
        ("PB-03", "[[step]]", "[step]", Invalid, "This is not TOML: "),
        ("PB-17", "confidential = true", "confidential = false", Invalid,
         "What it is about, and whether it is in confidence, stays as it is shipped."),
    ],
)  # fmt: skip
def test_what_may_not_be_changed(team, steward, code, old, new, kind, sentence):
    shipped = PLAYBOOKS.get(code, PLAYBOOKS["PB-03"])
    text = shipped.text.replace(old, new, 1) if old else shipped.text

    with pytest.raises(kind) as refused:
        actions.set_playbook(team, code, text, based_on=shipped.digest, by=steward)

    assert refused.value.sentence.startswith(sentence)


def test_of_two_who_change_it_at_once_the_second_is_told(team, steward, shipped):
    for title in ("Ship one", "Ship two"):
        text = shipped.text.replace("Release a model", title, 1)
        if title == "Ship two":
            with pytest.raises(Conflict):
                actions.set_playbook(team, "PB-03", text, based_on=shipped.digest, by=steward)
        else:
            actions.set_playbook(team, "PB-03", text, based_on=shipped.digest, by=steward)

    assert playbook_for(team, "PB-03").title == "Ship one"


def test_only_stewards_change_it(team, author, shipped):
    with pytest.raises(Denied):
        actions.set_playbook(team, "PB-03", f"{shipped.text}# x", based_on=shipped.digest, by=author)
