"""Each preview on what it is made for and on what it is not, behind the real walls."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars
import pytest
from PIL import Image

from registry import previewing, previews
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look_in_sandbox

Parts = list[dict[str, Any]]
Show = Callable[[bytes, str], Parts]
BINARY = "These bytes are no text, and no preview reads this format: fetch the file to look inside."


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def show(sandbox: Sandbox, tmp_path: Path) -> Show:
    def run(content: bytes, path: str) -> Parts:
        report = look_in_sandbox(sandbox, tmp_path, content, path, previews.of(path))
        assert report.error == ""
        parts: Parts = (report.fact or {})["parts"]
        assert [part for part in parts if not previewing.fits(part)] == []
        return parts

    return run


def said(text: str) -> dict[str, str]:
    return {"kind": "said", "text": text}


def lines(*text: str, label: str = "", first: int = 1) -> dict[str, Any]:
    return {"kind": "lines", "lines": list(text), "label": label, "first": first}


def picture(kind: str, size: tuple[int, int] = (1440, 720), **more: Any) -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", size, "teal").save(sink, kind, **more)
    return sink.getvalue()


def safetensors(header: dict[str, Any]) -> bytes:
    raw = json.dumps(header).encode()
    return len(raw).to_bytes(8, "little") + raw + bytes(24)


def gguf() -> bytes:
    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    keys = text("general.name") + struct.pack("<I", 8) + text("tiny")
    keys += text("rope.base") + struct.pack("<If", 6, 0.5)
    keys += text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b")
    keys += text("is.on") + struct.pack("<IB", 7, 1) + text("layers") + struct.pack("<II", 4, 12)
    tensor = text("blk.0") + struct.pack("<IQQIQ", 2, 4, 8, 0, 0)
    return b"GGUF" + struct.pack("<IQQ", 3, 1, 5) + keys + tensor


def test_text_is_shown_with_its_numbers(show: Show) -> None:
    assert show(b"one\n\ttwo\n", "a/notes.txt") == [lines("one", "    two")]


def test_marks_that_turn_directions_are_not_shown(show: Show) -> None:
    assert show("a\u202eb\x1b[31mc".encode(), "x.log") == [lines("a\ufffdb\ufffd[31mc")]


def test_what_is_no_text_is_said(show: Show) -> None:
    assert show(bytes(range(256)) * 4, "weights.bin") == [said(BINARY)]


def test_of_a_long_text_the_beginning_is_shown(show: Show) -> None:
    [part, more] = show(b"x" * 1000 + b"\n" + b"y\n" * 100_000, "long.py")

    assert (len(part["lines"]), len(part["lines"][0]), part["lines"][0][-1]) == (300, 400, "…")
    assert more == said("This is the beginning: the rest is in the file.")


def test_an_empty_file_is_said_to_be_empty(show: Show) -> None:
    empty = [said("The file is empty.")]

    assert [show(b"", name) for name in ("a.txt", "a.json", "a.csv")] == [empty] * 3


def test_markdown_is_prose(show: Show) -> None:
    assert show(b"# Card\n\nGood.", "README.md") == [{"kind": "prose", "lines": ["# Card", "", "Good."]}]


def test_json_is_laid_out(show: Show) -> None:
    assert show(b'{"a":[1,"\xc3\xa9"]}', "config.json") == [
        lines("{", '  "a": [', "    1,", '    "é"', "  ]", "}")
    ]


@pytest.mark.parametrize("text", [b"{", b"[" * 100_000])
def test_what_is_no_json_is_shown_as_it_is(show: Show, text: bytes) -> None:
    assert show(text, "config.json")[0]["lines"][0][:1] == text[:1].decode()


def test_lines_of_json_stay_lines(show: Show) -> None:
    assert show(b'{"a":1}\n{"a":2}\n', "rows.jsonl") == [lines('{"a":1}', '{"a":2}')]


def test_of_a_table_in_text_the_first_rows_are_shown(show: Show) -> None:
    assert show(b"id;name\n1;<b>Ann</b>\n2;\n", "people.csv") == [
        {
            "kind": "table",
            "head": ["id", "name"],
            "rows": [["1", "<b>Ann</b>"], ["2", ""]],
            "said": "All 2 rows, 2 of 2 columns.",
        }
    ]


def test_a_wide_and_long_table_is_cut(show: Show) -> None:
    row = ",".join(f"c{number}" for number in range(100)).encode() + b"\n"
    values = ",".join("1" * 100).encode() + b"\n"
    [part] = show(row + values * 20_000, "wide.csv")

    assert (len(part["head"]), len(part["rows"]), part["said"]) == (
        40, 50, "The first 50 rows, 40 of 100 columns.",
    )  # fmt: skip


def test_a_quote_that_never_ends_is_shown_as_far_as_it_goes(show: Show) -> None:
    [part] = show(b'a,b\n"' + b"x,\n" * 200_000, "odd.csv")

    assert part["kind"] in {"table", "said"}


def test_of_parquet_the_first_rows_are_shown(show: Show) -> None:
    sink = io.BytesIO()
    polars.DataFrame({"id": range(60), "name": ["x"] * 60}).write_parquet(sink)
    [part] = show(sink.getvalue(), "rows.parquet")

    assert (part["head"], part["rows"][1], len(part["rows"]), part["said"]) == (
        ["id (int64)", "name (string)"],
        ["1", "x"],
        50,
        "The first 50 of 60 rows, 2 of 2 columns.",
    )


def test_parquet_that_is_none_is_a_sentence(show: Show) -> None:
    sentence = "This Parquet file is cut short, or encrypted: write it again, plain."

    assert show(b"PAR1 and no more", "rows.parquet") == [said(sentence)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_picture_is_read_and_written_again(show: Show, kind: str) -> None:
    [part, about] = show(picture(kind), f"plot.{kind.lower()}")
    again = Image.open(io.BytesIO(base64.b64decode("".join(part["data"]))))

    assert (again.format, again.size, part["width"], part["height"]) == ("WEBP", (720, 360), 720, 360)
    assert about["rows"] == [["Format", kind], ["Points", "1,440 x 720"]]


@pytest.mark.parametrize("content", [b"", b"<svg/>", picture("PNG")[:60], b"%!PS-Adobe-3.0 EPSF-3.0"])
def test_a_picture_that_is_none_is_a_sentence(show: Show, content: bytes) -> None:
    sentence = "This picture cannot be read: it is damaged, or is not what its name says."

    assert show(content, "plot.png") == [said(sentence)]


def test_a_picture_that_would_fill_the_memory_is_not_read(show: Show) -> None:
    bomb = bytearray(picture("BMP", (1, 1)))
    bomb[18:26] = struct.pack("<ii", 30_000, 30_000)

    assert show(bytes(bomb), "bomb.bmp") == [
        said("It has 30,000 by 30,000 points: more than are read for a preview.")
    ]


def test_the_header_of_safetensors_is_a_table(show: Show) -> None:
    entry = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
    [about, tensors] = show(safetensors({"__metadata__": {"by": "us"}, "w": entry}), "m.safetensors")

    assert about["rows"] == [["Tensors", "1"], ["Parameters", "6"], ["Types", "F32"], ["by", "us"]]
    assert (tensors["head"], tensors["rows"]) == (
        ["Tensor", "Type", "Shape", "Numbers"], [["w", "F32", "2 x 3", "6"]],
    )  # fmt: skip


def test_safetensors_that_are_none_are_a_sentence(show: Show) -> None:
    sentence = "This file has a header of a length that cannot be."

    assert show(b"\xff" * 64, "m.safetensors") == [said(sentence)]


def test_the_metadata_of_gguf_is_shown(show: Show) -> None:
    [about, tensors] = show(gguf(), "tiny.gguf")

    assert about["rows"] == [
        ["GGUF", "version 3"],
        ["Tensors", "1"],
        ["general.name", "tiny"],
        ["rope.base", "0.5"],
        ["tokens", "a list of 2"],
        ["is.on", "yes"],
        ["layers", "12"],
    ]
    assert tensors["rows"] == [["blk.0", "F32", "4 x 8", "32"]]


def test_gguf_that_is_cut_is_a_sentence(show: Show) -> None:
    [part] = show(gguf()[:50], "tiny.gguf")

    assert part["kind"] == "said"
    assert part["text"].startswith("This file ")


def test_of_an_archive_the_names_are_shown(show: Show) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../up.txt", "x" * 1000)
    [part] = show(sink.getvalue(), "model.skops")

    assert (part["head"], part["rows"]) == (["File", "Bytes", "Bytes packed"], [["../up.txt", "1,000", "11"]])
    assert part["said"] == "1 file, 1,000 bytes when unpacked, the largest first."
    assert show(b"\x80\x04N.", "old.pt") == [
        said("This file is no ZIP, and no preview reads what it is instead.")
    ]


def test_a_notebook_is_shown_cell_by_cell(show: Show) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "<script>alert(1)</script>"]},
        {
            "cell_type": "code",
            "execution_count": 3,
            "source": "print(1)",
            "outputs": [
                {"text": ["1\n"]},
                {"data": {"text/html": "<script>", "text/plain": "<Figure>", "image/png": "AAAA"}},
                {"traceback": ["\x1b[31mNameError\x1b[0m"]},
            ],
        },
    ]

    assert show(json.dumps({"cells": cells}).encode(), "a.ipynb") == [
        {"kind": "prose", "lines": ["# Title", "<script>alert(1)</script>"]},
        lines("print(1)", label="In [3]", first=0),
        lines("1", label="Out", first=0),
        lines("<Figure>", label="Out", first=0),
        said("A picture that this cell drew is not shown."),
        lines("NameError", label="Error", first=0),
    ]


@pytest.mark.parametrize("content", [b"{}", b"[]", b"{", b'{"cells": 3}', b"\xff\xfe"])
def test_a_notebook_that_is_none_is_a_sentence(show: Show, content: bytes) -> None:
    assert show(content, "a.ipynb") == [
        said("This file is no notebook: it is not the JSON that Jupyter writes.")
    ]


def test_cells_of_a_notebook_that_are_odd_are_passed_over(show: Show) -> None:
    odd = {"cells": [1, None, {"outputs": 3, "source": 4}, {"cell_type": "code", "outputs": [7]}]}

    assert [part["lines"] for part in show(json.dumps(odd).encode(), "a.ipynb")] == [[], [], ["4"], []]


@pytest.mark.parametrize(
    "part",
    [
        None,
        {"kind": "html", "text": "<b>"},
        {"kind": "said", "text": 3},
        {"kind": "said", "text": "x", "more": "y"},
        {"kind": "lines", "lines": ["x"], "label": "", "first": -1},
        {"kind": "lines", "lines": ["x"], "label": "", "first": True},
        {"kind": "table", "head": [], "rows": [[1]], "said": ""},
        {"kind": "values", "rows": [["one"]]},
        {"kind": "picture", "type": "image/svg+xml", "data": [], "width": 1, "height": 1},
        {"kind": "picture", "type": "image/webp", "data": ['" onload="'], "width": 1, "height": 1},
    ],
)
def test_what_a_child_would_not_say_is_not_believed(part: Any) -> None:
    assert not previewing.fits(part)
