"""One folder of a version: what lies right in it. However many files there are, it takes the same queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db.models import CharField, Count, Func, Max, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Collate, StrIndex, Substr

from governance import paging
from governance.templatetags.files import Row
from governance.templatetags.words import counted
from registry.models import Severity, Version
from registry.presenting.addresses import of_version
from registry.presenting.contents import COLOURS, FileRow, file_rows
from registry.presenting.words import NOT_EVALUATED, Counts, counted_by, in_words

MOST_FOLDERS = 200
SIZE = 100


@dataclass
class Folder:
    """`path` is empty or ends with a slash."""

    path: str
    rows: list[Row]
    more_folders: bool
    page: paging.Page[Any]


class SplitPart(Func):
    function = "split_part"
    output_field = CharField()


def folder(version: Version, path: str = "", cursor: str = "") -> Folder:
    """Folders first, on the first page only; then files."""
    inside = version.files.filter(path__startswith=path) if path else version.files.all()
    inside = inside.annotate(slash=StrIndex(Substr("path", len(path) + 1), Value("/"))).order_by()
    below = [] if cursor else list(folders(inside, path))
    page = paging.page(inside.filter(slash=0).select_related("blob"), "path", cursor=cursor, size=SIZE)
    found = marks(version, path) if below and not version.is_draft else {}
    rows = [of_folder(version, path, each, found) for each in below[:MOST_FOLDERS]]
    rows += [of_file(row) for row in file_rows(version, page.rows)]
    return Folder(path, rows, len(below) > MOST_FOLDERS, page)


def folders(inside: QuerySet[Any], path: str) -> QuerySet[Any, Any]:
    """Each folder with its files, their bytes, and the first and the last path in it."""
    named = inside.filter(slash__gt=0).annotate(head=head(path))
    plain = Collate("path", "C")
    each: QuerySet[Any, Any] = named.values("head").annotate(
        files=Count("pk"), bytes=Sum("blob__size"), first=Min(plain), last=Max(plain)
    )
    return each.order_by("head")[: MOST_FOLDERS + 1]


def head(path: str, field: str = "path") -> Func:
    return SplitPart(Substr(field, len(path) + 1), Value("/"), Value(1))


def of_folder(
    version: Version, path: str, found: Mapping[str, Any], marks: Mapping[str, tuple[str, str]]
) -> Row:
    """Where it holds nothing but one folder, both at once."""
    whole = common(found["first"], found["last"])
    state, word = marks.get(found["head"], ("", counted(found["files"], "file")))
    more = f"{of_version(version, 'files')}?folder={quote(whole, safe='')}"
    return Row(whole[len(path) :].rstrip("/"), whole, found["bytes"], state, word, more=more)


def common(first: str, last: str) -> str:
    """The folder that the first and the last path share; all paths between them share it too."""
    shared = 0
    for one, other in zip(first, last, strict=False):
        if one != other:
            break
        shared += 1
    return first[: first.rfind("/", 0, shared) + 1]


def of_file(row: FileRow) -> Row:
    return Row(row.name, row.path, row.size, row.state, row.word, row.href, row.fetch, row.sha256)


def marks(version: Version, path: str) -> dict[str, tuple[str, str]]:
    """State and word of each folder in which something was found, or was not evaluated."""
    found = counted_by(Q(version=version, path__startswith=path), head(path))
    return {name: mark for (name,), counts in found.items() if (mark := marked(counts))}


def marked(counts: Counts) -> tuple[str, str] | None:
    worst = max((severity for severity in counts if severity > Severity.INFO), default=None)
    if worst is not None:
        return COLOURS[Severity(worst)], in_words(counts)
    return ("neutral", in_words(counts)) if counts.get(NOT_EVALUATED) else None


def steps(version: Version, path: str) -> list[tuple[str, str]]:
    """The folders on the way to this one, with their addresses."""
    names = path.rstrip("/").split("/") if path else []
    return [
        (name, f"{of_version(version, 'files')}?folder={quote('/'.join(names[: place + 1]), safe='')}")
        for place, name in enumerate(names)
    ]
