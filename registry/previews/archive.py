"""What lies in a ZIP, which many models are: names and sizes. Nothing is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from registry.previews import Part, Unfit, preview, table

MOST_ROWS = 100


@preview("zip", "skops", "npz", "keras", "pt", "pth", "whl")
def run(file: BinaryIO) -> Iterator[Part]:
    try:
        found = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Unfit("This file is no ZIP, and no preview reads what it is instead.") from error
    found.sort(key=lambda each: -each.file_size)
    rows = [(each.filename, f"{each.file_size:,}", f"{each.compress_size:,}") for each in found[:MOST_ROWS]]
    files = "1 file" if len(found) == 1 else f"{len(found):,} files"
    about = f"{files}, {sum(each.file_size for each in found):,} bytes when unpacked, the largest first"
    yield table(
        ["File", "Bytes", "Bytes packed"], rows, f"{about}{': not all of them' * (len(found) > MOST_ROWS)}."
    )
