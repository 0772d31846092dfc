"""The trail by the API: who reads what of it, and how it is searched."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from governance import audit
from governance.models import Event, Team, User
from tests import factories
from tests.governance.api.caller import Caller, rows, said

pytestmark = pytest.mark.django_db


class Thing:
    """Something that events are about."""

    def __init__(self, team: Team, label: str) -> None:
        self.team = team
        self.label = label


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def mara(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


@pytest.fixture
def auditor(team: Team) -> Caller:
    return Caller(factories.member(team, "auditor", username="aud"))


def test_words_are_looked_for_among_the_newest_alone(trail: list[int], auditor: Caller, monkeypatch) -> None:
    monkeypatch.setattr("governance.api.events.MOST_SEARCHED", 2)

    found = auditor.get("events/?search=version").json()["results"]
    listed = auditor.get("events/").json()["results"]

    assert ([each["id"] for each in found], len(listed)) == ([trail[3]], 5)  # its own token, too


@pytest.fixture
def trail(team: Team, mara: User) -> list[int]:
    """Four events of the team: of a version, of one whose number begins alike, of an artifact, a refusal."""
    labels = ["models/fraud/a/versions/1", "models/fraud/a/versions/10", "models/fraud/b"]
    made = [audit.record("version.submit", Thing(team, label), by=mara, after={"n": 1}) for label in labels]
    refused = audit.record(
        "version.promote", Thing(team, labels[0]), by=mara, outcome="refused", reason="No, because."
    )
    return [event.pk for event in [*made, refused]]


def test_auditor_reads_what_happened_newest_first(auditor: Caller, trail: list[int]) -> None:
    answer = auditor.get("events/?team=fraud")

    assert rows(answer, "id") == trail[::-1]
    newest = answer.json()["results"][0]
    assert (newest["action"], newest["outcome"], newest["actor"]) == ("version.promote", "refused", "mara")
    assert (newest["subject"], newest["reason"]) == ("models/fraud/a/versions/1", "No, because.")


def test_what_seals_an_event_is_not_shown(auditor: Caller, trail: list[int]) -> None:
    assert auditor.get(f"events/{trail[0]}/").json().keys().isdisjoint({"canonical", "salts"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("subject=models/fraud/a", [3, 1, 0]),
        ("subject=models/fraud/a/versions/1", [3, 0]),
        ("subject=models/fraud/a/versions/1/", [3, 0]),
        ("subject=models/fraud", [3, 2, 1, 0]),
        ("subject=models/fr", []),
        ("subject=models/fraud/%25", []),
        ("subject=models/fraud&actor=mara", [3, 2, 1, 0]),
        ("subject=models/fraud&actor=aud", []),
        ("subject=models/fraud&action=version.submit", [2, 1, 0]),
        ("subject=models/fraud&outcome=refused", [3]),
        ("subject=models/fraud&sort=id", [0, 1, 2, 3]),
        ("team=pricing", []),
    ],
)
def test_events_are_found_by_what_they_are(
    auditor: Caller, trail: list[int], query: str, places: list[int]
) -> None:
    assert rows(auditor.get(f"events/?{query}"), "id") == [trail[place] for place in places]


def test_events_after_another_one_or_a_time(auditor: Caller, trail: list[int]) -> None:
    at = Event.objects.get(pk=trail[1]).at
    soon = at + timedelta(hours=1)

    assert rows(auditor.get(f"events/?team=fraud&after={trail[1]}"), "id") == trail[:1:-1]
    assert rows(auditor.get(f"events/?team=fraud&after={quote(at.isoformat())}"), "id") == trail[:1:-1]
    assert rows(auditor.get(f"events/?team=fraud&after={soon:%Y-%m-%dT%H:%M:%SZ}"), "id") == []


@pytest.mark.parametrize(
    "after", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "-1", "²"]
)
def test_time_that_is_not_understood_is_refused(auditor: Caller, after: str) -> None:
    answer = auditor.get(f"events/?after={quote(after)}")

    assert said(answer) == (
        400,
        "after is a time with its zone, such as 2026-01-31T12:00:00Z, or the id of an event.",
    )


def test_pages_follow_each_other(auditor: Caller, trail: list[int]) -> None:
    first = auditor.get("events/?team=fraud&size=3")
    second = auditor.get(first.json()["next"].removeprefix("http://testserver"))

    assert rows(first, "id") + rows(second, "id") == trail[::-1]


def test_others_read_only_their_own(team: Team, mara: User, trail: list[int]) -> None:
    scientist, reader = Caller(mara), Caller(factories.member(team, "reader"))
    stranger = Caller(factories.member(factories.team("pricing"), "steward", "auditor"))

    assert rows(scientist.get("events/?subject=models"), "id") == trail[::-1]
    assert rows(reader.get("events/?subject=models"), "id") == []
    assert rows(stranger.get("events/?subject=models"), "id") == []
    assert said(stranger.get(f"events/{trail[0]}")) == (404, "There is no such event that you may see.")
    assert Caller().get("events/").status_code == 401


def test_administrator_reads_about_people_and_nothing_of_teams_content(trail: list[int]) -> None:
    admin = Caller(factories.admin())
    admin.post("teams/", {"slug": "risk"})

    assert "team.add" in rows(admin.get("events/"), "action")
    assert rows(admin.get("events/?subject=models"), "id") == []


def test_token_is_named_with_what_it_did(auditor: Caller) -> None:
    auditor.post("tokens/", {"name": "ci"})

    newest = auditor.get("events/?action=token.add").json()["results"][0]
    assert newest["token"].endswith("… tests")
    assert newest["request_id"]


def test_list_takes_the_same_few_queries_however_long(auditor: Caller, trail: list[int]) -> None:
    assert auditor.queries("events/?size=1") == auditor.queries("events/?size=3") <= 4
