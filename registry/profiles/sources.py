"""Blocks of rows out of a file, whatever its format. Types hold for the whole file: a block that does not
fit them raises `Widened`, and reading begins again with types that it fits too."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import isinf
from typing import Any

from registry.tables.delimited import (
    BLOCK,
    Shape,
    Unreadable,
    blocks,
    in_utf8,
    may_have_blank_lines,
    shape_of,
    without_blank_lines,
)
from registry.tables.profile import PARQUET, chain_first, from_fields, refusals
from registry.tables.record_batches import streams
from registry.tables.row_groups import files
from registry.tables.types import DATE, MISSING, TIME

Types = dict[str, Any]

LONGEST_MISSING = max(map(len, MISSING))
MOST_TEXT = 4 << 30  # bytes of text that are measured; beyond it the first part speaks for the whole
MOST_PACKED = 384 << 20  # of formats that cannot be read in parts
MOST_UNPACKED = 256 << 20  # of what lies in a workbook
SLICE = 200_000
ARROW, STREAM = b"ARROW1", b"\xff\xff\xff\xff"
SEPARATORS = {"csv": "", "tsv": "\t", "tab": "\t", "psv": "|"}
LINES = ("jsonl", "ndjson")
FEATHER = ("arrow", "feather", "ipc")
WORKBOOKS = ("xlsx", "xlsm", "xlsb", "xls", "ods")
KEYS = (
    "A column of categories has missing values, as pandas writes them, which are not read here: "
    "save that column as text, or the table as Parquet."
)
NO_LINES = "Some line is not a JSON object: write one object on each line."
TOO_LARGE = "Some line holds a number of more digits than are read here: write it as a text, or leave it out."
MIXED = "Some column holds a list or an object on one line and something else on another: write one kind."
LARGEST_WHOLE = 2.0**127
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?")


class Widened(Exception):
    """A block does not fit the types so far; `types` are those that it fits too."""

    def __init__(self, types: Types) -> None:
        super().__init__("wider types are needed")
        self.types = types


@dataclass(frozen=True, slots=True)
class Source:
    """A table and how its blocks are read, given the types of its columns or none yet."""

    format: str
    blocks: Callable[[Types | None], Iterator[Any]]
    measured: str = ""


def source_of(libraries: Callable[[str], Any], file: Any, name: str, size: int) -> Source | None:
    """How a file is read as a table; nothing when its name and its first bytes are of none."""
    file.seek(0)
    begins = file.read(8)
    ending = name.lower().removesuffix(".gz").rpartition(".")[2]
    packed = name.lower().endswith(".gz")
    if begins[:4] == PARQUET or ending in ("parquet", "pq"):
        read_whole = size <= MOST_PACKED
        reading = parquet if read_whole else partial(parquet_in_parts, size=size)
        return Source("parquet", lambda types: reading(libraries("polars"), file))
    if begins[:6] == ARROW or ending in FEATHER:
        if size > MOST_PACKED:
            return Source("arrow", lambda types: arrow_in_parts(libraries("polars"), file, size=size))
        return Source("arrow", lambda types: arrow(libraries("polars"), file, begins))
    if ending in WORKBOOKS and not packed:
        return whole("excel", size, lambda types: workbook(libraries, file, types))
    read = delimited if ending in SEPARATORS else json_lines if ending in LINES else None
    if read is None:
        return None
    part = f"the first {MOST_TEXT >> 30} GiB of {size >> 30} GiB" if size > MOST_TEXT else ""
    return Source(
        "json lines" if ending in LINES else ending,
        lambda types: read(libraries("polars"), opened(file, packed), SEPARATORS.get(ending, ""), types),
        part,
    )


def whole(kind: str, size: int, read: Callable[[Types | None], Iterator[Any]]) -> Source:
    """A format that is read from memory."""
    if size > MOST_PACKED:
        raise Unreadable(
            f"A profile of this format needs a file of at most {MOST_PACKED >> 20} MiB: cut it into several."
        )
    return Source(kind, read)


def opened(file: Any, packed: bool) -> Any:
    file.seek(0)
    return gzip.GzipFile(fileobj=file) if packed else file


# ------------------------------------------------------------------ text


def delimited(polars: Any, file: Any, separator: str, types: Types | None) -> Iterator[Any]:
    pieces = blocks(file, MOST_TEXT, 2 * BLOCK)
    first = next(pieces, b"")
    if not first.strip():
        return
    shape = shape_of(first, separator)
    names = unlike(shape.header)
    for piece in chain_first(first, pieces):
        skip = shape.named and piece is first
        frame = parsed(polars, piece, shape, names, skip, types)
        if not frame.width:  # a header alone
            frame = polars.DataFrame(schema=types or dict.fromkeys(names, polars.Null))
        types = types or dict(frame.schema)
        yield fitting(polars, frame, types)


def unlike(header: list[str]) -> list[str]:
    """Names that differ from each other and are not empty."""
    seen: dict[str, int] = {}
    names = []
    for place, name in enumerate(header, start=1):
        name = name[:200] or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({place})")
    return names


def parsed(polars: Any, block: bytes, shape: Shape, names: list[str], skip: bool, types: Types | None) -> Any:
    """A block with its types, or, when it does not fit them, with its own. Looking for words that mean
    "missing" in every field triples what reading costs, so that is done only where numbers are none."""
    for words in ([], MISSING):
        try:
            return typed(polars, read_csv(polars, block, shape, names, skip, types, words), types)
        except (polars.exceptions.PolarsError, OverflowError, ValueError):
            continue
    return typed(polars, as_texts(polars, block, shape, names, skip), None)


def read_csv(
    polars: Any,
    block: bytes,
    shape: Shape,
    names: list[str],
    skip: bool,
    types: Types | None,
    words: list[str],
) -> Any:
    """Days and moments are read as texts: converting them here costs three times as much as all the rest. An
    empty line is a row of nothing here, and looked for only where there is such a row."""
    texts = {
        name: polars.String if kind == polars.Null or kind.is_temporal() else kind
        for name, kind in (types or {}).items()
    }
    block = in_utf8(block, shape)
    frame = cells(polars, block, shape, names, skip, texts, words)
    if frame.width and frame.to_series(0).null_count() and may_have_blank_lines(block, shape):
        bare = without_blank_lines(block)
        frame = frame if bare is block else cells(polars, bare, shape, names, skip, texts, words)
    return frame


def cells(
    polars: Any,
    block: bytes,
    shape: Shape,
    names: list[str],
    skip: bool,
    texts: Types,
    words: list[str],
) -> Any:
    return polars.read_csv(
        io.BytesIO(block),
        has_header=False,
        skip_rows=1 if skip else 0,
        separator=shape.separator,
        new_columns=None if texts else names,
        schema=texts or None,
        infer_schema_length=1_000,
        null_values=words or None,
        truncate_ragged_lines=True,
        raise_if_empty=False,
    )


def typed(polars: Any, frame: Any, types: Types | None) -> Any:
    """Texts that mean "missing" are missing; what is not known to be text is told by what it holds."""
    texts = [name for name, kind in frame.schema.items() if kind == polars.String]
    floats = [name for name, kind in frame.schema.items() if kind.is_float()]
    held = polars.col(with_short_ones(polars, frame, texts))
    frame = frame.with_columns(
        polars.when(held.is_in(MISSING)).then(None).otherwise(held).name.keep(),
        polars.col(floats).fill_nan(None),
    )
    known = {name: (types or {}).get(name, polars.Null) for name in texts}
    return frame.with_columns(
        narrowed(polars, frame, name, time=kind.is_temporal())
        for name, kind in known.items()
        if kind != polars.String
    )


def with_short_ones(polars: Any, frame: Any, texts: list[str]) -> list[str]:
    """Those with a text as short as the words that mean "missing": looking for these takes longer."""
    if not texts:
        return []
    least = frame.select(polars.col(texts).str.len_bytes().min()).row(0, named=True)
    return [name for name in texts if least[name] is not None and least[name] <= LONGEST_MISSING]


def as_texts(polars: Any, block: bytes, shape: Shape, names: list[str], skip: bool) -> Any:
    texts = dict.fromkeys(names, polars.String)
    try:
        return read_csv(polars, block, shape, names, skip, texts, [])
    except polars.exceptions.PolarsError:
        return from_fields(polars, block, shape, names, skip)


def narrowed(polars: Any, texts: Any, name: str, *, time: bool = False) -> Any:
    """A column of texts as the narrowest type that all its values are; `time`: so far they were times."""
    column = texts.get_column(name)
    if column.null_count() == texts.height:
        return polars.lit(None).alias(name)
    if column.dtype != polars.String:
        return column
    for kind in () if time else (polars.Int64, polars.Float64):
        cast = column.cast(kind, strict=False)
        if cast.null_count() == column.null_count():
            return cast
    return dated(polars, column)


def dated(polars: Any, column: Any) -> Any:
    """A column of texts as days or moments when all of them are; otherwise as it is. Of one form at best:
    the others take longer."""
    first = column.drop_nulls().head(1).to_list()[0]
    form = form_of(first)
    if form:
        moments = column.str.to_datetime(form, time_unit="us", strict=False, cache=False)
        if moments.null_count() == column.null_count():
            return moments
    if column.str.contains(DATE).all():
        return fully(column, column.str.to_date("%Y-%m-%d", strict=False))
    if column.str.contains(TIME).all():
        plain = column.str.replace("T", " ").str.replace(r"(Z|[+-]\d{2}:?\d{2})$", "")
        return fully(column, plain.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False))
    return column


def form_of(text: str) -> str:
    """How a moment is written, for polars; empty when it is none."""
    if not MOMENT.fullmatch(text):
        return ""
    return f"%Y-%m-%d{text[10]}%H:%M:%S" + ("%.3f" if len(text) == 23 else "%.f" if len(text) > 19 else "")


def fully(before: Any, after: Any) -> Any:
    return after if after.null_count() == before.null_count() else before


def json_lines(polars: Any, file: Any, _: str, types: Types | None) -> Iterator[Any]:
    """Each line is an object; a block is read with its own types and then made to fit."""
    for piece in blocks(file, MOST_TEXT, BLOCK, quoted=False):
        try:
            frame = polars.read_ndjson(io.BytesIO(piece), infer_schema_length=None)
        except refusals(polars) as error:
            raise Unreadable(why_no_lines(piece)) from error
        types = types or dict(frame.schema)
        yield fitting(polars, frame, types)


def why_no_lines(block: bytes) -> str:
    """What is wrong with lines that polars does not take."""
    large: set[bool] = set()
    read = partial(
        json.loads,  # a number may have many digits, of which a whole one is never made
        parse_int=lambda text: large.add(abs(float(text)) >= LARGEST_WHOLE),
        parse_float=lambda text: large.add(isinf(float(text))),
        parse_constant=no_constant,
    )
    for line in block.splitlines():
        try:
            if line.strip() and not isinstance(read(line), dict):
                return NO_LINES
        except (ValueError, RecursionError):
            return NO_LINES
    return TOO_LARGE if True in large else MIXED


def no_constant(name: str) -> Any:
    """NaN and Infinity are Python's, and not JSON's."""
    raise ValueError(name)


# ------------------------------------------------------------------ read from memory


def parquet(polars: Any, file: Any) -> Iterator[Any]:
    return sliced(polars, lambda: polars.scan_parquet(in_memory(file)), "Parquet file")


def parquet_in_parts(polars: Any, file: Any, *, size: int) -> Iterator[Any]:
    """One row group after the other."""
    empty = True
    for group in files(file, size):
        for frame in sliced(polars, partial(polars.scan_parquet, group), "Parquet file"):
            empty = False
            yield frame
    if empty:
        raise Unreadable("This Parquet file has no row group: write the file again.")


def arrow(polars: Any, file: Any, begins: bytes) -> Iterator[Any]:
    """The format with a footer, or, without its mark, the one of a stream."""
    if begins[:6] == ARROW:
        return sliced(polars, lambda: polars.scan_ipc(in_memory(file)), "Arrow file")
    return sliced(polars, lambda: polars.read_ipc_stream(in_memory(file)).lazy(), "Arrow file")


def arrow_in_parts(polars: Any, file: Any, *, size: int) -> Iterator[Any]:
    """One record batch after the other."""
    empty = True
    for stream in streams(file, size):
        for frame in sliced(polars, partial(of_stream, polars, stream), "Arrow file"):
            empty = False
            yield frame
    if empty:
        raise Unreadable("This Arrow file has no record batch: write the file again.")


def of_stream(polars: Any, stream: io.BytesIO) -> Any:
    return polars.read_ipc_stream(stream).lazy()


def in_memory(file: Any) -> io.BytesIO:
    file.seek(0)
    return io.BytesIO(file.read())


def sliced(polars: Any, scan: Callable[[], Any], what: str) -> Iterator[Any]:
    try:
        table = scan()
        rows = table.select(polars.len()).collect().item()
        for start in range(0, max(rows, 1), SLICE):
            yield table.slice(start, SLICE).collect()
    except refusals(polars) as error:
        said = (
            KEYS if "dictionary key" in str(error) else f"This {what} cannot be read: write the file again."
        )
        raise Unreadable(said) from error


def workbook(libraries: Callable[[str], Any], file: Any, types: Types | None) -> Iterator[Any]:
    """The first sheet; its first row names the columns."""
    polars, calamine = libraries("polars"), libraries("python_calamine")
    content = in_memory(file)
    refuse_bomb(content)
    try:
        sheet = calamine.load_workbook(content).get_sheet_by_index(0).to_python()
    except Exception as error:  # calamine has an exception for each format
        raise Unreadable("This workbook cannot be read: save it again, or save it as CSV.") from error
    if not sheet:
        return
    names = unlike([str(cell).strip() for cell in sheet[0]])
    cells = [[plain(cell) for cell in row] for row in sheet[1:]]
    texts = polars.DataFrame(cells, schema=dict.fromkeys(names, polars.String), orient="row")
    meant = {name for name, kind in (types or {}).items() if kind == polars.String}
    frame = texts.with_columns(narrowed(polars, texts, name) for name in names if name not in meant)
    yield fitting(polars, frame, types or dict(frame.schema))


def plain(cell: Any) -> str | None:
    """A cell as a CSV would have it."""
    if cell == "" or cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)


def refuse_bomb(content: io.BytesIO) -> None:
    if zipfile.is_zipfile(content):
        with zipfile.ZipFile(content) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable("This workbook unpacks to more than 256 MiB: save it as CSV.")
    content.seek(0)


# ------------------------------------------------------------------ types


def fitting(polars: Any, frame: Any, types: Types) -> Any:
    """The frame with these types; `Widened` when it does not fit them."""
    if dict(frame.schema) == types:
        return frame
    wider = {name: wide(polars, types.get(name), kind) for name, kind in {**types, **frame.schema}.items()}
    wider = {name: wide(polars, kind, frame.schema.get(name)) for name, kind in wider.items()}
    if wider != types:
        raise Widened(wider)
    missing = [polars.lit(None).alias(name) for name in types.keys() - frame.schema.keys()]
    return frame.with_columns(missing).select(polars.col(name).cast(kind) for name, kind in types.items())


def wide(polars: Any, one: Any, other: Any) -> Any:
    """A type that holds the values of both."""
    if one is None or other is None or one == other:
        return other if one is None else one
    if polars.Null in (one, other):
        return other if one == polars.Null else one
    if one.is_integer() and other.is_integer():
        return polars.Int64
    if one.is_numeric() and other.is_numeric():
        return polars.Float64
    if one.is_temporal() and other.is_temporal() and polars.Time not in (one, other):
        return polars.Datetime("us")
    return polars.String
