"""Profiles of versions: kept sealed, shown by page and API, compared with the version before."""

from __future__ import annotations

import random

import pytest
from django.test import Client
from django.utils import timezone

from governance.models import Team, User
from registry import checking, measured
from registry.actions.aliases import point
from registry.crypto import Damaged
from registry.models import Alias, Kind, Profile, Version
from tests import factories
from tests.governance.api.caller import Caller

pytestmark = pytest.mark.django_db


def table(seed: int, shift: float, rows: int = 1200) -> bytes:
    source = random.Random(seed)
    lines = [f"{source.gauss(shift, 1):.4f},{source.choice(['red', 'blue'])}" for _ in range(rows)]
    return "\n".join(["score,colour", *lines, ""]).encode()


@pytest.fixture
def moved(team: Team, author: User) -> Version:
    """The second version of a dataset, one column of which has moved by a standard deviation."""
    dataset = factories.artifact(team, author, Kind.DATASET, name="wine")
    factories.checked(dataset, author, {"wine.csv": table(1, 0)})
    return factories.checked(dataset, author, {"wine.csv": table(2, 1), "notes.txt": b"plain words\n"})


def test_it_is_kept_sealed_and_shown(moved: Version, author: User, reader: User) -> None:
    page = Client()
    page.force_login(author)
    mara = Caller(author)

    kept = Profile.objects.get(file__version=moved)
    shown = page.get(f"/{moved.label}/profile/").content.decode()
    said = mara.get(f"{moved.label}/profile").json()

    assert b"score" not in bytes(kept.sealed)
    assert moved.results.get(file=kept.file, check_name="profile").fact is None
    assert "1 column has moved from version 1, score most (PSI " in shown
    assert [row["path"] for row in said["tables"]] == ["wine.csv"]
    (found,) = said["tables"]
    assert (found["compared_with"], found["profile"]["rows"], found["not_evaluated"]) == (1, 1200, "")
    assert [(row["column"], row["state"]) for row in found["drift"]] == [
        ("score", "act"),
        ("colour", "stable"),
    ]
    assert Caller(reader).get(f"{moved.label}/profile").status_code == 404


@pytest.mark.slow
@pytest.mark.slow
def test_drift_is_told_from_what_is_in_production_too(moved: Version, author: User) -> None:
    third = factories.checked(moved.artifact, author, {"wine.csv": table(3, 1)})
    first = Version.objects.get(artifact=moved.artifact, number=1)
    Alias.objects.create(artifact=moved.artifact, name="production", version=first, moved_at=timezone.now())
    page = Client()
    page.force_login(author)

    shown = page.get(f"/{third.label}/profile/?against=production").content.decode()
    usual = page.get(f"/{third.label}/profile/").content.decode()
    [answer] = Caller(author).get(f"{third.label}/profile").json()["tables"]

    assert "drift against version 1" in shown
    assert "drift against version 2" in usual
    assert 'aria-current="page">Production, version 1' in shown
    assert (answer["compared_with"], answer["production"]) == (2, 1)
    assert [row["state"] for row in answer["drift_from_production"]] == ["act", "stable"]


@pytest.mark.slow
def test_a_move_of_production_judges_the_newest_again(moved, author, django_capture_on_commit_callbacks):
    third = factories.checked(moved.artifact, author, {"wine.csv": table(3, 1)})
    first = Version.objects.get(artifact=moved.artifact, number=1)

    with django_capture_on_commit_callbacks() as asked:
        point(moved.artifact, "production", first, name="version.promote", by=author)
    again = {each.__closure__[0].cell_contents for each in asked if "judging" in each.__qualname__}
    for pk in again:
        checking.judge_again(pk)

    assert again == {moved.pk, third.pk}
    assert [found.name for found in third.findings.open().filter(check_name="drift")] == ["production:score"]


def test_a_profile_of_another_file_is_refused(moved: Version, author: User) -> None:
    other = factories.checked(moved.artifact, author, {"wine.csv": table(3, 0)})
    one, two = Profile.objects.get(file__version=moved), Profile.objects.get(file__version=other)
    Profile.objects.filter(pk=two.pk).update(sealed=one.sealed)

    with pytest.raises(Damaged):
        measured.profiles(other)


def test_what_cannot_be_measured_says_why(team: Team, author: User) -> None:
    dataset = factories.artifact(team, author, Kind.DATASET, name="wine")
    version = factories.checked(dataset, author, {"wine.jsonl": b"no json\n"})
    page = Client()
    page.force_login(author)

    shown = page.get(f"/{version.label}/profile/").content.decode()
    (said,) = Caller(author).get(f"{version.label}/profile").json()["tables"]

    sentence = "Some line is not a JSON object: write one object on each line."
    assert (said["profile"], said["not_evaluated"]) == (None, sentence)
    assert f"Not evaluated: {sentence}" in shown
    assert list(version.findings.open().filter(check_name="profile").values_list("message", flat=True)) == [
        sentence
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"rows": -1},
        {"columns": {}},
        {"columns": [{"name": "a", "type": "text"}]},
        {"clauses": [1]},
        {"clauses": {"a": "b"}},
        {"not_evaluated": 7},
        {"sample": {"rows": "many"}},
    ],
    ids=range(8),
)
def test_what_has_not_the_form_of_a_profile_is_not_evaluated(odd: dict[str, object]) -> None:
    column = {"name": "a", "type": "text", "missing": 0}
    whole = {"duplicates": 0, "sample": {"rows": 1, "whole": True}, "clauses": {}}
    sound = {"rows": 1, "width": 1, "columns": [column], **whole}

    assert measured.is_sound(sound)
    assert not measured.is_sound({**sound, **odd} if odd else {})
