"""What lies in a ZIP, which many models are: names and sizes. Nothing is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from registry.previews import Part, Unfit, preview, table

MOST_ROWS = 300


@preview("zip", "skops", "npz", "keras", "pt", "pth", "whl")
def run(file: BinaryIO) -> Iterator[Part]:
    try:
        found = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Unfit("This file is no ZIP, and no preview reads what it is instead.") from error
    rows = [(each.filename, f"{each.file_size:,}", f"{each.compress_size:,}") for each in found[:MOST_ROWS]]
    about = f"The first {MOST_ROWS:,} of {len(found):,} files." if len(found) > MOST_ROWS else ""
    yield table(["File", "Bytes", "Bytes packed"], rows, about)
