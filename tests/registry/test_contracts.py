"""Contracts of datasets: as they are written, as their clauses are counted, and what becomes of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from django.test import Client

from governance.errors import Conflict, Invalid
from governance.models import Event, Team, User
from governance.templatetags.steward import control
from registry import actions, checking
from registry.checks import Fact, Issue
from registry.checks.profile import run
from registry.contract_forms import Editor
from registry.contracts import written
from registry.contracts.deriving import derived
from registry.contracts.outcomes import Seen, outcomes
from registry.contracts.terms import checked, from_yaml, unused
from registry.models import Artifact, Contract, Kind, Severity, Version
from registry.quality import QUALITY, Needs, Table
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.doors import BOTH, send

Terms = dict[str, Any]


def measured(content: bytes, name: str, terms: Terms | None = None, **declared: Any) -> dict[str, Any]:
    buffer = io.BytesIO(content)
    buffer.name = name  # type: ignore[attr-defined]
    buffer.declared = {**declared, "contract": terms}  # type: ignore[attr-defined]
    (fact,) = [item for item in run(buffer) if isinstance(item, Fact)]
    return fact.data


def became(content: bytes, terms: Terms, name: str = "a.csv", seen: Seen = Seen()) -> dict[str, Any]:  # noqa: B008
    """Of each clause that is not met: its state, or how many rows break it."""
    checked({"tables": {"*": terms}})
    found = outcomes(terms, measured(content, name, terms), seen)
    return {
        each.clause.name: each.rows if each.state == "broken" and each.rows else each.state
        for each in found
        if each.state != "met"
    }


def columns(**columns: Any) -> Terms:
    return {"columns": columns}


# ------------------------------------------------------------------ as it is written


def test_yaml_is_read_as_it_is_written() -> None:
    words = ["NO", "1", "1.5", "true", "null", "2026-01-01", "12:30", "~", "", "a: b", "=", "<<"]
    data = {"tables": {"*": {"columns": {"c": {"type": "text", "values": words}, "yes": {"type": "date"}}}}}

    assert written.read(written.text(data)) == data
    assert from_yaml("tables: {'*': {columns: {land: {type: text, values: [NO, DE]}}}}") == {
        "tables": {"*": {"columns": {"land": {"type": "text", "values": ["NO", "DE"]}}}}
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &x 1\nb: *x", "Line 1 has a tag or an anchor: write plain values."),
        ("a: !!python/object:os.system x", "Line 1 has a tag or an anchor: write plain values."),
        ("a: 1\na: 2", "Line 2 names a once more."),
        ("? [1]\n: 2", "Line 1 has something else than a name before its colon."),
        ("[" * 20_000, "Line 1 is nested deeper than 16 levels."),
        ("a: \x00", "It holds a character that YAML does not take."),
        ("a: [1", "Line 1 is no YAML: expected ',' or ']', but got '<stream end>'."),
        ("--- 1\n--- 2", "Line 2 is no YAML: but found another document."),
        ("x" * 70_000, "A contract has at most 64 KiB."),
        ("", "The contract: None is not of type 'object'."),
        ("tables: {}", "tables: {} should be non-empty."),
    ],
    ids=["anchor", "tag", "twice", "odd-name", "deep", "zero", "cut", "documents", "long", "empty", "tables"],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        from_yaml(text)

    assert refused.value.sentence == sentence


TEXT = {"type": "text"}
ODD_PATTERN = "the pattern of a is no regular expression, or looks around or back."


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (columns(a={**TEXT, "least": 1}), "a is text: only numbers, dates and times have a least or a most."),
        (columns(a={"type": "date", "least": 1}), "the least and the most of a are dates."),
        (columns(a={"type": "number", "least": 2, "most": 1}), "the least of a is above its most."),
        (
            columns(a={"type": "integer", "values": ["1"]}),
            "the values of a are not all of its type, integer: put what is text in quotes.",
        ),
        (columns(a={"type": "number", "longest": 3}), "a is number: only a text has a pattern or a longest."),
        (columns(a={**TEXT, "pattern": "(?=x)y"}), ODD_PATTERN),
        (columns(a={**TEXT, "pattern": r"(.)\1"}), ODD_PATTERN),
        ({**columns(a=TEXT), "keys": [["b"]]}, "the key b names b, which is not among the columns."),
        (
            {**columns(a=TEXT), "freshness": {"column": "a", "hours": 1}},
            "freshness names a, which is no column of dates or times here.",
        ),
        ({**columns(a=TEXT), "rows": {"least": 2, "most": 1}}, "its least rows are more than its most."),
    ],
    ids=range(10),
)
def test_clauses_that_contradict_each_other_are_refused(table: Terms, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked({"tables": {"*": table}})

    assert refused.value.sentence == f"*: {sentence}"


def test_what_is_out_of_bounds_is_refused() -> None:
    with pytest.raises(
        Invalid, match=r"tables\.\*\.columns\.a\.missing: 2 is greater than the maximum of 1\."
    ):
        checked({"tables": {"*": columns(a={**TEXT, "missing": 2})}})
    with pytest.raises(Invalid, match=r"It holds a number that is too large\."):
        checked({"tables": {"*": columns(a={"type": "number", "most": float("inf")})}})


def test_the_first_pattern_that_fits_holds() -> None:
    terms = {"tables": {"a/*.csv": {}, "*.csv": {}, "other.parquet": {}}}

    assert unused(terms, ["a/1.csv", "b.csv"]) == ["other.parquet"]
    assert unused(terms, ["a/1.csv"]) == ["*.csv", "other.parquet"]


# ------------------------------------------------------------------ counted


def test_rows_that_break_a_clause_are_counted() -> None:
    rows = b"""id,amount,land,zip,day
1,5,DE,01234,2026-01-01
1,-1,XX,1234,2026-02-01
3,x,FR,01234,2026-01-05
,20,,a,2026-01-09
"""
    terms = columns(
        id={"type": "integer", "unique": True, "missing": 0},
        amount={"type": "number", "unit": "EUR", "least": 0, "most": 10},
        land={"type": "text", "values": ["DE", "FR"], "missing": 0.5},
        zip={"type": "text", "pattern": "[0-9]{5}", "longest": 4},
        day={"type": "date", "least": "2026-01-02", "most": "2026-01-31"},
    )

    assert became(rows, terms) == {
        "missing:id": 1,
        "key:id": 2,
        "type:amount": 1,
        "least:amount": 1,
        "most:amount": 1,
        "unit:amount": "stated",
        "values:land": 1,
        "pattern:zip": 2,
        "longest:zip": 2,
        "least:day": 1,
        "most:day": 1,
    }


def test_the_same_is_counted_in_typed_formats_and_over_blocks() -> None:
    frame = pl.DataFrame(
        {"id": range(250_000), "flag": [True, None] * 125_000, "x": [0.5, float("nan")] * 125_000}
    )
    buffer = io.BytesIO()
    pl.concat([frame, frame.head(3)]).write_parquet(buffer)
    terms = columns(
        id={"type": "integer", "unique": True, "most": 199_999},
        flag={"type": "boolean", "values": [True], "missing": 0.4},
        x={"type": "integer"},
    )

    assert became(buffer.getvalue(), terms, "a.parquet") == {
        "key:id": 3,
        "most:id": 50_000,
        "missing:flag": 125_001,
        "type:x": 250_003,
    }


@pytest.mark.parametrize(
    ("values", "column", "expected"),
    [
        (["1", "2"], TEXT, {}),
        (["1", "2.0"], {"type": "integer"}, {}),
        (["1", "2.5"], {"type": "integer"}, {"type:a": 1}),
        (["1", "inf"], {"type": "number"}, {"type:a": 1}),
        (["true", "yes"], {"type": "boolean"}, {"type:a": 1}),
        (["2026-01-01", "2026-01-01 10:00:00"], {"type": "date"}, {"type:a": 1}),
        (
            ["2026-01-01", "soon"],
            {"type": "date", "least": "2026-01-01"},
            {"type:a": 1, "least:a": "not evaluated"},
        ),
        (["2026-01-01"], {"type": "time"}, {}),
        ([], {"type": "integer", "unique": True}, {}),
        (['""', "1", '""'], {"type": "integer"}, {"missing:a": 2}),
        (["x"], {**TEXT, "pattern": "((a{1000}){1000}){1000}"}, {"pattern:a": "not evaluated"}),
    ],
    ids=range(11),
)
def test_what_is_of_a_type(values: list[str], column: Terms, expected: dict[str, Any]) -> None:
    assert became("\n".join(["a", *values, ""]).encode(), columns(a=column)) == expected


def test_a_column_that_is_absent_breaks_one_clause_unless_it_may_be() -> None:
    optional = columns(a={"type": "integer", "optional": True, "least": 1, "unique": True})

    assert became(b"b\n1\n", columns(a={"type": "integer", "least": 1})) == {"present:a": "broken"}
    assert became(b"b\n1\n", optional) == {"key:a": "not evaluated"}


def test_clauses_about_the_whole_table() -> None:
    rows = b"id,part,at\n1,a,2026-01-01\n1,b,2026-01-03\n1,b,2026-01-03\n"
    terms = {
        **columns(id={"type": "integer"}, part={"type": "text"}),
        "others": "refused",
        "keys": [["id", "part"]],
        "rows": {"least": 4},
        "upstream": True,
    }
    fresh = {**columns(at={"type": "date"}), "freshness": {"column": "at", "hours": 24}}
    friday, monday = datetime(2026, 1, 5, 0, 0, tzinfo=UTC), datetime(2026, 1, 8, tzinfo=UTC)

    assert became(rows, terms, seen=Seen(parents=0)) == {
        "rows:": "broken", "others:": "broken", "upstream:": "broken", "key:id,part": 1
    }  # fmt: skip
    assert became(rows, fresh, seen=Seen(friday)) == {}
    assert became(rows, fresh, seen=Seen(monday)) == {"freshness:at": "broken"}
    assert became(rows, fresh, seen=Seen(datetime(2026, 1, 1, tzinfo=UTC))) == {"freshness:at": "look"}
    assert became(rows, fresh) == {"freshness:at": "not evaluated"}


def test_what_was_counted_for_another_contract_is_not_evaluated_and_never_a_pass() -> None:
    old, new = columns(a={"type": "integer", "least": 0}), columns(a={"type": "integer", "least": 1})
    table = Table("a.csv", measured(b"a\n0\n", "a.csv", old), contract=new)

    assert list(QUALITY["pipeline_contract"].run(table)) == [
        Needs("rows counted since the contract was made: check the version again")
    ]
    assert list(QUALITY["pipeline_contract"].run(Table("a.csv", table.profile))) == [
        Needs("a contract that holds for this table", page="contract")
    ]


def test_findings_quote_bounds_and_counts_but_no_value_of_the_table() -> None:
    terms = columns(a={"type": "text", "values": ["x"]}, n={"type": "integer", "least": 7})
    table = Table("a.csv", measured(b"a,n\nsecret,3\nx,9\n", "a.csv", terms), contract=terms)

    said = [item.message for item in QUALITY["pipeline_contract"].run(table) if isinstance(item, Issue)]

    assert said == [
        "1 of 2 rows of a hold something else than the 1 values of the contract.",
        "1 of 2 rows of n lie below 7.",
    ]


# ------------------------------------------------------------------ derived


def test_a_table_meets_the_contract_that_is_derived_from_it() -> None:
    lines = [
        f"{row},{row % 7}.5,{'red' if row % 3 else 'blue'},p{row}@example.org,"
        f"2026-01-{row % 28 + 1:02d},{row % 5 or ''}"
        for row in range(200)
    ]
    content = "\n".join(["id,price,colour,contact,day,gap", *lines, ""]).encode()

    terms = derived({"a.csv": measured(content, "a.csv")})

    table = checked(terms)["tables"]["*"]
    assert became(content, table) == {}
    assert table["columns"] == {
        "id": {"type": "integer", "missing": 0, "unique": True},
        "price": {"type": "number", "missing": 0, "least": 0, "most": 7.2},
        "colour": {"type": "text", "missing": 0, "values": ["blue", "red"]},
        "contact": {"type": "text", "missing": 0, "unique": True},
        "day": {"type": "date", "missing": 0},
        "gap": {"type": "integer", "missing": 0.3, "least": 0, "most": 5},
    }
    assert table["others"] == "refused"


def test_tables_of_a_version_get_terms_of_their_own() -> None:
    terms = derived({"a[1].csv": measured(b"a\n1\n", "a.csv"), "b.csv": measured(b"b\n1\n", "b.csv")})

    assert list(terms["tables"]) == ["a[[]1].csv", "b.csv"]
    assert unused(terms, ["a[1].csv", "b.csv"]) == []


# ------------------------------------------------------------------ made, held against, shown


@pytest.fixture
def dataset(team: Team, author: User) -> Artifact:
    return factories.artifact(team, author, Kind.DATASET, name="wine")


@pytest.fixture
def version(dataset: Artifact, author: User) -> Version:
    return factories.checked(dataset, author, {"wine.csv": b"a,b\n1,x\n2,y\n-1,z\n"})


TERMS = {"tables": {"*.csv": {"columns": {"a": {"type": "integer", "least": 0}, "b": {"type": "text"}}}}}


def found(version: Version) -> Iterator[tuple[str, str, str]]:
    rows = version.findings.open().filter(check_name="pipeline_contract").order_by("path", "name")
    return ((row.path, Severity(row.severity).label, row.name) for row in rows)


@pytest.mark.slow
@pytest.mark.django_db
def test_versions_are_held_against_it_before_and_after(version: Version, author: User) -> None:
    first = actions.set_contract(version.artifact, TERMS, note="first", by=author)
    checking.run(version.pk)
    before = list(found(version))
    version.refresh_from_db()
    state = Version.objects.with_state().get(pk=version.pk).state
    wider = {"tables": {**TERMS["tables"], "more.csv": TERMS["tables"]["*.csv"]}}
    wider["tables"]["*.csv"] = {"columns": {"b": {"type": "text"}}}
    second = actions.set_contract(version.artifact, wider, by=author)
    checking.run(version.pk)
    checking.judge_again(version.pk)
    after = list(found(version))
    actions.set_contract(version.artifact, None, by=author)
    checking.judge_again(version.pk)

    assert (first.number, second.number, list(second.terms["tables"])) == (1, 2, ["*.csv", "more.csv"])
    assert (before, state) == ([("wine.csv", "high", "least:a")], "blocked")
    assert after == [("the contract", "high", "table:more.csv")]
    assert list(found(version)) == []
    event = Event.objects.filter(action="contract.set").order_by("pk").first()
    assert (event.reason, event.after["contract"], set(event.after)) == ("first", 1, {"contract", "sha256"})


@pytest.mark.django_db
def test_the_same_again_is_no_new_contract(dataset: Artifact, artifact: Artifact, author: User) -> None:
    one = actions.set_contract(dataset, TERMS, by=author)
    other = actions.set_contract(dataset, TERMS, by=author)

    assert one == other
    assert Contract.objects.count() == 1
    with pytest.raises(Invalid, match=r"scorer is no dataset: only a dataset has a contract\."):
        actions.set_contract(artifact, TERMS, by=author)
    actions.set_contract(dataset, None, by=author)
    assert dataset.contracts.first().terms is None


@pytest.mark.django_db
def test_there_is_nothing_to_end_where_none_holds(dataset: Artifact, author: User) -> None:
    with pytest.raises(Conflict, match=r"No contract of wine holds that could end"):
        actions.set_contract(dataset, None, by=author)


@BOTH
@pytest.mark.django_db
def test_who_may_not_push_makes_none(dataset: Artifact, operator: User, door: str) -> None:
    sent = {"contract": written.text(TERMS)} if door == "page" else {"terms": TERMS}

    status, said = send(door, operator, f"{dataset.label}/contract/", sent, method="PUT")

    assert status == 403
    assert "it takes data-engineer or data-scientist or steward" in said
    assert not Contract.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_it_is_derived_made_and_read_by_page_and_api(version: Version, author: User, operator: User) -> None:
    page, mara, address = Client(), Caller(author), f"{version.artifact.label}/contract"
    page.force_login(author)

    empty = page.get(f"/{address}/").content.decode()
    proposed = page.get(f"/{address}/?from=1").content.decode()
    derived_terms = mara.get(f"{version.label}/contract").json()["terms"]
    put = mara.put(address, {"terms": derived_terms, "note": "derived"})
    sent = page.post(f"/{address}/", {"contract": written.text(TERMS), "note": "by hand"})
    wrong = page.post(f"/{address}/", {"contract": "a: [1"})
    checking.run(version.pk)
    shown = page.get(f"/{address}/?number=2").content.decode()
    profile = page.get(f"/{version.label}/profile/").content.decode()
    (table,) = mara.get(f"{version.label}/profile").json()["tables"]

    assert "No contract has been made yet" in empty
    assert "Derived from a version: read it first" in proposed
    assert put.json()["number"] == 1
    assert (sent.status_code, wrong.status_code) == (302, 400)
    assert [(each["number"], each["note"]) for each in mara.get(address).json()["history"]] == [
        (2, "by hand"),
        (1, "derived"),
    ]
    assert mara.get(f"{address}s/1").json()["terms"] == derived_terms
    assert mara.get(f"{address}s/3").status_code == 404
    assert "What changed from contract 1" in shown
    assert "1 of 3 rows of a lie below 0." in profile
    assert table["contract"] == 2
    assert [(row["clause"], row["state"], row["rows"]) for row in table["clauses"] if row["rows"]] == [
        ("least", "broken", 1)
    ]
    assert page.get(f"/{address}/?from=7").status_code == 404


def typed(**fields: str) -> dict[str, str]:
    """A form of two columns as a browser sends it."""
    first = {"name": "a", "type": "integer", "missing": "2.5", "least": "0", "most": "9", "unique": "on"}
    second = {"name": "b", "type": "text", "values": 'x, "y, z"'}
    rows = {
        f"form-{place}-{name}": value
        for place, row in enumerate((first, second))
        for name, value in row.items()
    }
    table = {"table-pattern": "*.csv", "table-rows_least": "1", "table-others": "on", "table-note": "typed"}
    return {
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "0",
        "form-2-type": "text",
        **rows,
        **table,
        **fields,
    }


@pytest.mark.django_db
def test_it_is_written_as_a_form(version: Version, author: User, operator: User) -> None:
    page, address = Client(), f"/{version.artifact.label}/contract/form/"
    page.force_login(author)
    first = page.get(address).content.decode()
    pattern = {**TERMS["tables"]["*.csv"]["columns"]["b"], "pattern": "[xyz]"}
    kept = {"columns": {"b": pattern}, "keys": [["b"]]}
    actions.set_contract(version.artifact, {"tables": {"*.csv": kept, "z": kept}}, by=author)

    sent = page.post(address, typed())
    wrong = page.post(address, typed(**{"form-0-least": "many"}))
    no_number = page.post(address, typed(**{"form-0-missing": "much"}))
    empty = page.post(address, {"form-TOTAL_FORMS": "x"})
    shown = page.get(address).content.decode()
    derived_form = page.get(f"{address}?from=1").content.decode()
    other = page.get(f"{address}?table=z").content.decode()
    page.force_login(operator)

    assert (sent.status_code, wrong.status_code, no_number.status_code, empty.status_code) == (
        302,
        400,
        400,
        400,
    )
    assert version.artifact.contracts.first().terms == {
        "tables": {
            "*.csv": {
                "keys": [["b"]],
                "others": "refused",
                "rows": {"least": 1},
                "columns": {
                    "a": {"type": "integer", "missing": 0.025, "least": 0, "most": 9, "unique": True},
                    "b": {"type": "text", "values": ["x", "y, z"], "pattern": "[xyz]"},
                },
            },
            "z": kept,
        }
    }
    assert "a, Least: Enter a number." in wrong.content.decode()
    assert "a, Missing, at most, in percent: Enter a number." in no_number.content.decode()
    assert 'value="x,&quot;y, z&quot;"' in shown
    assert all("Filled with what version 1 would meet" in each for each in (first, derived_form))
    assert "<b>z</b>" in other
    assert page.get(address).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["page", "form", "api"])
def test_what_was_made_meanwhile_is_not_overwritten_unread(
    dataset: Artifact, author: User, door: str
) -> None:
    actions.set_contract(dataset, TERMS, by=author)
    sent: dict[str, dict[str, Any]] = {
        "page": {"contract": "tables: {x: {columns: {a: {type: text}}}}", "based_on": "0"},
        "form": typed(**{"table-based_on": "0"}),
        "api": {"terms": {"tables": {"x": {"columns": {"a": {"type": "text"}}}}}, "based_on": 0},
    }
    address = f"{dataset.label}/contract/{'form/' if door == 'form' else ''}"

    status, said = send("api" if door == "api" else "page", author, address, sent[door], method="PUT")

    assert status == 409
    assert "Contract 1 of wine was made meanwhile: read it first." in said
    assert dataset.contracts.count() == 1


def test_a_filled_form_is_drawn_as_django_draws_it() -> None:
    column = {"type": "number", "unit": '<"{}>', "least": 0, "most": 1.5, "missing": 0.25, "values": [1, 2]}
    columns = {"a": {**column, "unique": True}, "b": {"type": "text", "optional": True}}
    editor = Editor(None, {"tables": {"*": {"columns": columns}}}, "", 0)

    written = [[str(cell) for cell in row] for row in editor.rows]

    assert written == [
        [str(control(field, aria_label=field.label)) for field in form] for form in editor.columns
    ]
