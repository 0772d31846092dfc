"""What was measured is judged: by the version before, and by what people declare about the columns."""

from __future__ import annotations

import random

import pytest
from django.test import Client

from governance.errors import Invalid
from governance.models import Event, Team, User
from registry import actions, checking
from registry.models import Artifact, Declaration, Kind, Severity, Version
from registry.quality import QUALITY, Needs, Table, asked
from tests import factories
from tests.governance.api.caller import Caller

pytestmark = pytest.mark.django_db


def table(seed: int, shift: float) -> bytes:
    source = random.Random(seed)
    rows = [f"{source.gauss(shift, 1):.4f},p{row}@example.org,{int(row % 20 == 0)}" for row in range(1200)]
    return "\n".join(["score,contact,label", *rows, ""]).encode()


@pytest.fixture
def dataset(team: Team, author: User) -> Artifact:
    return factories.artifact(team, author, Kind.DATASET, name="wine")


def found(version: Version) -> list[tuple[str, str, str]]:
    """The open findings of the checks of quality: check, severity and name."""
    rows = version.findings.open().filter(check_name__in=list(QUALITY)).order_by("check_name", "name")
    return [(row.check_name, Severity(row.severity).label, row.name) for row in rows]


def test_a_column_that_moves_far_blocks_and_one_that_moves_a_little_is_low(
    dataset: Artifact, author: User
) -> None:
    first, same, little, far = (
        factories.checked(dataset, author, {"wine.csv": table(seed, shift)})
        for seed, shift in enumerate([0, 0, 0.5, 1.5])
    )

    personal = ("pii_scan", "medium", "column:contact")
    assert found(first) == [personal]
    assert found(same) == [personal]
    assert found(little) == [("drift", "low", "column:score"), personal]
    assert found(far) == [("drift", "high", "column:score"), personal]
    assert [version.state for version in (first, same, little, far)] == ["ready", "ready", "ready", "blocked"]


def test_what_is_declared_is_judged_by(dataset: Artifact, author: User) -> None:
    version = factories.checked(dataset, author, {"wine.csv": table(1, 0)})

    declared = actions.declare(dataset, target="label", personal=["contact", "contact"], by=author)
    checking.run(version.pk)

    assert (declared.number, declared.target, declared.personal) == (1, "label", ["contact"])
    assert found(version) == [("imbalance", "info", "imbalance")]
    (message,) = version.findings.open().filter(check_name="imbalance").values_list("message", flat=True)
    assert message.startswith("label is moderately imbalanced: its rarest class has 5 % of the rows.")
    event = Event.objects.get(action="dataset.declare")
    assert event.after == {"declaration": 1, "target": "label", "personal": ["contact"]}


def test_a_target_that_is_not_there_is_a_finding(dataset: Artifact, author: User) -> None:
    version = factories.checked(dataset, author, {"wine.csv": table(1, 0)})

    actions.declare(dataset, target="grade", by=author)
    checking.judge_again(version.pk)

    assert ("imbalance", "medium", "no_target") in found(version)


def test_the_same_again_is_what_holds_already(dataset: Artifact, author: User) -> None:
    one = actions.declare(dataset, target="label", by=author)
    other = actions.declare(dataset, target=" label ", by=author)

    assert one == other
    assert Declaration.objects.count() == 1


def test_only_datasets_have_declared_columns(artifact: Artifact, author: User) -> None:
    with pytest.raises(Invalid, match=r"scorer is no dataset: only the columns of a dataset are declared\."):
        actions.declare(artifact, target="label", by=author)


def test_columns_are_declared_by_page_and_api(dataset: Artifact, author: User, operator: User) -> None:
    page, mara = Client(), Caller(author)
    page.force_login(author)
    version = factories.checked(dataset, author, {"wine.csv": table(1, 0)})

    empty = mara.get(f"{dataset.label}/declaration").json()
    put = mara.put(f"{dataset.label}/declaration", {"target": "label", "personal": ["contact"]})
    odd = mara.put(f"{dataset.label}/declaration", {"formats": ["score: pounds"]})
    sent = page.post(
        f"/{dataset.label}/declaration/",
        {"target": "label", "personal": "contact\n\nscore", "formats": "x: date"},
    )
    form = page.get(f"/{dataset.label}/declaration/").content.decode()
    shown = page.get(f"/{version.label}/profile/").content.decode()

    assert (empty["number"], empty["by"], put.json()["number"], put.json()["by"]) == (0, None, 1, "mara")
    assert (odd.status_code, odd.json()["detail"][:28]) == (400, "score: pounds says no format")
    assert mara.get(f"{dataset.label}/declaration").json()["formats"] == ["x: date"]
    assert sent.headers["Location"] == f"/{version.label}/profile/"
    assert mara.get(f"{dataset.label}/declaration").json()["personal"] == ["contact", "score"]
    assert "contact\nscore</textarea>" in form
    assert "Not evaluated: needs an earlier version with a table of the same path." in shown
    assert Caller(operator).put(f"{dataset.label}/declaration", {"target": "x"}).status_code == 403


def test_a_check_that_fails_is_a_finding_and_no_pass() -> None:
    (issue,) = asked(QUALITY["drift"], Table("a.csv", {}, before={"columns": None}))

    assert not isinstance(issue, Needs)
    assert (issue.severity, issue.name) == ("critical", "not_finished")
