"""What is no table in a version: counted over all files, judged, shown by page and API."""

from __future__ import annotations

import pytest
from django.test import Client

from governance.models import Team, User
from registry.gathered import placed
from registry.models import Kind
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.checks.test_folder_facts import picture

pytestmark = pytest.mark.django_db


def test_a_folder_of_pictures_is_judged_and_shown(team: Team, author: User) -> None:
    dataset = factories.artifact(team, author, Kind.DATASET, name="pets")
    files = {f"train/cat/{place}.png": picture(place) for place in range(3)}
    files |= {"train/dog/0.png": picture(0), "test/cat/0.png": picture(0), "train/dog/1.png": picture(3)[:40]}
    version = factories.checked(dataset, author, files)
    assert set(version.results.filter(check_name="folder_facts").values_list("error", flat=True)) == {""}
    page = Client()
    page.force_login(author)

    said = Caller(author).get(f"{version.label}/profile").json()["folders"]
    shown = page.get(f"/{version.label}/profile/").content.decode()
    found = version.findings.open().filter(path="the files").order_by("check_name", "name")

    assert (said["files"], said["repeated"], said["in_labels"], said["in_parts"]) == (6, 2, 1, 1)
    assert said["labels"] == {"train": {"cat": 3, "dog": 2}, "test": {"cat": 1}}
    assert [(row.check_name, row.severity_word, row.name) for row in found] == [
        ("label_balance", "info", "imbalance"),
        ("repeated_files", "medium", "in_labels"),
        ("repeated_files", "high", "in_parts"),
        ("repeated_files", "medium", "repeated"),
        ("unreadable_files", "medium", "unreadable"),
    ]
    assert "6 files" in shown
    assert "1 of 6 files cannot be read" in shown
    assert "train/cat" in shown


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("train/cat", ("train", "cat")),
        ("cat", ("", "cat")),
        ("Test", ("test", "")),
        ("", ("", "")),
        ("a/val/b", ("validation", "b")),
    ],
)
def test_a_folder_says_part_and_label(folder: str, said: tuple[str, str]) -> None:
    assert placed(folder) == said
