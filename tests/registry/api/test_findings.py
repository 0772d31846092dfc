"""Findings and waivers by the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from governance.models import Event, User
from registry import actions
from registry.models import Artifact, Finding, Severity, Version, Waiver
from tests.governance.api.caller import Caller, rows, said
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

ONE = "models/fraud/scorer/versions/1/findings/"
NOT_THERE = "There is no such finding that you may see."


@pytest.fixture
def high(clean: Version) -> Finding:
    return found(clean, Severity.HIGH)


@pytest.fixture
def several(clean: Version) -> dict[str, int]:
    """One of each kind, and one that is closed."""
    made = {name: found(clean, Severity[name.upper()], name).pk for name in ("low", "critical", "high")}
    made["closed"] = found(clean, Severity.MEDIUM, "closed", closed_at=timezone.now()).pk
    return made


def terms(days: int = 30, **changes: object) -> dict[str, object]:
    day = (datetime.now(UTC) + timedelta(days=days)).date()
    return {"reason": "Our own class.", "expires": day.isoformat(), **changes}


def test_findings_of_a_version_the_worst_first(mara: Caller, several: dict[str, int]) -> None:
    answer = mara.get(ONE)

    assert rows(answer, "severity") == ["critical", "high", "medium", "low"]
    assert answer.json()["results"][0] == {
        "id": several["critical"],
        "version": "models/fraud/scorer/versions/1",
        "check": "pickle_imports",
        "name": "critical",
        "severity": "critical",
        "message": "It names critical.",
        "path": "notes.txt",
        "place": "",
        "open": True,
        "waived": False,
        "opened_at": answer.json()["results"][0]["opened_at"],
        "closed_at": None,
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("open=true", ["critical", "high", "low"]),
        ("open=false", ["closed"]),
        ("severity=high", ["high"]),
        ("severity=info", []),
        ("sort=id", ["low", "critical", "high", "closed"]),
        ("sort=-id", ["closed", "high", "critical", "low"]),
    ],
)
def test_findings_are_narrowed_and_sorted(
    mara: Caller, several: dict[str, int], query: str, names: list[str]
) -> None:
    assert rows(mara.get(f"{ONE}?{query}"), "name") == names
    assert sorted(rows(mara.get(f"findings/?{query}&team=fraud"), "name")) == sorted(names)


def test_pages_follow_each_other(mara: Caller, several: dict[str, int]) -> None:
    first = mara.get(f"{ONE}?size=2")
    second = mara.get(first.json()["next"].removeprefix("http://testserver"))

    assert rows(first, "name") + rows(second, "name") == ["critical", "high", "closed", "low"]


@pytest.mark.parametrize("query", ["severity=worst", "open=1", "sort=name", "path=x", "team=%00"])
def test_malformed_queries_are_refused(mara: Caller, clean: Version, query: str) -> None:
    assert mara.get(f"findings/?{query}").status_code == 400


def test_others_see_no_findings(rita: Caller, sven: Caller, nobody: Caller, high: Finding) -> None:
    path = f"findings/{high.pk}/"

    assert [said(who.get(path)) for who in (rita, sven)] == [(404, NOT_THERE)] * 2
    assert [rows(who.get("findings/"), "id") for who in (rita, sven)] == [[], []]
    assert [nobody.get(path).status_code, nobody.get("findings/").status_code] == [401, 401]


# ------------------------------------------------------------------ waived


def test_steward_waives(mara: Caller, jonas: Caller, high: Finding) -> None:
    answer = jonas.post(f"findings/{high.pk}/waive", terms())

    made = answer.json()
    assert (answer.status_code, made["id"], made["finding"]) == (201, Waiver.objects.get().pk, high.pk)
    assert (made["by"], made["reason"], made["in_force"]) == ("jonas", "Our own class.", True)
    assert mara.get(f"findings/{high.pk}").json()["waived"] is True
    assert mara.get("models/fraud/scorer/versions/1/").json()["state"] == "ready"


def test_day_lasts_to_its_end(jonas: Caller, high: Finding) -> None:
    body = terms(7)

    assert (
        jonas.post(f"findings/{high.pk}/waive", body).json()["expires"]
        == f"{body['expires']}T23:59:59.999999Z"
    )


def test_time_is_taken_with_its_zone(jonas: Caller, high: Finding) -> None:
    day = (datetime.now(UTC) + timedelta(days=5)).date()

    answer = jonas.post(f"findings/{high.pk}/waive", terms(expires=f"{day}T12:00:00+02:00"))

    assert answer.json()["expires"] == f"{day}T10:00:00Z"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": " "}, "A waiver needs a reason."),
        ({"expires": "2020-01-01"}, "A waiver ends in the future."),
    ],
)
def test_terms_that_are_none_are_refused(
    jonas: Caller, high: Finding, change: dict[str, object], sentence: str
) -> None:
    assert said(jonas.post(f"findings/{high.pk}/waive", terms(**change))) == (400, sentence)


@pytest.mark.slow
@pytest.mark.parametrize(
    "expires", [None, "", "never", 5, "2027-13-01", "2027-01-01T00:00:00", ["2027-01-01"], True]
)
def test_waiver_without_an_end_is_not_made(jonas: Caller, high: Finding, expires: object) -> None:
    answer = jonas.post(f"findings/{high.pk}/waive", terms(expires=expires))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["expires"])
    assert Waiver.objects.count() == 0


def test_waiver_without_its_fields_is_not_made(jonas: Caller, high: Finding) -> None:
    assert list(jonas.post(f"findings/{high.pk}/waive").json()["errors"]) == ["reason", "expires"]


def test_worse_findings_are_accepted_for_less_long(jonas: Caller, high: Finding) -> None:
    answer = jonas.post(f"findings/{high.pk}/waive", terms(120))

    assert answer.status_code == 400
    assert "A waiver of a high finding lasts at most 90 days" in answer.json()["detail"]


def test_author_and_others_do_not_waive(
    mara: Caller, priya: Caller, rita: Caller, sven: Caller, nobody: Caller, high: Finding
) -> None:
    path = f"findings/{high.pk}/waive"

    assert [objection["policy"] for objection in mara.post(path, terms()).json()["objections"]] == [
        "role",
        "four_eyes",
    ]
    assert [who.post(path, terms()).status_code for who in (priya, rita, sven, nobody)] == [
        403,
        404,
        404,
        401,
    ]
    assert Event.objects.filter(action="finding.waive", outcome="refused").count() == 2


def test_finding_is_waived_once(jonas: Caller, high: Finding) -> None:
    jonas.post(f"findings/{high.pk}/waive", terms())

    assert said(jonas.post(f"findings/{high.pk}/waive", terms())) == (409, "This finding is waived already.")


def test_finding_that_is_not_there_is_told(jonas: Caller, clean: Version) -> None:
    assert said(jonas.post("findings/999/waive", terms())) == (404, NOT_THERE)


def test_waivers_are_listed_for_those_who_see_the_work(
    mara: Caller, rita: Caller, sven: Caller, nobody: Caller, high: Finding, steward: User
) -> None:
    waiver = actions.waive(high, reason="x", expires=timezone.now() + timedelta(days=1), by=steward)

    assert (
        rows(mara.get("waivers/"), "id")
        == rows(mara.get("waivers/?in_force=true&team=fraud"), "id")
        == [waiver.pk]
    )
    assert rows(mara.get("waivers/?in_force=false"), "id") == rows(mara.get("waivers/?team=x"), "id") == []
    assert mara.get(f"waivers/{waiver.pk}").json()["artifact"] == "models/fraud/scorer"
    assert [rows(who.get("waivers/"), "id") for who in (rita, sven)] == [[], []]
    assert said(sven.get(f"waivers/{waiver.pk}")) == (404, "There is no such waiver that you may see.")
    assert nobody.get("waivers/").status_code == 401


@pytest.mark.slow
@pytest.mark.parametrize("path", [ONE, "findings/", "waivers/"])
def test_lists_take_the_same_few_queries_however_long(
    mara: Caller, artifact: Artifact, steward: User, clean: Version, path: str
) -> None:
    def another(name: str) -> None:
        finding = found(clean, Severity.LOW, name)
        actions.waive(finding, reason="x", expires=timezone.now() + timedelta(days=1), by=steward)

    another("a")
    one = mara.queries(path)
    for name in ("b", "c"):
        another(name)

    assert mara.queries(path) == one <= 4
