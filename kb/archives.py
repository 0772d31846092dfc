"""Articles as a zip of Markdown files: what goes out and comes in again is the same, byte by byte.

Each file begins with front matter, one line of JSON for each field; a plain folder of Markdown needs none.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from governance.errors import Invalid, Problem, TooLarge
from governance.names import check_path, check_slug
from kb.models import Article
from kb.models.articles import LONGEST

MOST_FILES = 10_000
MOST_AT_ONCE, MOST_BYTES_AT_ONCE = 1000, 16 << 20  # articles, and bytes of a zip, that one request takes in
AT_A_TIME = 50  # articles that an export holds in memory
MOST_UNPACKED = 64 << 20
MOST_BYTES = 72 << 20  # of the zip: of what cannot be packed, with the names of all its files
BLOCK = 1 << 20  # bytes that are looked through at once
MOST_OF_ONE = 4 * LONGEST  # bytes: of a character UTF-8 makes up to four
FRONT = re.compile(r"---\n(?P<lines>(?:[a-z]+: [^\n]*\n)*)---\n\n?(?P<text>.*)", re.DOTALL)
HEADING = re.compile(r"^#[ \t]+([^\s#].*)$", re.MULTILINE)
ENTRY = b"PK\x01\x02"  # what each entry begins with, where a zip lists them
EPOCH = (1980, 1, 1, 0, 0, 0)  # when there was no time yet, for a zip


@dataclass(frozen=True)
class Written:
    """An article as a file has it."""

    slug: str
    title: str
    text: str
    labels: list[str] = field(default_factory=list)


# ------------------------------------------------------------------ out


def packed(articles: Iterable[Article]) -> bytes:
    """The same articles in the same order make the same bytes, whoever asks for them. What goes out is never
    more than comes in."""
    stream, total = io.BytesIO(), 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for place, article in enumerate(articles):
            content = as_file(article).encode()
            total += len(content)
            if place == MOST_FILES or total > MOST_UNPACKED:
                raise TooLarge(
                    f"A zip has at most {MOST_FILES:,} articles and {MOST_UNPACKED >> 20} MiB: fetch parts, "
                    "with ?most= so many and &after= the last name of the part before."
                )
            entry = zipfile.ZipInfo(f"{article.slug}.md", EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return stream.getvalue()


def as_file(article: Article) -> str:
    said = {"title": article.title, "labels": article.labels}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items()]
    return f"---\n{''.join(lines)}---\n\n{article.text}"


# ------------------------------------------------------------------ in


@dataclass(frozen=True)
class Found:
    """One file of a zip: an article, or why it is none."""

    path: str
    slug: str = ""
    written: Written | None = None
    problem: str = ""
    size: int = 0
    """Bytes that were unpacked to know it."""


def unpacked(content: bytes) -> list[Written]:
    """The articles of a zip, or `Invalid`: all of it is understood before anything is stored."""
    taken = []
    for found in surveyed(io.BytesIO(content), MOST_AT_ONCE):
        if found.written is None:
            raise Invalid(found.problem)
        taken.append(found.written)
    return taken


def surveyed(file: BinaryIO, most: int = MOST_FILES) -> Iterator[Found]:
    """Every file of a zip, one after the other. Raises what is wrong with the whole of it."""
    if file.seek(0, io.SEEK_END) > MOST_BYTES:
        raise TooLarge(f"A zip of articles has at most {MOST_BYTES >> 20} MiB.")
    if entries_of(file) > 2 * most:  # folders and all: a list of entries takes far more room than its zip
        raise TooLarge(f"A zip has at most {most:,} articles.")
    try:
        with zipfile.ZipFile(file) as archive:
            yield from files_of(archive, most)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise Invalid(f"This zip cannot be read: {str(error)[:200]}") from error
    except zlib.error as error:
        raise Invalid("This zip cannot be read: a file in it is damaged.") from error


def entries_of(file: BinaryIO) -> int:
    """How many entries a zip may list, at most: what is packed in it may look like one, too."""
    file.seek(0)
    found, end = 0, b""
    while block := file.read(BLOCK):
        found += (end + block).count(ENTRY)
        end = (end + block)[1 - len(ENTRY) :]
    return found


def files_of(archive: zipfile.ZipFile, most: int) -> Iterator[Found]:
    entries = [
        entry for entry in archive.infolist() if not entry.is_dir() and not of_a_mac(entry.orig_filename)
    ]
    if len(entries) > most:
        raise TooLarge(f"A zip has at most {most:,} articles.")
    if not entries:
        raise Invalid("This zip holds no file.")
    paths = [check_path(entry.orig_filename) for entry in entries]
    slugs = Counter(slug_of(path) for path in paths)
    total = 0
    for entry, path in zip(entries, paths, strict=True):
        found = one(archive, entry, path, twice=slugs[slug_of(path)] > 1)
        total += found.size
        if total > MOST_UNPACKED:
            raise TooLarge(f"A zip unpacks to at most {MOST_UNPACKED >> 20} MiB.")
        yield found


def of_a_mac(path: str) -> bool:
    """What macOS adds to every zip, and to folders, besides the files."""
    return path.startswith("__MACOSX/") or path.endswith(".DS_Store")


def one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, *, twice: bool) -> Found:
    slug, size = slug_of(path), 0
    try:
        if not path.lower().endswith((".md", ".markdown")):
            raise Invalid(f"{path} is no Markdown: only files that end in .md come in.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Invalid(f"{path} is packed in a way that is not read here: use plain zip.")
        if twice:
            raise Invalid(f"Two files of this zip become the article {slug}: {path} is one of them.")
        size = MOST_OF_ONE  # as far as it is unpacked when it is too long
        content = contents(archive, entry, path)
        size = len(content)
        return Found(path, slug, understood(path, content), size=size)
    except Problem as problem:
        return Found(path, slug, problem=problem.sentence, size=size)


def contents(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str) -> bytes:
    """As far as an article may go: how long it says it is may be a lie."""
    with archive.open(entry) as file:
        content = file.read(MOST_OF_ONE + 1)
    if len(content) > MOST_OF_ONE:
        raise TooLarge(f"{path} is longer than an article may be.")
    return content


def understood(path: str, content: bytes) -> Written:
    """With front matter as it says; without it by its first heading, or by its name."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not text in UTF-8.") from None
    whole, slug = PurePosixPath(path), slug_of(path)
    found = FRONT.fullmatch(text)
    if found is None:
        heading = HEADING.search(text)
        written = heading[1].rstrip().rstrip("#").rstrip() if heading else ""
        title = written or whole.stem.replace("-", " ").capitalize()
        return Written(named(slug, path), title[:200], text)
    said = {name: value for name, _, value in (line.partition(": ") for line in found["lines"].splitlines())}
    title, labels = value_of(said, "title", path), value_of(said, "labels", path)
    if not isinstance(title, str) or not isinstance(labels, list):
        raise Invalid(f"{path}: its title is a text, and its labels are a list of texts.")
    return Written(named(slug, path), title, found["text"], [str(each) for each in labels])


def value_of(said: dict[str, str], name: str, path: str) -> object:
    try:
        value = json.loads(said.get(name, "null"))
    except (ValueError, RecursionError):
        value = said[name].strip()  # as people write YAML by hand
    if name == "labels" and not isinstance(value, list):
        return [] if value is None else [str(value)]
    if name == "title" and value is None:
        raise Invalid(f"{path}: its front matter has no title.")
    return value


def slug_of(path: str) -> str:
    whole = str(PurePosixPath(path).with_suffix(""))
    return slugify(whole.replace("/", "-"))[:100].strip("-")


def named(slug: str, path: str) -> str:
    try:
        check_slug(slug)
    except ValidationError as error:
        raise Invalid(f"{path} gives no name for an article: use letters and digits.") from error
    return slug
