"""Every word that pages show as a badge, a rule or a check says what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from governance import glossary
from governance.roles import ROLES
from governance.templatetags import steward
from registry.checks import CHECKS
from registry.models import Severity
from registry.quality import QUALITY
from registry.signing import standing
from tests import factories
from tests.pages import said

ROOT = Path(__file__).resolve().parent.parent.parent


def words(group):
    return set(glossary.GROUPS[group][1])


def files(app):
    return {path.stem for path in (ROOT / app / "policies").glob("*.py")} - {"__init__"}


def test_every_rule_is_explained_by_its_own_file():
    assert words("rule") == {"role", "token"}.union(*map(files, ("governance", "registry", "kb")))
    assert glossary.meaning("rule", "four_eyes") == "Nobody decides on their own work."


def test_every_check_severity_state_and_role_is_explained():
    assert words("check") == {*CHECKS, *QUALITY}
    assert words("severity") == {severity.label.capitalize() for severity in Severity}
    assert words("state") >= {word for _, _, word in steward.STATES.values()}
    assert words("role") == {*ROLES, "site administrator"}


def test_every_word_about_a_signature_is_explained():
    assert words("mark") >= set(standing.WORDS.values())


def test_every_word_is_explained_in_a_sentence():
    unsaid = [
        (group, word)
        for group, (_, meanings) in glossary.GROUPS.items()
        for word, meaning in meanings.items()
        if not meaning.endswith(".") or len(meaning) < 20
    ]

    assert unsaid == []


def test_a_badge_that_the_glossary_knows_says_what_it_means():
    found = steward.severity("high", "2 high")

    assert 'class="badge explained" data-state="blocked" href="/help/#severity-high"' in found
    assert f'aria-description="{glossary.SEVERITIES["High"]}"' in found
    assert found.endswith("<span>2 high</span></a>")


def test_a_badge_that_says_it_all_is_a_word():
    assert steward.badge("good", "12 of 12").startswith('<span class="badge" data-state="good">')


def test_a_word_of_a_stranger_is_shown_as_text():
    assert steward.explained("rule", "<b>") == "<b>"
    assert steward.explained("rule", "four_eyes") == (
        '<a class="explained" href="/help/#rule-four_eyes" '
        'aria-description="Nobody decides on their own work.">four_eyes</a>'
    )


@pytest.mark.django_db
def test_the_page_of_help_holds_every_word(client):
    client.force_login(factories.person())

    page = said(client.get("/help/"))

    missing = [
        word
        for _, meanings in glossary.GROUPS.values()
        for word, meaning in meanings.items()
        if meaning not in page
    ]
    assert missing == []
