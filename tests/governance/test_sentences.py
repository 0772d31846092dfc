"""Every event has its sentence, and every right of a role its words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from governance import audit, roles, sentences
from governance.models import User
from tests import factories

ROOT = Path(__file__).resolve().parent.parent.parent


def names_in_the_code() -> set[str]:
    """The first word of every `record(…)`, `note(…)`, `noted(…)` and `@action(…)` that is written out."""
    names = set()
    for path in (path for app in ("governance", "registry", "kb") for path in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in {"record", "note", "noted", "action"} and "." in str(node.args[0].value):
                    names.add(node.args[0].value)
    return names


def test_every_action_name_in_the_code_has_a_sentence():
    assert names_in_the_code() - sentences.SENTENCES.keys() == set()


@pytest.mark.slow
def test_no_sentence_is_about_something_that_does_not_exist():
    assert sentences.SENTENCES.keys() - names_in_the_code() == set()


def test_every_right_of_a_role_has_words():
    assert sentences.RIGHTS.keys() == {action for actions in roles.ROLES.values() for action in actions}


@pytest.mark.parametrize(
    ("action", "subject", "held", "said"),
    [
        (
            "version.promote",
            "models/fraud/scorer/versions/3",
            {"after": {"alias": "production", "version": 3}},
            '<b>mara</b> promoted <a href="/models/fraud/scorer/versions/3/">'
            "fraud/scorer 3</a> to production.",
        ),
        (
            "member.set",
            "teams/fraud/members/noor",
            {"before": [], "after": ["auditor", "reader"]},
            '<b>mara</b> set the roles of <a href="/teams/fraud/">noor</a> in fraud: auditor, reader.',
        ),
        (
            "member.set",
            "teams/fraud/members/noor",
            {"before": ["reader"], "after": []},
            '<b>mara</b> set the roles of <a href="/teams/fraud/">noor</a> in fraud: none, '
            "so no member any more.",
        ),
        (
            "token.revoke",
            "users/mara/tokens/4",
            {"before": {"name": "nightly"}},
            "<b>mara</b> revoked the token “nightly”.",
        ),
        ("version.download", "users", {}, "<b>mara</b> fetched … of users."),
        ("some.thing", "users", {}, "<b>mara</b> did some.thing to users."),
    ],
)
@pytest.mark.django_db
def test_an_event_is_a_sentence(action, subject, held, said):
    event = audit.record(action, subject, by=factories.person("mara"), **held)
    event.team = "fraud"

    assert sentences.sentence(event) == said


@pytest.mark.django_db
def test_a_refusal_is_a_sentence():
    event = audit.record(
        "team.add",
        "teams",
        by=factories.person("mara"),
        outcome="refused",
        reason="Only the administrator may.",
    )

    assert sentences.sentence(event) == "<b>mara</b> tried to make a team and was refused."


@pytest.mark.django_db
def test_what_the_clock_does_steward_does():
    event = audit.record("version.recheck", "models/a/b/versions/1", by=User.system())

    assert sentences.sentence(event).startswith("<b>Steward</b> asked for new checks of")


@pytest.mark.parametrize(
    ("label", "address"),
    [
        ("models/fraud/scorer/versions/3/findings/7", "/models/fraud/scorer/versions/3/"),
        ("teams/fraud/members/noor", "/teams/fraud/"),
        ("approvals/7", "/approvals/7/"),
        ("users/mara", ""),
        ("teams", ""),
    ],
)
def test_a_label_leads_to_the_page_of_what_it_is_part_of(label, address):
    assert sentences.page_of(label) == address


@pytest.mark.parametrize(
    ("label", "words"), [("models/fraud/scorer/versions/3", "scorer 3"), ("models/fraud/scorer", "scorer")]
)
def test_a_label_is_spoken_shortly(label, words):
    assert sentences.spoken(label) == words
