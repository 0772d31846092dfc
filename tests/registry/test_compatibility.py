"""Schema changes: whose readers they stop, by check, page and API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from governance.models import Team, User
from registry import actions
from registry.checks import Issue
from registry.contracts.compatibility import Field, changes, of_profile, of_terms, verdict
from registry.models import Kind
from registry.quality import QUALITY, Needs, Table, bounded
from tests import factories
from tests.governance.api.caller import Caller


def profile(**columns: tuple[str, int]) -> dict[str, Any]:
    """Columns by name, each with its type and in how many rows it is missing."""
    listed = [{"name": name, "type": kind, "missing": gap} for name, (kind, gap) in columns.items()]
    return {"rows": 10, "width": len(listed), "columns": listed}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"a": ("integer", 3)}, "full"),
        ({}, {"a": ("integer", 0)}, "forward"),
        ({"a": ("integer", 0)}, {}, "backward"),
        ({"a": ("integer", 3)}, {}, "full"),
        ({"a": ("integer", 0)}, {"a": ("number", 0)}, "backward"),
        ({"a": ("number", 0)}, {"a": ("integer", 0)}, "forward"),
        ({"a": ("integer", 0)}, {"a": ("text", 0)}, "none"),
        ({"a": ("date", 0)}, {"a": ("time", 0)}, "backward"),
        ({"a": ("empty", 10)}, {"a": ("text", 0)}, "full"),
        ({"a": ("integer", 0)}, {"b": ("integer", 0)}, "none"),
        ({"a": ("integer", 0)}, {"a": ("integer", 4)}, "full"),
    ],
    ids=range(11),
)
def test_changes_of_columns_are_classed(before: Any, after: Any, expected: str) -> None:
    one, other = of_profile(profile(**before)), of_profile(profile(**after))

    assert verdict(list(changes(one or {}, other or {}))) == expected


def test_the_contract_says_what_is_always_there() -> None:
    terms = {"columns": {"a": {"type": "integer", "missing": 0.5}, "b": {"type": "integer", "missing": 0}}}

    fields = of_profile(profile(a=("integer", 0), b=("integer", 1), c=("integer", 0)), terms)

    assert fields == {
        "a": Field("integer", False), "b": Field("integer", True), "c": Field("integer", True)
    }  # fmt: skip


def test_contracts_are_classed_by_their_values_and_units_too() -> None:
    def classed(before: dict[str, Any], after: dict[str, Any]) -> str:
        columns = [{"columns": {"a": {"type": "text", **terms}}} for terms in (before, after)]
        return verdict(list(changes(*map(of_terms, columns))))

    assert classed({"values": ["x"]}, {"values": ["x", "y"]}) == "backward"
    assert classed({"values": ["x", "y"]}, {"values": ["x"]}) == "forward"
    assert classed({"unit": "EUR"}, {"unit": "USD"}) == "none"
    assert classed({"values": ["x"]}, {"values": ["x"]}) == "full"


def test_the_check_asks_for_the_mode_of_the_contract() -> None:
    before, after = profile(a=("integer", 0), b=("text", 0)), profile(a=("number", 0), c=("text", 2))

    def said(**contract: Any) -> list[tuple[str, str]]:
        terms = {"columns": {}, **contract} if contract else None
        found = QUALITY["schema_compat"].run(
            Table("a.csv", after, before=before, before_number=3, contract=terms)
        )
        return [(item.severity, item.name) for item in found if isinstance(item, Issue)]

    assert said() == [("medium", "changed:a"), ("info", "added:c"), ("medium", "removed:b")]
    assert said(compatibility="backward") == [
        ("info", "changed:a"), ("info", "added:c"), ("info", "removed:b")
    ]  # fmt: skip
    assert said(compatibility="full") == [("high", "changed:a"), ("info", "added:c"), ("high", "removed:b")]


def test_what_was_not_measured_is_not_evaluated() -> None:
    wide = {**profile(a=("integer", 0)), "width": 5000}

    assert list(QUALITY["schema_compat"].run(Table("a.csv", wide, before=wide))) == [
        Needs("at most 1 columns in both versions")
    ]
    assert list(QUALITY["schema_compat"].run(Table("a.csv", wide))) == [
        Needs("an earlier version with a table of the same path")
    ]


def test_a_thousand_changes_are_no_thousand_findings() -> None:
    found = bounded([Issue("info", "a"), *[Issue("high", "b", str(number)) for number in range(150)]])

    assert len(found) == 101
    assert {issue.severity for issue in found} == {"high"}
    assert found[-1].message == "51 more were found: solve the ones that are listed, then look again."


@pytest.mark.slow
@pytest.mark.django_db
def test_it_stands_beside_two_versions_and_among_the_findings(team: Team, author: User) -> None:
    dataset = factories.artifact(team, author, Kind.DATASET, name="wine")
    first = factories.checked(dataset, author, {"wine.csv": b"a,b\n1,x\n2,y\n", "old.csv": b"a\n1\n"})
    actions.set_contract(
        dataset,
        {"tables": {"*": {"columns": {"a": {"type": "number"}}, "compatibility": "forward"}}},
        by=author,
    )
    second = factories.checked(dataset, author, {"wine.csv": b"a,c\n1.5,x\n2,y\n"})
    page = Client()
    page.force_login(author)

    compared = Caller(author).get(f"{second.label}/compare/{first.number}").json()
    shown = page.get(f"/{second.label}/compare/{first.number}/").content.decode()
    found = second.findings.open().filter(check_name="schema_compat").order_by("name")

    (schema,) = compared["schemas"]
    assert (schema["path"], schema["compatible"]) == ("wine.csv", "none")
    assert [(row["column"], row["what"], row["backward"], row["forward"]) for row in schema["changes"]] == [
        ("a", "changed", True, False),
        ("c", "added", False, True),
        ("b", "removed", True, False),
    ]
    assert "Compatible in neither direction" in shown
    assert [(row.name, row.severity_word) for row in found] == [
        ("added:c", "info"),
        ("changed:a", "high"),
        ("removed:b", "high"),
    ]
    assert found[1].message == (
        "a was integer and is number: what reads the earlier one cannot read this one. Before is version 1."
    )


@pytest.mark.django_db
def test_the_schema_of_a_stream_is_an_asset_that_is_judged_and_shown(team: Team, author: User) -> None:
    asset = factories.artifact(team, author, Kind.ASSET, name="events")
    one = b'{"type": "record", "name": "E", "fields": [{"name": "id", "type": "int"}]}'
    two = one.replace(b'"int"}', b'"int"}, {"name": "note", "type": "string"}')
    factories.checked(asset, author, {"event.avsc": one})
    version = factories.checked(asset, author, {"event.avsc": two})
    page = Client()
    page.force_login(author)

    (found,) = version.findings.open().filter(check_name="schema_compat")
    (said,) = Caller(author).get(f"{version.label}/profile").json()["streams"]
    shown = page.get(f"/{version.label}/profile/").content.decode()

    sentence = "What reads this one cannot read what was written with version 1."
    assert (found.severity_word, found.name, version.state) == ("high", "backward:note", "blocked")
    assert (said["compared_with"], said["mode"], sentence in said["said"][0]) == ([1], "backward", True)
    assert sentence in shown
