"""Pictures, sounds and texts: counted, decoded, and found in archives, too."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from PIL import Image

from registry.checks import Fact
from registry.checks.folder_facts import run


def picture(colour: int = 0, kind: str = "PNG") -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", (8, 6), (colour, 0, 0)).save(sink, kind)
    return sink.getvalue()


def fact(content: bytes, name: str) -> dict[str, Any] | None:
    file = io.BytesIO(content)
    file.name = name  # type: ignore[misc]
    found = [item.data for item in run(file) if isinstance(item, Fact)]
    return found[0] if found else None


def test_a_picture_is_decoded_to_its_end() -> None:
    whole = picture(kind="JPEG")

    assert fact(picture(), "cat/1.png") == {
        "files": 1,
        "formats": {"png": 1},
        "bytes": len(picture()),
        "unreadable": 0,
        "sides": [6, 8],
    }
    assert (fact(whole[: len(whole) // 2], "cat/1.jpg") or {})["unreadable"] == 1
    assert (fact(b"no picture at all", "cat/1.png") or {})["unreadable"] == 1


def test_a_text_is_in_utf8_and_a_table_is_none() -> None:
    assert (fact("wörter".encode(), "a.txt") or {})["unreadable"] == 0
    assert (fact("wörter und wörter und".encode("latin-1"), "a.txt") or {"unreadable": None})[
        "unreadable"
    ] in (1, None)
    assert fact(b"a,b\n1,2\n", "a.csv") is None


def test_members_of_archives_are_counted_by_folder() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for place, (folder, colour) in enumerate([("cat", 1), ("cat", 1), ("dog", 2)]):
            archive.writestr(f"train/{folder}/{place}.png", picture(colour))

    found = fact(sink.getvalue(), "pets.zip") or {}

    assert (found["files"], found["repeated"], found["unreadable"]) == (3, 1, 0)
    assert found["folders"] == [["train/cat", 2], ["train/dog", 1]]
