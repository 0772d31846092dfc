"""What a table looks like, column by column: types, missing and different values, distribution, outliers,
repeated rows, keys, correlation, and which columns look like personal data.

CSV, TSV, JSON lines, Parquet, Arrow and Excel, by their bytes or their names. What was measured is a fact
that is kept sealed; what cannot be measured says why. It judges nothing: that is done by the checks in
registry/quality, with what people have declared and with the version before.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date
from gzip import BadGzipFile
from typing import BinaryIO

from registry.checks import MIB, Fact, Issue, check, library
from registry.checks.tabular_facts import SEPARATORS, packed
from registry.profiles.columns import FAR_AWAY
from registry.profiles.making import profile
from registry.profiles.personal import TELEPHONES
from registry.profiles.sources import KEYS, source_of
from registry.tables.delimited import Unreadable

CUT = "This gzip file cannot be unpacked to its end: pack it again."


@check(
    "dataset",
    since=date(2026, 11, 27),
    timeout=900,
    memory=2048 * MIB,
    libraries=["polars", "python_calamine", TELEPHONES],
    may_be_spared=True,
    sealed=True,
)
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    name = str(file.name)
    size = file.seek(0, 2)
    try:
        source = source_of(library, file, name, size)
        if source is not None:
            yield Fact(profile(library, source, getattr(file, "declared", {})))
    except (Unreadable, EOFError, zlib.error, BadGzipFile) as error:
        said = str(error) if isinstance(error, Unreadable) else CUT
        yield Fact({"not_evaluated": said})
        if said == FAR_AWAY or not is_told_elsewhere(name):
            yield Issue("medium" if said == KEYS else "high", said, "unreadable")


def is_told_elsewhere(name: str) -> bool:
    """Whether `tabular_facts` says of such a file that it cannot be read."""
    return name.lower().endswith((".parquet", ".pq", *packed(SEPARATORS)))
