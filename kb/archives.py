"""Articles as a zip of Markdown files: what goes out and comes in again is the same, byte by byte.

Each file begins with front matter, one line of JSON for each field; a plain folder of Markdown needs none.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from governance.errors import Invalid, TooLarge
from governance.names import check_path, check_slug
from kb.models import Article
from kb.models.articles import LONGEST

MOST_FILES = 1000
MOST_BYTES = 16 << 20  # of the zip
MOST_UNPACKED = 64 << 20
MOST_OF_ONE = 4 * LONGEST  # bytes: of a character UTF-8 makes up to four
FRONT = re.compile(r"---\n(?P<lines>(?:[a-z]+: [^\n]*\n)*)---\n\n?(?P<text>.*)", re.DOTALL)
HEADING = re.compile(r"^#[ \t]+([^\s#].*)$", re.MULTILINE)
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
    """The same articles in the same order make the same bytes, whoever asks for them."""
    stream, total = io.BytesIO(), 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for place, article in enumerate(articles):
            total += len(article.text)
            if place == MOST_FILES or total > MOST_UNPACKED:
                raise TooLarge(f"A zip has at most {MOST_FILES:,} articles and {MOST_UNPACKED >> 20} MiB.")
            entry = zipfile.ZipInfo(f"{article.slug}.md", EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, as_file(article).encode())
    return stream.getvalue()


def as_file(article: Article) -> str:
    said = {"title": article.title, "labels": article.labels}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items()]
    return f"---\n{''.join(lines)}---\n\n{article.text}"


# ------------------------------------------------------------------ in


def unpacked(content: bytes) -> list[Written]:
    """The articles of a zip, or `Invalid`: all of it is understood before anything is stored."""
    if len(content) > MOST_BYTES:
        raise TooLarge(f"A zip of articles has at most {MOST_BYTES >> 20} MiB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [*taken(archive)]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise Invalid(f"This zip cannot be read: {str(error)[:200]}") from error
    except zlib.error as error:
        raise Invalid("This zip cannot be read: a file in it is damaged.") from error


def taken(archive: zipfile.ZipFile) -> Iterable[Written]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise TooLarge(f"A zip has at most {MOST_FILES:,} articles.")
    total, slugs = 0, set()
    for entry in entries:
        path = check_path(entry.orig_filename)
        if not path.endswith((".md", ".markdown")):
            raise Invalid(f"{path} is no Markdown: only files that end in .md come in.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Invalid(f"{path} is packed in a way that is not read here: use plain zip.")
        content = contents(archive, entry, path)
        total += len(content)
        if total > MOST_UNPACKED:
            raise TooLarge(f"A zip unpacks to at most {MOST_UNPACKED >> 20} MiB.")
        written = understood(path, content)
        if written.slug in slugs:
            raise Invalid(f"Two files of this zip become the article {written.slug}.")
        slugs.add(written.slug)
        yield written


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
    whole = PurePosixPath(path)
    slug = slugify(str(whole.with_suffix("")).replace("/", "-"))[:100].strip("-")
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


def named(slug: str, path: str) -> str:
    try:
        check_slug(slug)
    except ValidationError as error:
        raise Invalid(f"{path} gives no name for an article: use letters and digits.") from error
    return slug
