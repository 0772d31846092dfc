"""Searching everything: what has the words, for whom, in what time, and whatever is typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from governance import actions as governing
from governance import searches
from governance.models import Team, User
from registry import actions
from registry.models import Artifact, Kind, Severity, Version
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def author(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


@pytest.fixture
def colleague(team: Team) -> User:
    return factories.member(team, "data-scientist", username="paul")


@pytest.fixture
def steward(team: Team) -> User:
    return factories.member(team, "steward", username="jonas")


@pytest.fixture
def reader(team: Team) -> User:
    return factories.member(team, "reader", username="rita")


@pytest.fixture
def artifact(team: Team, author: User) -> Artifact:
    return factories.artifact(team, author, name="scorer")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def world(team: Team, author: User, steward: User, artifact: Artifact) -> Version:
    """A model with a finding and a request, a dataset, and something of another team."""
    Artifact.objects.filter(pk=artifact.pk).update(description="Scores card payments", tags=["boosted"])
    version = factories.submitted(artifact, author)
    found(version, Severity.HIGH, "odd.Thing")
    factories.artifact(team, author, Kind.DATASET, name="payments-2026")
    governing.request_approval(version.label, alias="production", note="for the launch", by=author)
    other = factories.member(factories.team("pricing"), "data-scientist", username="sven")
    factories.artifact(other.memberships.get().team, other, name="scorer-of-prices")
    return version


def hits(person: User, text: str, most: int = 20) -> dict[str, list[str]]:
    groups = searches.search(User.objects.get(pk=person.pk), text, most)
    return {group.search.kind: [hit.title for hit in group.hits] for group in groups}


def reasons(person: User, text: str) -> list[tuple[str, str]]:
    groups = searches.search(User.objects.get(pk=person.pk), text, 20)
    return [(hit.title, hit.why) for group in groups for hit in group.hits]


# ------------------------------------------------------------------ what is found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "kind", "titles"),
    [
        ("scor", "model", ["fraud/scorer"]),
        ("SCORER", "model", ["fraud/scorer"]),
        ("fraud/sc", "model", ["fraud/scorer"]),
        ("boosted", "model", ["fraud/scorer"]),
        ("card pay", "model", ["fraud/scorer"]),
        ("2026", "dataset", ["fraud/payments-2026"]),
        ("scorer 1", "version", ["scorer 1"]),
        ("scorer:1", "version", ["scorer 1"]),
        ("fraud/scorer v1", "version", ["scorer 1"]),
        ("odd.Thing", "finding", ["It names odd.Thing."]),
        ("launch", "approval", ["scorer 1 for production"]),
        ("frau", "team", ["fraud"]),
        ("jonas", "person", ["jonas"]),
        ("approv", "page", ["Approvals"]),
        ("audit", "page", ["Trail"]),
        ("new model fraud", "action", ["New model in fraud"]),
        ("dark", "action", ["Theme: dark"]),
    ],
)
def test_it_is_found_by_its_words(
    world: Version, author: User, text: str, kind: str, titles: list[str]
) -> None:
    assert hits(author, text)[kind] == titles


def test_a_version_is_found_by_how_its_digest_begins(world: Version, author: User) -> None:
    assert hits(author, world.digest[:10].upper())["version"] == ["scorer 1"]


def test_it_is_said_why(world: Version, author: User) -> None:
    said = [reasons(author, text)[0] for text in ("scorer", "boosted", "card")]

    assert said == [
        ("fraud/scorer", "its name"),
        ("fraud/scorer", "its tag"),
        ("fraud/scorer", "its description"),
    ]


@pytest.mark.parametrize(
    ("text", "titles"), [("scoerr", ["fraud/scorer"]), ("scorre", ["fraud/scorer"]), ("scx", [])]
)
def test_a_name_that_was_meant_is_found(world: Version, author: User, text: str, titles: list[str]) -> None:
    assert hits(author, text).get("model", []) == titles


def test_a_name_that_one_may_not_see_was_not_meant(world: Version) -> None:
    assert hits(User.objects.get(username="sven"), "payemnts") == {}


def test_names_come_before_descriptions_and_short_names_first(team: Team, author: User) -> None:
    for name, text in (("other", "light"), ("light-gbm-model", ""), ("light", "")):
        made = factories.artifact(team, author, name=name)
        Artifact.objects.filter(pk=made.pk).update(description=text)

    assert hits(author, "light")["model"] == ["fraud/light", "fraud/light-gbm-model", "fraud/other"]


def test_a_name_is_found_however_many_describe_it(
    team: Team, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.search.CANDIDATES", 3)
    for number in range(6):
        made = factories.artifact(team, author, name=f"a{number}")
        Artifact.objects.filter(pk=made.pk).update(description="made like light")
    factories.artifact(team, author, name="light")

    assert hits(author, "light", 3)["model"][0] == "fraud/light"


def test_what_is_archived_or_deleted_is_not_found(world: Version, author: User, team: Team) -> None:
    for name, end in (("gone-one", actions.delete_artifact), ("gone-two", actions.archive)):
        end(factories.artifact(team, author, name=name), by=author)

    assert hits(author, "gone") == {}


# ------------------------------------------------------------------ for whom


def test_others_find_only_what_is_theirs(world: Version) -> None:
    sven = User.objects.get(username="sven")

    assert hits(sven, "scorer") == {"model": ["pricing/scorer-of-prices"]}
    assert hits(sven, "scorer 1") == hits(sven, "odd.Thing") == hits(sven, "jonas") == {}
    assert hits(sven, "new model") == {"action": ["New model in pricing"]}


def test_a_reader_finds_what_was_released(world: Version, reader: User) -> None:
    assert hits(reader, "scorer") == {}
    assert hits(reader, "new") == {"action": ["New token"]}


def test_the_administrator_finds_people_and_pages_and_no_content(world: Version) -> None:
    ada = factories.admin()

    assert hits(ada, "scorer") == {}
    assert hits(ada, "jonas") == {"person": ["jonas"]}
    assert hits(ada, "system")["page"] == ["System"]


def test_what_is_restricted_is_found_as_a_name_and_not_by_what_is_in_it(
    team: Team, author: User, steward: User, colleague: User
) -> None:
    wine = factories.artifact(team, author, Kind.DATASET, name="wine")
    found(factories.submitted(wine, author), Severity.HIGH, "grape.Thing")
    actions.restrict(wine, reason="Personal.", by=author)

    assert hits(colleague, "wine") == {"dataset": ["fraud/wine"]}
    assert hits(colleague, "wine 1") == hits(colleague, "grape") == {}


def test_a_token_for_one_team_finds_that_team_alone(world: Version, author: User) -> None:
    pricing = Team.objects.get(slug="pricing")
    pricing.memberships.create(user=author, role="data-scientist", granted_by=author)
    _, token = governing.add_token(author, name="one", team=pricing, by=author)

    answer = Caller(author, token).get("search?q=scorer").json()

    assert [row["title"] for group in answer["groups"] for row in group["results"]] == [
        "pricing/scorer-of-prices"
    ]


# ------------------------------------------------------------------ whatever is typed


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "", " ", "'", "a & b | !c", "scorer:*", "scorer <-> x", "(", "!!", "\\", "%", "_", "/",
        "\u202escorer", "\u200bscorer", "x" * 10_000, "a " * 5_000, "scorer 99999999999999999999", "fraud/",
        "0" * 64, "😀", "日本", "'; DROP TABLE registry_artifact; --", "<script>alert(1)</script>",
    ],
)  # fmt: skip
def test_nothing_that_is_typed_breaks_it(world: Version, signed_in, author: User, text: str) -> None:
    answer = signed_in(author).get("/search/", {"q": text})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_what_no_text_holds_is_refused(world: Version, signed_in, author: User) -> None:
    assert signed_in(author).get("/search/", {"q": "a\x00b"}).status_code == 400


def test_operators_are_words_without_meaning(world: Version, author: User) -> None:
    assert hits(author, "!scorer")["model"] == ["fraud/scorer"]
    assert "model" not in hits(author, "scorer & nothing")
    assert "model" not in hits(author, "scorer | nothing")


# ------------------------------------------------------------------ page, dialog, program


def test_the_page_says_what_was_found_and_keeps_the_words(world: Version, signed_in, author: User) -> None:
    page = signed_in(author).get("/search/", {"q": "scorer"}).content.decode()

    assert 'value="scorer"' in page
    assert '<a class="hit" href="/models/fraud/scorer/">fraud/scorer</a>' in page
    assert "<title>scorer · Steward</title>" in page


def test_the_dialog_gets_the_part_alone(world: Version, signed_in, author: User) -> None:
    part = signed_in(author).get("/search/", {"q": "dark"}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert 'action="/theme"' in part
    assert 'name="theme" value="dark"' in part


def test_nothing_found_is_said(world: Version, signed_in, author: User) -> None:
    page = signed_in(author).get("/search/", {"q": "nowhere at-all"}).content.decode()

    assert "Nothing that you may see fits “nowhere at-all”." in page


def test_more_than_are_shown_are_linked(team: Team, author: User, signed_in) -> None:
    for number in range(21):
        factories.artifact(team, author, name=f"many-{number}")

    page = signed_in(author).get("/search/", {"q": "many"}).content.decode()

    assert page.count('class="hit"') == 20
    assert '<a href="/models/?search=many">All of them</a>' in page


def test_programs_get_the_same_without_pages_and_actions(world: Version, author: User) -> None:
    answer = Caller(author).get("search?q=scorer").json()

    assert answer["groups"][0] == {
        "kind": "model",
        "results": [
            {
                "title": "fraud/scorer",
                "href": "/models/fraud/scorer/",
                "about": "Scores card payments",
                "why": "its name",
            }
        ],
        "more": False,
    }
    assert [group["kind"] for group in answer["groups"]] == ["model", "approval"]
    assert Caller(author).get("search?q=dark").json() == {"groups": []}


def test_a_program_says_what_it_searches(author: User) -> None:
    assert said(Caller(author).get("search"))[0] == 400


# ------------------------------------------------------------------ how fast


def test_it_asks_the_same_few_questions_however_much_there_is(team: Team, author: User) -> None:
    def asked() -> int:
        person = User.objects.get(pk=author.pk)
        with CaptureQueriesContext(connection) as captured:
            searches.search(person, "light", 6)
        return len(captured)

    factories.artifact(team, author, name="light-1")
    asked()  # which words are common is asked once
    few = asked()
    for number in range(2, 5):
        factories.artifact(team, author, name=f"light-{number}")

    assert asked() == few
    assert few <= 34


def test_shortcuts_are_the_keys_that_scripts_know(signed_in, author: User) -> None:
    from kb.shortcuts import EVERYWHERE, INBOX, LISTS
    from tests.test_templates import STATIC

    script = (STATIC / "js" / "keys.js").read_text()
    known = set(re.findall(r'^  "(.)":', script, re.M))
    browser = {"Ctrl+K", "Esc", "Enter"}  # by a key of its own, or the browser's

    assert {each.keys for each in (*EVERYWHERE, *LISTS, *INBOX)} - browser == known


def test_a_jump_is_listed_for_whom_its_page_is(signed_in, author: User) -> None:
    page = signed_in(author).get("/shortcuts/").content.decode()

    assert 'href="/models/" data-jump="g m"' in page
    assert "/system/" not in page.partition('class="shortcuts"')[2]


def test_the_pulse_is_another_one_after_something_happened(
    world: Version, signed_in, author: User, steward: User
) -> None:
    browser, other = signed_in(author), signed_in(User.objects.get(username="sven"))
    before = [client.get("/pulse").content for client in (browser, other)]

    actions.waive(
        found(world, Severity.HIGH, "more.Things"),
        reason="Known.",
        expires=datetime.now(UTC) + timedelta(days=1),
        by=steward,
    )

    assert browser.get("/pulse").content != before[0]
    assert other.get("/pulse").content == before[1]
