"""Names and words by which settings of any kind make a program run something, whatever key they stand under.

Where a reader for the format exists it says which keys matter; here is what matters under any key, and in
texts that are no tree: INI, lines of a broken or very large file. Sources: logging.config (handlers are
imported and called), settings of model servers, LD_PRELOAD and its relatives (MITRE T1574.006).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.parsers import targets

RUNS = re.compile(
    r"(?:os|posix|nt)[.:](?:system|popen\d?|exec[lv]\w*|spawn\w*|posix_spawnp?|startfile|fork|remove|unlink|rmdir)|"
    r"subprocess[.:]\w+|(?:builtins|__builtins?__)[.:](?:eval|exec|compile|__import__|open|getattr|breakpoint)|"
    r"pty[.:]spawn|runpy[.:]\w+|importlib[.:]import_module|commands[.:]getoutput|shutil[.:]rmtree|"
    r"(?:pickle|_pickle|marshal|dill|cloudpickle|joblib)[.:]loads?|ctypes[.:](?:CDLL|cdll\.LoadLibrary)|"
    r"code[.:]interact|timeit[.:]timeit|webbrowser[.:]open|asyncio[.:]create_subprocess_\w+|__import__|eval|exec"
)
CALLED = frozenset(
    [
        "activation",
        "activation_function",
        "hidden_act",
        "callback",
        "callable",
        "class",
        "class_name",
        "command_fn",
        "entry_point",
        "entrypoint",
        "factory",
        "fn",
        "func",
        "function",
        "handler",
        "hook",
        "import",
        "loader",
        "method",
        "module",
        "name",
        "object",
        "path",
        "processor",
        "run",
        "type",
        "_class",
        "__class__",
        "__type__",
        "_type",
        "target",
        "reader",
    ]
)
MODULES = ("module", "module_name", "import", "package", "library", "module_path")
NAMES = (
    "name",
    "function",
    "func",
    "fn",
    "callable",
    "class",
    "class_name",
    "attr",
    "attribute",
    "method",
    "call",
    "object",
)
PRELOADS = frozenset(
    [
        "LD_PRELOAD",
        "LD_AUDIT",
        "DYLD_INSERT_LIBRARIES",
        "PYTHONSTARTUP",
        "PYTHONBREAKPOINT",
        "BASH_ENV",
        "PROMPT_COMMAND",
        "PERL5OPT",
        "RUBYOPT",
    ]
)
SET = re.compile(rf"^[^\S\n]*(?:export\s+|ENV\s+)?({'|'.join(sorted(PRELOADS))})\s*[=:]\s*\S", re.MULTILINE)
LINE = re.compile(
    r"^[ \t\-\"'{,]{0,40}(_target_|class_path|class|factory|callable|func|function|\(\)|handler"
    r"|entry_point|target)[\"']?"
    r"[ \t]{0,9}[=:][ \t]{0,9}[\"']?([A-Za-z_][\w.:]{2,200})",
    re.MULTILINE,
)
INSTANTIATED = frozenset({"_target_", "class_path"})
AUTO_MAP = re.compile(r"[\"']?\bauto_map[\"']?\s{0,9}[:=]\s{0,9}[{\[\n]")
CURE = "ask its author what it is for, and leave it out."


def of_table(found: dict[str, Any], place: str) -> Iterator[Issue]:
    """A table with a name that runs something, as one text or as module and name."""
    for key in CALLED & found.keys():
        value = found[key]
        if isinstance(value, str) and RUNS.fullmatch(value.strip()) and not is_word(value):
            yield told(value, place)
    for module in MODULES:
        if module in found:
            for name in (*(found[name] for name in NAMES if name in found), None):
                pair = f"{found[module]}.{name}"
                if RUNS.fullmatch(pair):
                    yield told(pair, place)
    for key in PRELOADS & found.keys():
        if found[key]:
            yield preload(key, place)


def is_word(value: str) -> bool:
    """A bare `eval` or `exec` is a word: the kind of a run, the name of a split."""
    return "." not in value and ":" not in value and value != "__import__"


def in_lines(text: str, place: str) -> Iterator[Issue]:
    """The same in lines of whatever this is."""
    for key, name in dict.fromkeys(found.groups() for found in LINE.finditer(text)):
        if key in INSTANTIATED:
            issue = targets.judge(name, place)
            yield from [issue] if issue else []
        elif RUNS.fullmatch(name) and not is_word(name):
            yield told(name, place)
    if AUTO_MAP.search(text):
        said = "Its auto_map makes whoever trusts it run code, and the file is no settings that can be read"
        yield Issue("high", f"{said}: {CURE}", "auto_map", place)
    if preloads := SET.search(text):
        yield preload(preloads[1], place)


def told(name: str, place: str) -> Issue:
    said = f"A setting names {name.strip()[:100]}, which runs or loads something"
    return Issue("high", f"{said}: {CURE}", f"runs:{name.strip()[:150]}", place)


def preload(name: str, place: str) -> Issue:
    said = f"A setting makes programs load code before they begin ({name})"
    return Issue("high", f"{said}: {CURE}", f"preload:{name}", place)
