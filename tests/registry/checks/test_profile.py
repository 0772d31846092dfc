"""What a profile says of tables of every format, and of what is none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from registry.checks import profile as check
from registry.sandbox import SANDBOX
from tests.registry.checks.looking import look, look_in_sandbox


def looked(content: bytes, name: str) -> dict[str, Any]:
    return look(check, content, name)[1]


def columns(content: bytes, name: str) -> dict[str, dict[str, Any]]:
    return {column["name"]: column for column in looked(content, name)["columns"]}


def people() -> pl.DataFrame:
    """200 rows: a key, a number of 0 to 99, a class of 10 % and a day; every tenth number is missing."""
    return pl.DataFrame(
        {
            "id": range(1000, 1200),
            "score": [None if row % 10 == 0 else row / 2 for row in range(200)],
            "label": [row % 10 == 3 for row in range(200)],
            "colour": ["red" if row % 4 else "blue" for row in range(200)],
        }
    )


def written(ending: str) -> bytes:
    buffer = io.BytesIO()
    frame = people()
    match ending:
        case "csv":
            frame.write_csv(buffer)
        case "tsv":
            frame.write_csv(buffer, separator="\t")
        case "jsonl":
            frame.write_ndjson(buffer)
        case "parquet":
            frame.write_parquet(buffer)
        case "arrow":
            frame.write_ipc(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet", "arrow"])
def test_every_format_is_measured_alike(ending: str) -> None:
    told = looked(written(ending), f"people.{ending}")

    assert (told["rows"], told["width"], told["keys"], told["duplicates"]) == (200, 4, ["id"], 0)
    assert [column["type"] for column in told["columns"]] == ["integer", "number", "boolean", "text"]
    assert [column["missing"] for column in told["columns"]] == [0, 20, 0, 0]
    assert told["columns"][3]["values"] == [["red", 150], ["blue", 50]]
    assert told["columns"][2]["values"] == [[False, 180], [True, 20]]
    score = told["columns"][1]
    assert (score["least"], score["most"], score["mean"], round(score["deviation"], 3)) == (
        0.5,
        99.5,
        50,
        28.941,
    )
    assert score["distinct"] == {"number": 180, "exact": True}
    assert sum(score["histogram"]["counts"]) == 180


def workbook(*rows: list[object]) -> bytes:
    """A workbook of one sheet as Excel writes it, with texts inside the cells."""
    cells = "".join(
        "<row>"
        + "".join(
            f"<c><v>{cell}</v></c>" if isinstance(cell, int | float) else
            f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row
        )
        + "</row>"
        for row in rows
    )  # fmt: skip
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
        )
    return buffer.getvalue()


def test_the_first_sheet_of_a_workbook_is_measured() -> None:
    told = looked(workbook(["id", "name"], [1, "a"], [2, "b"], [3, "b"]), "people.xlsx")

    assert [(column["name"], column["type"], column["distinct"]["number"]) for column in told["columns"]] == [
        ("id", "integer", 3),
        ("name", "text", 2),
    ]
    assert (told["rows"], told["keys"]) == (3, ["id"])


def test_a_profile_is_made_in_the_sandbox(tmp_path: Path) -> None:
    for name, content in (
        ("a.csv", written("csv")),
        ("a.parquet", written("parquet")),
        ("a.xlsx", workbook(["telephone"], ["+49 30 901820"])),
    ):
        report = look_in_sandbox(SANDBOX, tmp_path, content, name, "profile")

        assert (report.outcome, report.error) == ("done", "")
        assert report.fact
        assert report.fact["width"] == (1 if name == "a.xlsx" else 4)
