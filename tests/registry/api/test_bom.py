"""A version as a CycloneDX document, by page and API."""

from __future__ import annotations

import json

import pytest

from governance.models import Team, User
from registry import actions
from registry.models import Kind, Version
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.schemas import CYCLONEDX, faults
from tests.registry.views.conftest import signed_in  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db

ONE = "models/fraud/scorer/versions/1/bom"
WINE = "datasets/data/wine/versions/1"


@pytest.fixture
def wine(author: User) -> Version:
    """A dataset of another team, in which the author is, too."""
    team = factories.team("data")
    factories.Membership.objects.create(
        team=team, user=author, role="data-engineer", granted_by=User.system()
    )
    dataset = factories.artifact(team, author, Kind.DATASET, name="wine", licence="CC-BY-4.0 OR MIT")
    return factories.submitted(dataset, author)


@pytest.fixture
def model(team: Team, author: User, wine: Version) -> Version:
    return factories.submitted(
        factories.artifact(team, author, name="scorer", licence="Apache-2.0"),
        author,
        parents=[(wine, "trained-on"), (wine, "evaluated-on")],
        metrics={"auc": 0.91},
        parameters={"optimizer": "adam", "layers": [8, 4]},
    )


def hashed(version: Version) -> list[dict[str, object]]:
    file = version.files.get()
    hashes = [{"alg": "SHA-256", "content": file.sha256}]
    return [{"type": "file", "name": "notes.txt", "hashes": hashes}]


@pytest.mark.parametrize("path", [ONE, f"{WINE}/bom"])
def test_it_is_what_the_schema_of_cyclonedx_says(mara: Caller, model: Version, path: str) -> None:
    said = mara.get(path).json()

    assert faults(said, CYCLONEDX) == []
    assert faults({**said, "serialNumber": "7"}, CYCLONEDX)[0].startswith(
        "$.serialNumber: '7' does not match"
    )


def test_it_says_what_a_model_is_made_of(mara: Caller, model: Version, wine: Version) -> None:
    said = mara.get(ONE).json()

    serial = said.pop("serialNumber")
    assert serial.startswith("urn:uuid:")
    assert said == {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": model.submitted_at.isoformat(),
            "tools": {"components": [{"type": "application", "name": "Steward"}]},
            "component": {
                "type": "machine-learning-model",
                "bom-ref": model.label,
                "group": "fraud",
                "name": "scorer",
                "version": "1",
                "licenses": [{"expression": "Apache-2.0"}],
                "properties": [
                    {"name": "steward:digest", "value": model.digest},
                    {"name": "steward:signature", "value": "No signature."},
                ],
                "components": hashed(model),
                "modelCard": {
                    "modelParameters": {"datasets": [{"ref": WINE}]},
                    "quantitativeAnalysis": {"performanceMetrics": [{"type": "auc", "value": "0.91"}]},
                    "properties": [
                        {"name": "steward:parameter:layers", "value": "[8, 4]"},
                        {"name": "steward:parameter:optimizer", "value": "adam"},
                    ],
                },
            },
        },
        "components": [
            {
                "type": "data",
                "bom-ref": WINE,
                "group": "data",
                "name": "wine",
                "version": "1",
                "licenses": [{"expression": "CC-BY-4.0 OR MIT"}],
                "properties": [
                    {"name": "steward:digest", "value": wine.digest},
                    {"name": "steward:relation", "value": "trained-on"},
                    {"name": "steward:relation", "value": "evaluated-on"},
                ],
            }
        ],
        "dependencies": [{"ref": model.label, "dependsOn": [WINE]}],
        "compositions": [{"aggregate": "unknown", "dependencies": [model.label]}],
    }


def test_a_dataset_has_no_model_card(mara: Caller, wine: Version) -> None:
    said = mara.get(f"{WINE}/bom").json()

    assert said["metadata"]["component"]["type"] == "data"
    assert "modelCard" not in said["metadata"]["component"]
    assert (said["components"], said["dependencies"]) == ([], [{"ref": WINE, "dependsOn": []}])


def test_what_one_may_not_see_is_missing_and_that_is_said(priya: Caller, model: Version) -> None:
    answer = priya.get(ONE)

    said = answer.json()
    assert b"wine" not in answer.content
    assert (said["components"], said["dependencies"]) == ([], [{"ref": model.label, "dependsOn": []}])
    assert said["metadata"]["component"]["modelCard"]["modelParameters"] == {"datasets": []}
    assert said["compositions"] == [{"aggregate": "incomplete", "dependencies": [model.label]}]


def test_the_same_gives_the_same_bytes(mara: Caller, priya: Caller, model: Version, author: User) -> None:
    first, again, less = mara.get(ONE), mara.get(ONE), priya.get(ONE)
    actions.edit_artifact(model.artifact, licence="MIT", by=author)

    other = mara.get(ONE)
    assert first.content == again.content
    serials = {answer.json()["serialNumber"] for answer in (first, less, other)}
    assert len(serials) == 3


def test_a_draft_has_none(mara: Caller, artifact, author: User) -> None:
    factories.draft(artifact, author)

    answer = mara.get(ONE)

    assert (answer.status_code, answer.json()["detail"]) == (409, "Version 1 is a draft: submit it first.")


def test_what_may_not_be_seen_is_not_there(sven: Caller, model: Version) -> None:
    assert sven.get(ONE).status_code == 404


def test_it_is_saved_from_the_page(mara: Caller, author: User, model: Version, signed_in) -> None:  # noqa: F811
    there = f"/{model.label}/"

    page, saved = signed_in(author).get(there), signed_in(author).get(f"{there}bom")

    assert f'<a href="{there}bom" download>Save as CycloneDX</a>' in page.content.decode()
    assert json.loads(saved.content) == mara.get(ONE).json()
    assert saved["Content-Disposition"] == 'attachment; filename="scorer-1.cdx.json"'


def test_the_page_of_a_draft_offers_none(artifact, author: User, signed_in) -> None:  # noqa: F811
    draft = factories.draft(artifact, author)

    assert "CycloneDX" not in signed_in(author).get(f"/{draft.label}/").content.decode()


def test_it_takes_the_same_few_queries_however_much_it_holds(
    mara: Caller, model: Version, author: User
) -> None:
    one = mara.queries(ONE)
    many = [
        (factories.submitted(factories.artifact(model.team, author), author), "derived-from")
        for _ in range(3)
    ]
    files = {f"{number}.txt": b"plain\n" for number in range(3)}
    factories.submitted(model.artifact, author, files, parents=many)

    assert mara.queries("models/fraud/scorer/versions/2/bom") == one
