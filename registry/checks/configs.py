"""Settings, templates and markup: JSON, YAML, TOML, Jinja and XML say what a model is, and run nothing.

Found by what they hold, whatever they are called; in archives too. What is only data (long lists, tables) is
passed over quickly.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

from registry.checks import MIB, Issue, check
from registry.formats.names import TEXT
from registry.formats.texts import wide_encoding
from registry.parsers import (
    Malformed,
    html_texts,
    runners,
    settings,
    strict_json,
    targets,
    templates,
    words,
    xml_texts,
    yaml_texts,
)
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part, whole
from registry.parsers.telling import ANEW, strict

LARGEST = 8 * MIB
LARGEST_DATA = 64 * MIB
LARGEST_SETTINGS = MIB
UNREAD = "="  # no TOML: a reader takes seventy times as much memory as the text
YAML_NAMES = frozenset({"mlmodel", "dvc.lock", ".condarc", ".clang-format"})
CODE = words(
    """
    c cc cpp cxx cu cuh h hpp java go rs ts tsx jsx r jl sql m mm swift kt scala lua pl rb php cs sh bash
    zsh pyx pxd tp tpl
    """
)
PROSE = CODE | frozenset(
    {"md", "markdown", "rst", "html", "htm", "ipynb", "py", "js", "css", "csv", "tsv", "tex"}
)
PAGES = frozenset({"html", "htm", "xhtml", "md", "markdown", "rst", "qmd", "rmd"})
# In prose and pages, which have templates of their own kind.
UNMISTAKABLE = frozenset(
    {"template_dunder", "template_pieces", "template_escape", "template_frame", "template_size"}
)
MARKUP = frozenset({"xml", "pmml", "svg", "xsl", "xslt", "xhtml", "mathml", "dtd"})
# Files of words, in which any text may stand.
WORDS = frozenset(
    {"tokenizer.json", "vocab.json", "vocab.txt", "merges.txt", "added_tokens.json", "wordmap.json"}
)
TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]', re.S)
OF_WORDS = frozenset({b'"model"', b'"added_tokens"'})
KEYS = re.compile(
    rb'"(?:auto_map|_target_|trust_remote_code|custom_pipelines|chat_template|[a-z_]{0,20}\\\\u00[2-7][0-9a-f][a-z_]{0,20})"\s*:'
)
RUNS = re.compile(rb"""__import__\s*\(\s*['"]|\bos\.(?:system|popen)\s*\(\s*['"]""")
RUNNERS = re.compile(
    rb"^[ \t\-\"']*(?:class|factory|callable|func|function|handler|entry_point|target)\b|_PRELOAD"
    rb"|STARTUP|BASH_ENV",
    re.M,
)
# Of other engines: FreeMarker, Velocity, ERB and EJS, Handlebars, Pug. Sources: J. Kettle, "Server-Side
# Template Injection" (2015); M. Mirza, "Handlebars template injection and RCE" (2019).
OTHER_TEMPLATES = re.compile(
    rb"freemarker\.template\.utility\.(?:Execute|ObjectConstructor|JythonRuntime)|#set\s*\([^\n]{0,200}\.forName\s*\(|"
    rb"\.getClass\(\)\s*\.\s*forName\s*\(|<%[=-]?\s*(?:`|system\b|exec\b|IO\.popen|File\.(?:open|read)|import\s+os\b)|"
    rb"\blookup\b[^}\n]{0,80}[\"']constructor[\"']|\bmainModule\s*\.\s*require\b|\bT\(java\.lang\.Runtime\)"
)
PYTHON_LAYER = re.compile(rb"""\btype\s*:\s*["']Python["']|\bpython_param\s*\{""")
ABOUT = re.compile(
    r"(?:readme|licen[sc]es?|notice|changelog|security)(?:[._-][a-z]{2}(?:[-_][a-z]{2,4})?)?(?:\.(?:md|markdown|txt|rst|html?))?"
)
# Code that a page about a model shows, also of attacks: in a block, in a line, or indented.
SHOWN = re.compile(r"^(```|~~~)(?s:.*?)^\1|`[^`\n]*`|^(?: {4}|\t).*$", re.MULTILINE)
MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
GIN = re.compile(
    r"^[^\S\n]*(?:import|from)\s+([A-Za-z_][\w.]*)|@(?:[\w-]+/)*([A-Za-z_]\w*(?:\.\w+)+)", re.MULTILINE
)
NAMED = re.compile(
    rb"auto_map|_target_|trust_remote_code|custom_pipeline|chat_template|class_path|class_name|loader_module|"
    rb"!!?ruby/|!!js/|!!javax?\.|!include\b|\{\{|\{%|!!python|!python/|tag:yaml|%TAG|__class__|py/(?:object|reduce|repr|type|function|newargsex)|__reduce|"
    rb"[\"'][@$](?:type|class)[\"']"
)


# One of these stands in all that `NAMED` finds: to look for them first is ten times faster.
NAMED_WITH = tuple(
    word.encode()
    for word in words(
        """
        auto_map _target_ trust_remote_code custom_pipeline chat_template class_path class_name loader_module
        {{
        {% !ruby/ !!js/ !!java !include
        !!python !python/ tag:yaml %TAG __class__ py/ __reduce @type $type @class $class
        """
    )
)


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=120, memory=1024 * MIB)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if look := judge_of(part):
        issues = strict(part, part.extension.upper() or "text", look)
        yield from {issue.name: issue for issue in issues}.values()


def names_something(data: bytes) -> bool:
    return any(word in data for word in NAMED_WITH) and bool(NAMED.search(data))


def judge_of(part: Part) -> Any:
    """The reader for what this is; nothing for what is no text."""
    if part.format not in TEXT and part.format != "unknown":
        return None
    if part.format == "html" or part.extension in PAGES:
        return in_page
    if part.extension in MARKUP or part.ends.head.lstrip()[:5] == b"<?xml":
        return in_xml
    return BY_NAME.get(part.extension) or (in_yaml if part.base in YAML_NAMES else judge_of_text(part))


def judge_of_text(part: Part) -> Any:
    if part.format == "unknown" and part.extension not in {"json", "jsonl"}:
        return None
    if part.format in {"json", "jsonl"} or part.extension in {"json", "jsonl"}:
        return in_json
    return None if part.extension in PROSE or part.format == "html" else in_text


def in_json(part: Part) -> Iterator[Issue]:
    """Settings are judged in full; a large file of data only where it holds one of the keys that matter."""
    if part.size > LARGEST or part.base in WORDS:
        yield from in_large(part)
        return
    text = decoded(whole(part, LARGEST))
    if part.format == "jsonl" or part.extension == "jsonl":
        yield from in_rows(text, part.path)
        return
    try:
        value = strict_json.loads(text)
    except strict_json.Repeated:
        yield repeated(part)
        value = strict_json.lenient(text)
    except strict_json.TooDeep as error:
        raise Malformed("is nested too deeply to be read.") from error
    except strict_json.Crowded:
        yield from in_crowded(part, text)
        return
    except ValueError:
        yield from in_broken(part, text)
        return
    yield from settings.judge(value, part.path, data=is_data(value, part))


def in_crowded(part: Part, text: str) -> Iterator[Issue]:
    """Rows of data, or settings hidden among them: no settings have so many tables."""
    if names_something(text.encode("utf-8", "replace")):
        yield large_settings(part)
    yield from runners.in_lines(text, part.path)


def is_data(value: Any, part: Part) -> bool:
    """Rows, or more than settings ever are: any text may stand there."""
    return not isinstance(value, dict) or part.size > LARGEST_SETTINGS


def repeated(part: Part) -> Issue:
    """Where code is chosen by a key, two of it hide one; elsewhere they are only untidy."""
    hides = names_something(part.ends.head)
    said = "The same key stands twice in one table, of which readers take different ones"
    return Issue("high" if hides else "medium", f"{said}: leave one.", "repeated_key", part.path)


def in_broken(part: Part, text: str) -> Iterator[Issue]:
    """No JSON, though its name says so; lenient readers (JSON5, YAML) may still make something of it."""
    yield from of_documents(text, part)
    yield from runners.in_lines(text, part.path)
    if part.extension == "json" and part.format != "jsonl":
        yield Issue("medium", f"It is no JSON that can be read: {ANEW}", "no_json", part.path)


def of_documents(text: str, part: Part) -> Iterator[Issue]:
    """As YAML; what cannot be read so to its end, by its lines."""
    documents, issues = yaml_texts.read(text, part.path)
    yield from issues
    for document in documents:
        yield from settings.judge(document, part.path, data=not isinstance(document, dict))
    yield from () if documents else runners.in_lines(text, part.path)


def in_rows(text: str, place: str) -> Iterator[Issue]:
    """Rows of data: only those that look like settings."""
    told: set[str] = set()
    for line in text.splitlines():
        if not names_something(line.encode("utf-8", "replace")):
            continue
        try:
            issues = list(settings.judge(strict_json.lenient(line), place, data=True))
        except ValueError:
            continue
        yield from (issue for issue in issues if issue.name not in told)
        told.update(issue.name for issue in issues)


def in_large(part: Part) -> Iterator[Issue]:
    """Too large for settings: read once, for the keys that matter."""
    part.file.seek(0)
    last, seen = b"", 0
    while block := part.file.read(4 * MIB):
        seen += len(block)
        if re.search(KEYS, last + block):
            if part.base in WORDS and part.size <= LARGEST_DATA:
                yield from only_tables(part)
                return
            yield large_settings(part)
            return
        last = block[-64:]


def large_settings(part: Part) -> Issue:
    said = "It is too large for settings, and holds some: part it."
    return Issue("high", said, "large_settings", part.path)


def only_tables(part: Part) -> Iterator[Issue]:
    """In a file of words the keys may be words: look at what stands beside them."""
    raw = whole(part, LARGEST_DATA)
    rest = without_words(raw) if json.detect_encoding(raw).startswith("utf-8") else raw
    if len(rest) > LARGEST:
        yield large_settings(part)
        return
    try:
        value = json.loads(decoded(rest))
    except (ValueError, RecursionError) as error:
        raise Malformed("is no JSON that can be read.") from error
    if isinstance(value, dict):
        yield from settings.judge({**value, "model": None, "added_tokens": None}, part.path, data=True)


def without_words(raw: bytes) -> bytes:
    """JSON without the values of its outermost table that hold words. They are found by their brackets: as
    objects they would take ten times the memory of their text."""
    kept, after, begins, key, depth = [], 0, 0, b"", 0
    for token in TOKENS.finditer(raw):
        mark = token[0][:1]
        ends = depth == 1 and mark in b",}"
        if ends and begins:
            kept += [raw[after:begins], b"null"]
            after, begins = token.start(), 0
        depth += (mark in b"[{") - (mark in b"]}")
        if depth != 1:
            continue
        if mark == b'"':
            key = token[0]
        elif mark == b":" and key in OF_WORDS:
            begins = token.end()
        elif mark == b",":
            key = b""
    return b"".join([*kept, raw[after:]])


def in_yaml(part: Part) -> Iterator[Issue]:
    yield from of_documents(decoded(beginning(part)), part)


def in_toml(part: Part) -> Iterator[Issue]:
    text = decoded(beginning(part))
    try:
        value = tomllib.loads(text if part.size <= LARGEST_SETTINGS else UNREAD)
    except (ValueError, RecursionError):
        yield from runners.in_lines(text, part.path)
        yield Issue("medium", f"It is no TOML that can be read: {ANEW}", "no_toml", part.path)
    else:
        yield from settings.judge(value, part.path)


def in_template(part: Part) -> Iterator[Issue]:
    chat = part.base.startswith("chat_template")
    yield from templates.judge(decoded(whole(part, LARGEST)), part.path, chat=chat)


def in_text(part: Part) -> Iterator[Issue]:
    """Any other text in which one of the keys stands: as YAML, which any settings are, and as a template."""
    if part.base in WORDS:
        return
    if RUNS.search(part.ends.head) and not ABOUT.fullmatch(part.base):
        said = "It holds code that runs programs, where data or settings are expected"
        yield Issue("high", f"{said}: ask who made it.", "code_in_setting", part.path)
    if part.extension == "prototxt" and PYTHON_LAYER.search(part.ends.head):
        said = "It has a layer that is Python code of its author's, which Caffe imports"
        yield Issue("high", f"{said}: ask for the network without it.", "python_layer", part.path)
    if OTHER_TEMPLATES.search(part.ends.head) and not ABOUT.fullmatch(part.base):
        said = "It is a template that runs programs when it is rendered"
        yield Issue("high", f"{said}: do not render it.", "other_template", part.path)
    if RUNNERS.search(part.ends.head) and not ABOUT.fullmatch(part.base):
        yield from runners.in_lines(decoded(part.ends.head), part.path)
    if not names_something(part.ends.head if part.ends.complete else part.ends.head + part.ends.tail):
        return
    text = decoded(part.ends.head if part.size > LARGEST else whole(part, LARGEST))
    try:
        documents, issues = yaml_texts.read(text, part.path)
    except Malformed:  # it need not be YAML
        documents, issues = [], []
    yield from issues or yaml_texts.in_lines(text, part.path)
    yield from () if documents else runners.in_lines(text, part.path)
    for document in documents:
        yield from settings.judge(document, part.path, data=not isinstance(document, dict))
    if templates.is_template(text):
        yield from templates.judge(text, part.path)


def in_xml(part: Part) -> Iterator[Issue]:
    """To its end: definitions may stand behind megabytes of remarks."""
    told: set[str] = set()
    part.file.seek(0)
    while block := part.file.read(LARGEST):
        text = decoded(block)
        read = xml_texts.resolved(text).replace("&quot;", '"').replace("&apos;", "'")
        for issue in (*xml_texts.judge(text, part.extension, part.path), *unmistakable(read, part.path)):
            yield from () if issue.name in told else (issue,)
            told.add(issue.name)


def in_page(part: Part) -> Iterator[Issue]:
    """Pages and prose: what acts when it is shown, and templates that reach for Python itself."""
    text = decoded(beginning(part))
    yield from html_texts.judge(
        text, part.path, prose=part.extension in {"md", "markdown", "rst", "qmd", "rmd"}
    )
    if matter := MATTER.match(text):  # settings, which whoever shows the page reads as YAML
        yield from yaml_texts.in_lines(matter[1], part.path)
    read = SHOWN.sub("", text) if ABOUT.fullmatch(part.base) else text
    yield from unmistakable(read, part.path)


def in_gin(part: Part) -> Iterator[Issue]:
    """Settings of gin-config, which imports what they name and calls any function of it."""
    for found in GIN.finditer(decoded(beginning(part))):
        if issue := targets.judge(found[1] or found[2], part.path):
            yield from (issue,) if issue.severity == "critical" else ()


def unmistakable(text: str, place: str) -> Iterator[Issue]:
    """Templates that reach for Python itself, where others have templates of their own kind."""
    if templates.is_template(text):
        yield from (issue for issue in templates.judge(text, place) if issue.name in UNMISTAKABLE)


def beginning(part: Part) -> bytes:
    """All of what settings and markup ever are; of a large file of data, as much of it."""
    part.file.seek(0)
    data: bytes = part.file.read(LARGEST)
    return data


def decoded(raw: bytes) -> str:
    """As programs read it: by its mark, or as the reader of JSON tells it by its first bytes."""
    return raw.decode(wide_encoding(raw) or json.detect_encoding(raw), "replace")


BY_NAME = {
    **dict.fromkeys(("yaml", "yml"), in_yaml),
    **dict.fromkeys(("jinja", "jinja2", "j2", "tmpl", "template"), in_template),
    "toml": in_toml,
    "gin": in_gin,
}
