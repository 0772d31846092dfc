"""Files by path, as the tree that a page shows: a folder says the worst of what lies in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

WORST_FIRST = ("blocked", "warn", "info", "neutral", "good")

ABOUT = ("state", "word", "href", "fetch", "sha256")


@dataclass
class Row:
    """A file or a folder. `state` and `word` are its badge; a folder's are worked out."""

    name: str
    path: str
    size: int = 0
    state: str = ""
    word: str = ""
    href: str = ""
    fetch: str = ""
    sha256: str = ""
    more: str = ""
    """Of a folder that is not filled: where its rows are."""
    rows: list[Row] = field(default_factory=list)

    @property
    def leaves(self) -> list[Row]:
        return [leaf for row in self.rows for leaf in row.leaves] if self.rows else [self]


def tree(files: Iterable[Any]) -> list[Row]:
    """Anything with `path`, `size`, and perhaps the other fields of a row; folders first, then by name. A
    folder that holds nothing but a folder is one row with it."""
    root = Row("", "")
    folders = {"": root}
    for file in files:
        path = str(_of(file, "path"))
        above = _folder(folders, path.rpartition("/")[0])
        name = path.rpartition("/")[2]
        about: dict[str, Any] = {key: _of(file, key) or "" for key in ABOUT}
        above.rows.append(Row(name, path, int(_of(file, "size") or 0), **about))
    _settle(root)
    return root.rows


def _of(file: Any, key: str) -> Any:
    return file.get(key) if isinstance(file, Mapping) else getattr(file, key, None)


def _folder(folders: dict[str, Row], path: str) -> Row:
    """The folder of a path, made together with those above it (at most 40: `names.check_path`)."""
    if path not in folders:
        above, _, name = path.rpartition("/")
        folders[path] = Row(name, path)
        _folder(folders, above).rows.append(folders[path])
    return folders[path]


def _joined(row: Row) -> Row:
    """A folder, or the first one below it that holds more than a folder, by both names."""
    name = row.name
    while len(row.rows) == 1 and row.rows[0].rows:
        row = row.rows[0]
        name = f"{name}/{row.name}"
    row.name = name
    return row


def _settle(folder: Row) -> None:
    """From the deepest up: sizes add, the worst state counts."""
    folder.rows = [_joined(row) for row in folder.rows]
    for row in folder.rows:
        if row.rows:
            _settle(row)
    folder.rows.sort(key=lambda row: (not row.rows, row.name.lower()))
    folder.size = sum(row.size for row in folder.rows)
    leaves = folder.leaves
    folder.state = min((leaf.state for leaf in leaves if leaf.state), key=WORST_FIRST.index, default="")
    worst = [leaf for leaf in leaves if leaf.state == folder.state]
    said = {leaf.word for leaf in worst}
    countable = len(said) == 1 and not worst[0].word[:1].isdigit()
    folder.word = f"{len(worst)} {worst[0].word.lower()}" if countable else f"{len(worst)} of {len(leaves)}"
