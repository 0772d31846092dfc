"""Source code and notebooks among the files of a model or a dataset: what they would run.

Code belongs among the assets, where people read it; beside a model it is loaded by programs that trust it.
So any of it is told (medium), and what runs programs or hidden code is high. Notebooks are read by people
and are told only for what such code would do, and for outputs that act when they are shown.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from registry.checks import MIB, Issue, Severity, check
from registry.formats.names import TEXT
from registry.parsers import Malformed, installs, other_code, python_code, strict_json, words
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part, whole
from registry.parsers.telling import strict

LARGEST = 64 * MIB
MOST_CELLS, MOST_CODE = 5_000, MIB  # of a notebook
PYTHON = frozenset({"py", "pyi", "pyw"})
SHELLS = words(
    """
    sh bash zsh fish csh ksh bat cmd ps1 psm1 vbs vbe jse wsf wsh sct hta reg scr lnk desktop command
    applescript scpt msi
    msc pif cpl inf url iqy slk scf xll jnlp gadget settingcontent-ms application service php phtml
    """
)
MAGIC = re.compile(
    r"^\s*(?:[\w, ]{1,80}=\s*)?(?:[!%]|get_ipython\(\)\.(?:system|getoutput|run_cell_magic|run_line_magic))"
)
SHELL_CELL = re.compile(r"^\s*%%(?:bash|sh|script|system|sx|!|perl|ruby|cmd|powershell|html|javascript|js)")
IMPORT_LINE = re.compile(rb"^import[ \t]", re.MULTILINE)
ACTS = re.compile(
    r"document\.cookie|localStorage|(?:fetch|open|sendBeacon|import)\s*\(\s*[^)]{0,99}['\"`](?:https?:)?//|\batob\s*\(|"
    r"notebook\.kernel|kernel\.execute|\bonerror\s*=|javascript:|\balert\s*\(|window\.location\s*=|"
    r"\beval\s*\(|<iframe\b[^<>]*\bsrc\s*=\s*['\"]?data:",
    re.IGNORECASE,
)
SCRIPT = re.compile(
    r"<script\b|\bon(?:error|load)\s*=|javascript:|<iframe\b[^<>]*\bsrc\s*=\s*['\"]?data:", re.IGNORECASE
)
FORM = re.compile(r"<form\b[^<>]*\baction\s*=\s*['\"]?https?:", re.IGNORECASE)
# A script from another host than those that serve the libraries of charts.
FETCHED = re.compile(
    r"<script\b[^<>]*\bsrc\s*=\s*['\"]?(?:http:)?//(?!localhost)|<script\b[^<>]*\bsrc\s*=\s*['\"]?https://(?!(?:[\w-]+\.)*(?:jsdelivr\.net|"
    r"unpkg\.com|cdnjs\.cloudflare\.com|googleapis\.com|gstatic\.com|d3js\.org|plot\.ly|datatables\.net|jquery\.com|bokeh\.org|"
    r"pydata\.org|holoviz\.org|mathjax\.org|bootstrapcdn\.com|gradio\.app|github\.io|polyfill\.io|twitter\.com|"
    r"jupyter\.org|esm\.sh|skypack\.dev|vega\.github\.io)/)|<object\b[^<>]*\bdata\s*=\s*['\"]?https?:|\.src\s*=[^;\n]{0,200}cookie",
    re.IGNORECASE,
)
SHOWS = re.compile(r"\b(?:HTML|Javascript|JavaScript|SVG|display_html|display_javascript)\s*\(")
PRELOADED = re.compile(r"^\s*%(?:set_)?env\s+(?:LD_PRELOAD|PYTHONSTARTUP|BASH_ENV)\b")
OTHER_CELL = re.compile(r"^\s*%%(?:perl|ruby|node|js|lua)")
KNOWN = re.compile(
    r"plotly|bokeh|vega|altair|require\.|requirejs|mathjax|holoviews|panel|pyviz|google\.colab|d3\.|leaflet|jupyter-widgets|nbextension|guidance",
    re.IGNORECASE,
)
TORCHSCRIPT = re.compile(r"(?:^|[!/])code/__torch__")  # read by its own interpreter, never by Python
SHOWN_CELL = re.compile(r"^\s*%%(?:html|javascript|js|svg)")
ELSEWHERE = re.compile(r"^\s*%(?:run|load)\s+https?://|^\s*%%writefile\s+(?:-a\s+)?(?:~|/etc/|/root/)")
RECIPES = tuple(
    words(
        """
        dockerfile containerfile makefile gnumakefile jenkinsfile procfile vagrantfile rakefile gemfile
        justfile cmakelists
        meson.build build.gradle crontab .gitmodules
        .bash .zsh .profile .envrc .cshrc .kshrc .gitconfig sconstruct
        wscript xonshrc
        """
    )
)
INSTALLS = tuple(
    words(
        """
        requirements reqs constraints pipfile pip.conf pip.ini .npmrc .condarc .pypirc setup.cfg uv.toml
        pyproject.toml
        conda. conda_ conda- environment. python_env. package.json
        """
    )
)
RECIPE_PATH = re.compile(r"(?:^|/)(?:requirements/[^/]+\.(?:txt|in)|\.git/config)$")
GIT_RUNS = re.compile(
    r"^[^\S\n]*(?:url\s*=\s*-|update\s*=\s*!)|^[^\S\n]*(?:fsmonitor|sshCommand|smudge|clean|textconv|pager|editor)\s*=\s*\S",
    re.MULTILINE | re.IGNORECASE,
)
UNSAFE = re.compile(
    r"http://(?!localhost|127\.0\.0\.1)\S+(?:/simple|\.whl|\.tar\.gz|\.zip|\.sh|\.py)\b|--(?:extra-)?index-url[\s=]+http://"
)
LARGEST_TEXT = MIB
ABOUT = re.compile(
    r"(?:readme|licen[sc]es?|notice|changelog|security|install)(?:[._-][a-z]{2}(?:[-_][a-z]{2,4})?)?(?:\.\w{1,8})?"
)
PROSE = words("md markdown rst tex html htm csv tsv jsonl ipynb adoc")
DATA = frozenset({"csv", "tsv", "jsonl", "html", "xml"})
CURE = "read it, and push it as an asset instead."


@check("model", "dataset", since=date(2026, 11, 27), timeout=60, memory=512 * MIB)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.base in {"sitecustomize.py", "usercustomize.py"}:
        said = "Python runs such a file whenever it starts"
        yield Issue("high", f"{said}: leave it out, and ask who made it.", "startup_file", part.path)
    if part.extension in PYTHON or part.format == "python":
        yield from strict(part, "Python", in_python)
    elif part.format == "notebook" or part.extension == "ipynb":
        yield from strict(part, "notebook", in_notebook)
    elif part.extension == "pth" and part.format == "text" and IMPORT_LINE.search(part.ends.head):
        said = "Python runs the lines of such a file whenever it starts"
        yield Issue("critical", f"{said}: leave it out, and ask who made it.", "startup_file", part.path)
    elif is_recipe(part) and part.format in TEXT:
        yield from strict(part, "text", in_recipe)
    elif part.extension in SHELLS and part.format != "script":
        said = f"A .{part.extension} file runs when somebody opens it"
        yield Issue("high", f"{said}: leave it out.", "script_by_name", part.path)
    elif part.format in TEXT:
        yield from strict(part, "text", in_other)


def in_other(part: Part) -> Iterator[Issue]:
    """Other languages, and lines for a shell in any text that is not there to be read."""
    if (
        part.size > LARGEST_TEXT
        or ABOUT.fullmatch(part.base)
        or part.extension in PROSE
        or TORCHSCRIPT.search(part.path)
    ):
        return
    text = whole(part, LARGEST_TEXT).decode("utf-8", "replace")
    found = other_code.fetches(text) if part.format not in DATA else None
    if part.extension in other_code.CODE or text.lstrip()[:5] == "<?php":
        found = found or other_code.RUNS.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        said = f"It runs programs ({found[0].strip()[:40]})"
        yield Issue("high", f"{said}: {CURE}", "runs_programs", f"{part.path} line {line}".strip())


def is_recipe(part: Part) -> bool:
    return part.base.startswith(RECIPES + INSTALLS) or bool(RECIPE_PATH.search(part.name))


def in_recipe(part: Part) -> Iterator[Issue]:
    """What builds or installs something, from an address that nobody vouches for."""
    text = whole(part, LARGEST_TEXT).decode("utf-8", "replace")
    hosts = dict.fromkeys(installs.strange(text))
    for host in hosts:
        said = f"It installs packages from {host[:100]}, which nobody here knows"
        yield Issue("high", f"{said}: {CURE}", f"index:{host[:100]}", part.path)
    if hosts:
        return
    runs = python_code.SHELL if part.base.startswith(RECIPES) else other_code.FETCHES
    git = part.base.endswith(("config", ".gitmodules"))
    kind = GIT_RUNS if git else other_code.RUNS
    if (
        runs.search(text)
        or UNSAFE.search(text)
        or (part.base in {".gitconfig", ".gitmodules", "package.json", "config"} and kind.search(text))
    ):
        said = "It fetches and runs something that nobody vouches for"
        yield Issue("high", f"{said}: {CURE}", "recipe", part.path)


def in_python(part: Part) -> Iterator[Issue]:
    source = whole(part, LARGEST).decode("utf-8", "replace")
    told = list(of_source(source, part.path))
    yield from told
    if not told and source.strip() and not TORCHSCRIPT.search(part.path):
        said = "A model or a dataset that brings code along is trusted with more than its numbers"
        yield Issue("medium", f"{said}: {CURE}", "code", part.path)


def of_source(source: str, place: str, line: int = 0) -> Iterator[Issue]:
    for use in python_code.uses(source):
        where = f"{place} line {use.line + line}".strip()
        severity: Severity = "high" if use.severity == "high" else "medium"
        what = "runs programs or hidden code" if severity == "high" else "loads or fetches something"
        yield Issue(severity, f"The code uses {use.name}, which {what}: {CURE}", f"call:{use.name}", where)


def in_notebook(part: Part) -> Iterator[Issue]:
    text = whole(part, LARGEST).decode("utf-8", "replace")
    try:
        value = strict_json.loads(text)
    except strict_json.Repeated as error:
        raise Malformed("has the same key twice.") from error
    except ValueError as error:
        raise Malformed("is no JSON that can be read.") from error
    cells = value.get("cells") if isinstance(value, dict) else None
    if isinstance(value, dict) and SCRIPT.search(json.dumps(value.get("metadata"))):
        yield Issue("high", "Its metadata holds a script: leave it out.", "script", part.path)
    cells = cells if isinstance(cells, list) else []
    if len(cells) > MOST_CELLS or sum(map(len, map(code_of, cells))) > MOST_CODE:
        raise Malformed("holds more cells, or more code, than is looked at here.")
    told: dict[str, Issue] = {}
    for number, cell in enumerate(cells, start=1):
        if isinstance(cell, dict):
            for issue in in_cell(cell, f"{part.path} cell {number}".strip()):
                told.setdefault(issue.name, issue)
    yield from told.values()


def code_of(cell: Any) -> str:
    return joined(cell.get("source")) if isinstance(cell, dict) and cell.get("cell_type") == "code" else ""


def in_cell(cell: dict[str, Any], place: str) -> Iterator[Issue]:
    source = joined(cell.get("source"))
    if cell.get("cell_type") == "code":
        yield from in_code(source, place)
        for output in cell.get("outputs") or []:
            if isinstance(output, dict) and isinstance(output.get("data"), dict):
                yield from in_output(output["data"], place)
    elif (SCRIPT.search(source) or FORM.search(source)) and not fenced(source):
        yield Issue(
            "high",
            "A cell of text holds a script, which may run when it is shown: leave it out.",
            "script",
            place,
        )


def fenced(source: str) -> bool:
    """Whether the script is only quoted, as code that is shown."""
    return not SCRIPT.search(re.sub(r"```.*?(?:```|\Z)|`[^`\n]*`", "", source, flags=re.DOTALL))


def in_code(source: str, place: str) -> Iterator[Issue]:
    """Python, with lines for the shell in between."""
    shell = bool(SHELL_CELL.match(source))
    shown = SHOWN_CELL.match(source) or SHOWS.search(source)
    if (shown and ACTS.search(source) and not KNOWN.search(source)) or (
        OTHER_CELL.match(source) and other_code.RUNS.search(source)
    ):
        said = "A cell shows a script that reaches for more than the page"
        yield Issue("high", f"{said}: {CURE}", "cell_script", place)
    lines = source.splitlines()
    commands = lines if shell else [line for line in lines if MAGIC.match(line)]
    if any(acts(line) for line in commands):
        said = "A cell runs a command that fetches and runs something, or changes the machine"
        yield Issue("high", f"{said}: {CURE}", "shell", place)
    elif commands and any(line.lstrip().startswith("!") for line in commands):
        yield Issue(
            "info", "A cell runs commands of the shell: read them before you run it.", "commands", place
        )
    if not shell:
        kept = "\n".join("pass" if MAGIC.match(line) else line for line in lines)
        yield from of_source(kept, place)


def acts(line: str) -> bool:
    patterns = (python_code.SHELL, UNSAFE, ELSEWHERE, other_code.FETCHES, other_code.SHELLED, PRELOADED)
    return any(pattern.search(line) for pattern in patterns) or any(
        host for host in installs.strange(line) if "pip" in line or "conda" in line
    )


def in_output(data: dict[str, Any], place: str) -> Iterator[Issue]:
    """What is shown: charts bring scripts of known libraries along, which reach for nothing."""
    for kind, held in data.items():
        text = html.unescape(joined(held)[:MIB])  # a page may lie in an attribute of a frame
        shown = kind in {
            "text/html",
            "application/javascript",
            "image/svg+xml",
            "text/markdown",
            "text/latex",
        }
        if shown and (FETCHED.search(text) or (ACTS.search(text) and not KNOWN.search(text))):
            said = "An output holds a script that reaches for more than the page"
            yield Issue("high", f"{said}: clear the outputs before you push it.", "output_script", place)


def joined(held: Any) -> str:
    """A text, or a list of its lines."""
    if isinstance(held, list):
        return "".join(line for line in held if isinstance(line, str))
    return held if isinstance(held, str) else ""
