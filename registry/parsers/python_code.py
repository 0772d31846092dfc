"""Python source: which calls run programs or hidden code, found in its syntax tree, by the names things have.

The code is parsed, never compiled or run. What cannot be parsed is searched by its words. Sources: the
techniques in reports on hostile packages and notebooks (MITRE ATT&CK T1059.006, T1027, T1105).
"""

from __future__ import annotations

import ast
import re
import unicodedata  # noqa: F401  the parser of Python asks for it where imports are walled off
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from registry.parsers import Malformed, words

LARGEST = 1 << 20
MOST_WORDS = 100_000  # in one piece: each takes a kilobyte when it is parsed
WORD = re.compile(r"\w+")
AT_ONCE = 1 << 17  # of dense code, which takes 400 times as much memory when it is parsed
BEGINS = re.compile(r"^(?=[A-Za-z_@])(?!(?:else|elif|except|finally)\b)", re.MULTILINE)
DEEP = words(
    "os subprocess pty posix nt ctypes socket runpy code codeop multiprocessing pexpect paramiko commands"
)
RUNNING = re.compile(
    r"(?:os|posix|nt)\.(?:system|popen\d?|exec[lv]\w*|spawn\w*|posix_spawn\w*|startfile|fork)|subprocess\.\w+|pty\.\w+|"
    r"(?:builtins\.|__builtins__\.)?(?:exec|eval|compile|__import__)|runpy\.\w+|code\.\w+|commands\.\w+|"
    r"socket\.(?:socket|create_connection)|ctypes\.(?:CDLL|cdll\.\w+|windll\.\w+|WinDLL|PyDLL)|"
    r"(?:marshal|dill|cloudpickle|pickle|_pickle|joblib|shelve)\.(?:loads?|open)|types\.(?:CodeType|FunctionType)|"
    r"shutil\.rmtree|asyncio\.create_subprocess_\w+|pexpect\.\w+|paramiko\.\w+|IPython\.\w*system|"
    r"importlib\.(?:import_module|util\.spec_from_file_location|machinery\.\w+)|imp\.load_\w+|torch\.utils\.cpp_extension\.\w+"
)
# Parts of the standard library and of installers that run what they are given, or load code.
ALSO_RUNNING = re.compile(
    r"timeit\.(?:timeit|repeat|Timer)|pdb\.(?:run|runeval|runcall)|(?:cProfile|profile)\.(?:run|runctx)|trace\.Trace|bdb\.\w+|"
    r"platform\.popen|distutils\.spawn\.\w+|(?:pip|pip\._internal)\.main|pip\._internal\.\w+\.main|sh\.\w+|plumbum\.\w+|fabric\.\w+|"
    r"invoke\.run|winreg\.Set\w+|_winreg\.Set\w+|importlib\.machinery\.\w*FileLoader|keras\.config\.enable_unsafe_deserialization|"
    r"operator\.(?:attrgetter|methodcaller)|ensurepip\.\w+|doctest\.(?:run_docstring_examples|debug_script)|pydoc\.(?:locate|pipepager)|"
    r"multiprocessing\.util\.spawnv_passfds|pkgutil\.resolve_name|webbrowser\.(?:open|get)\w*|code\.\w+|get_ipython\(\)\.system"
)
ONLY_WITH_TEXT = re.compile(r"(?:timeit|pdb|cProfile|profile|operator|webbrowser)\.")
SENSITIVE = re.compile(
    r"(?:/|~/?)\.(?:ssh/|bashrc|bash_profile|profile|zshrc|netrc|aws/|kube/|docker/config|gnupg)|^/etc/(?:cron|passwd|shadow|sudoers|"
    r"ld\.so\.preload|profile|init|systemd)|/\.config/autostart|\\Start Menu\\|/LaunchAgents/"
    r"|site-packages/\S+\.pth$"
)
CODINGS = re.compile(
    r"\A(?:[^\n]*\n)?[ \t\f]*#.*?coding[:=][ \t]*(?!(?:utf-?_?8|ascii|us-ascii|latin|iso-?8859"
    r"|iso_8859|cp125|euc|gb|big5|shift|koi8|utf-8-sig)\b|"
    r"(?:latin|iso|cp|koi8|gb)[-\w]*)([-\w.]+)",
    re.IGNORECASE,
)
SENDS = words("sendmail send_message sendall send post put request")
WRITES = words("write_text write_bytes open unlink symlink_to touch")
CLOUD_KEY = re.compile(r"AWS_|SECRET_ACCESS|PRIVATE_KEY")
MILD = re.compile(r"(?:pickle|_pickle|joblib|shelve|dill|cloudpickle|shutil|importlib|types|torch|compile)\b")
FETCHING = re.compile(r"(?:requests|httpx|urllib\d?|http|ftplib|smtplib|aiohttp|telnetlib)(?:\.\w+)+")
FETCHES = re.compile(r"(?:requests|httpx)\.(?:get|post|request)|urllib\.request\.urlopen|urlopen")
PICKLED = re.compile(r"torch\.load|pandas\.read_pickle")
HIDDEN = re.compile(r"\b(?:b64decode|b85decode|a85decode|unhexlify|fromhex|decompress|rot_?13)\b")
SHELL = re.compile(
    r"\b(?:curl|wget)\b[^\n|;&]{0,1000}(?:\||;|&&)\s{0,9}(?:sudo\s+)?(?:ba|z|da|)sh\b|\b(?:curl|wget)\b[^\n]{0,1000}\|\s{0,9}python|/dev/tcp/|"
    r"\b(?:curl|wget)\b[^\n]{0,1000}\bchmod\s+(?:\+x|[0-7]*7)\b|\bnc(?:at)?\b[^\n]{0,300}\s-\w{0,9}e\b|"
    r"\bbase64\s+(?:-d|-D|--decode)\b[^\n]{0,1000}\||\brm\s+-\w*[rf]\w*\s+(?:/\s*$|/\*|~/?\s*$|/(?:etc|usr|home|root|var|bin)\b(?!/(?:lib/apt/lists|cache|\.cache|share/doc)\b))|"
    r"\bcrontab\b|/etc/(?:passwd|shadow|cron|sudoers)|\.ssh/(?:id_|authorized)|\bmkfifo\b|\bpowershell\b|"
    r"\bpython3?\s+-c\b[^\n]{0,1000}\b(?:os|subprocess|socket|exec|eval|pty|base64)\b|\beval\s+\"?\$\(|>\s*/etc/"
)
# Programs that people call from notebooks to look around, fetch and unpack.
BENIGN = re.compile(
    r"(?:nvidia-smi|git|ls|pip3?|conda|apt|apt-get|mkdir|clear|cls|unzip|tar|ffmpeg|wget|cp|mv|huggingface-cli|hf|gdown|"
    r"kaggle|tensorboard|jupyter|make)(?:\s[^;|&`$<>]*)?"
)
WORDS = re.compile(
    r"\bos\s*\.\s*(?:system|popen|exec\w+)\s*\(|\bsubprocess\s*\.\s*\w+\s*\(|\b__import__\s*\(|(?<![.\w])(?:exec|eval)\s*\(|"
    r"\bpty\s*\.\s*spawn|\bsocket\s*\.\s*socket\s*\(|(?<![\w.])system\s*\(\s*['\"]"
)


HANDED_ON = words(
    "os.system posix.system os.popen subprocess.Popen subprocess.run builtins.exec builtins.eval"
)
PLAIN = (ast.Name, ast.Attribute, ast.Subscript)


@dataclass(frozen=True, slots=True)
class Use:
    """A call that matters: how much, its name, its line."""

    severity: str
    name: str
    line: int


def uses(source: str) -> Iterator[Use]:
    """Each name once."""
    if found := CODINGS.match(source):
        yield Use("high", f"coding:{found[1][:40]}", 1)
    if len(source) > LARGEST:
        yield from by_words(source)
        raise Malformed("is longer than 1 MiB, which is more than is looked at here.")
    told = [use for begin, text in pieces(source) for use in of_piece(begin, text)]
    gravest_last = sorted(told, key=lambda use: use.severity == "high")
    yield from {use.name: use for use in gravest_last}.values()


def pieces(source: str) -> Iterator[tuple[int, str]]:
    """The number of lines before it, and a piece of not much more than can be parsed at once; ends where a
    statement may begin."""
    begin = line = 0
    while len(source) - begin > AT_ONCE and (found := BEGINS.search(source, begin + AT_ONCE)):
        yield line, source[begin : found.start()]
        line += source.count("\n", begin, found.start())
        begin = found.start()
    yield line, source[begin:]


def of_piece(line: int, source: str) -> list[Use]:
    if more_words_than(MOST_WORDS, source):
        raise Malformed("holds a statement that is larger than is looked at here.")
    try:
        found = [*calls(ast.parse(source))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = [*by_words(source)]
    return [replace(use, line=use.line + line) for use in found]


def more_words_than(most: int, source: str) -> bool:
    return len(source) > most and sum(1 for _ in islice(WORD.finditer(source), most + 1)) > most


def by_words(source: str) -> Iterator[Use]:
    """Each name once, where it is first."""
    told: set[str] = set()
    for found in WORDS.finditer(source):
        name = re.sub(r"[\s(]", "", found[0])
        if name not in told:
            told.add(name)
            yield Use("high", name, source.count("\n", 0, found.start()) + 1)


def calls(tree: ast.Module) -> Iterator[Use]:
    nodes = list(ast.walk(tree))
    known = imported(nodes)
    functions = [node.func for node in nodes if isinstance(node, ast.Call)]
    hides = any(HIDDEN.search(full_name(function, known)) for function in functions)
    called = set(map(id, functions))
    for node in nodes:
        if use := of_hiding(node, known):
            yield use
        if isinstance(node, ast.Call):
            name = full_name(node.func, known)
            if use := of_call(name, node, hides, known) if name else of_method(node, known):
                yield use
        elif isinstance(node, ast.Attribute | ast.Name) and id(node) not in called:
            name = full_name(node, known)
            yield from [Use("high", name, node.lineno)] if name in HANDED_ON else []


def of_hiding(node: ast.AST, known: dict[str, str]) -> Use | None:
    """Ways to a module that do not name it: tables of built-ins and of modules, all names of one."""
    if isinstance(node, ast.Name) and node.id == "__builtins__":
        return Use("high", "__builtins__", node.lineno)
    if isinstance(node, ast.Constant) and node.value in {"__builtins__", "__subclasses__", "__globals__"}:
        return Use("high", str(node.value), node.lineno)
    if use := of_inside(node, known):
        return use
    if (
        isinstance(node, ast.ImportFrom)
        and node.module in DEEP
        and any(name.name == "*" for name in node.names)
    ):
        return Use("high", f"{node.module}.*", node.lineno)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value in DEEP:
        return Use("high", "sys.modules", node.lineno) if ast.unparse(node.value) == "sys.modules" else None
    return None


def of_inside(node: ast.AST, known: dict[str, str]) -> Use | None:
    """Ways into what a value or a module holds, and decorators that run what they stand on."""
    if isinstance(node, ast.Attribute):
        if node.attr in HIDDEN_PLACES:
            return Use("high", node.attr, node.lineno)
        if node.attr in {"__dict__", "__getattribute__"} and is_deep(node.value, known):
            return Use("high", f"{full_name(node.value, known)}.{node.attr}", node.lineno)
    if isinstance(node, ast.Match) and is_deep(node.subject, known):
        return Use("high", f"match {full_name(node.subject, known)}", node.lineno)
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        names = [full_name(held, known) for held in node.decorator_list]
        return next(
            (Use("high", f"@{name}", node.lineno) for name in names if DECORATORS.fullmatch(name)), None
        )
    return None


DECORATORS = re.compile(r"(?:builtins\.)?(?:exec|eval|compile)|os\.(?:system|popen)|subprocess\.\w+")
HIDDEN_PLACES = words(
    "__subclasses__ __globals__ __builtins__ f_globals f_builtins gi_frame cr_frame func_globals"
)


def is_deep(node: ast.AST, known: dict[str, str]) -> bool:
    """A module that runs things, itself."""
    return isinstance(node, ast.Name | ast.Attribute | ast.Call) and full_name(node, known) in DEEP | {
        "builtins"
    }


def of_import(node: ast.Call, name: str) -> Use:
    """A module by its name: one that runs things, or a name put together, is no ordinary import."""
    first = node.args[0] if node.args else None
    if isinstance(first, ast.Constant):
        deep = str(first.value).partition(".")[0] in DEEP
        return Use("high" if deep else "medium", name, node.lineno)
    return Use("high" if isinstance(first, ast.BinOp) else "medium", name, node.lineno)


def of_call(name: str, node: ast.Call, hides: bool, known: dict[str, str]) -> Use | None:
    """A call of a name, and with what: loading data is milder than running what was made up."""
    if name in {"getattr", "builtins.getattr", "vars", "builtins.vars", "dir", "inspect.getattr_static"}:
        return of_getattr(node, known)
    if name == "importlib.import_module":
        return of_import(node, name)
    if name in {"eval", "builtins.eval"} and node.args and isinstance(node.args[0], PLAIN) and not hides:
        return Use("medium", name, node.lineno)
    if name.startswith(("os.", "subprocess.")) and BENIGN.fullmatch(command(node)):
        return Use("medium", name, node.lineno)
    if ALSO_RUNNING.fullmatch(name) and (not ONLY_WITH_TEXT.match(name) or runs_text(node, known)):
        return Use("high", name, node.lineno)
    if (name.endswith("open") or name == "shutil.rmtree") and touches(node):
        return Use("high", f"{name} of a file that is not its own", node.lineno)
    if RUNNING.fullmatch(name):
        mild = MILD.match(name) and not hides and not loads_constant(name, node)
        mild = mild and not loads_fetched(node, known)
        return Use("medium" if mild else "high", name, node.lineno)
    return of_fetching(name, node, known)


def of_fetching(name: str, node: ast.Call, known: dict[str, str]) -> Use | None:
    """What comes from an address, or goes there."""
    if PICKLED.fullmatch(name) and loads_fetched(node, known) and not only_weights(node):
        return Use("high", name, node.lineno)
    if FETCHING.fullmatch(name) and tells(node, known):
        return Use("high", f"{name} with the environment", node.lineno)
    return Use("medium", name, node.lineno) if FETCHING.fullmatch(name) else None


def of_method(node: ast.Call, known: dict[str, str]) -> Use | None:
    """A method of what another call gave."""
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if method in SENDS and tells(node, known):
        return Use("high", f"{method} with the environment", node.lineno)
    if method in WRITES and touches(node):
        return Use("high", f"{method} of a file that is not its own", node.lineno)
    return None


def constants(node: ast.AST) -> list[str]:
    return [
        str(held.value)
        for held in ast.walk(node)
        if isinstance(held, ast.Constant) and isinstance(held.value, str)
    ]


def runs_text(node: ast.Call, known: dict[str, str]) -> bool:
    """Whether what is given is a text that would be run, or leads into a module that runs things."""
    words = constants(node)
    if any(
        RUNNING.fullmatch(word) or WORDS.search(word) or word in {"system", "popen", "Popen"}
        for word in words
    ):
        return True
    first = node.args[0] if node.args else None
    text = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return text and bool(re.match(r"pdb|file:", full_name(node.func, known)) or words[0].startswith("file:"))


def touches(node: ast.Call) -> bool:
    """A path that belongs to the system or to its user's own settings; the root itself."""
    return any(SENSITIVE.search(word) or word in {"/", "~"} for word in constants(node))


def loads_constant(name: str, node: ast.Call) -> bool:
    """A pickle that stands in the source."""
    first = node.args[0] if node.args else None
    if isinstance(first, ast.Call) and ast.unparse(first.func).endswith("decode"):
        first = first.args[0] if first.args else None
    return name.endswith(".loads") and isinstance(first, ast.Constant)


def loads_fetched(node: ast.Call, known: dict[str, str]) -> bool:
    """Whether what is loaded comes from an address, in the same breath."""
    given = (*node.args, *(word.value for word in node.keywords))
    calls = [held for value in given for held in ast.walk(value) if isinstance(held, ast.Call)]
    return any(FETCHES.fullmatch(full_name(held.func, known)) for held in calls)


def only_weights(node: ast.Call) -> bool:
    """Whether PyTorch is told to make tensors and nothing else of it."""
    asked = [word.value for word in node.keywords if word.arg == "weights_only"]
    return any(isinstance(value, ast.Constant) and value.value is True for value in asked)


def tells(node: ast.Call, known: dict[str, str]) -> bool:
    """Whether the environment, where secrets are, is part of what is sent: all of it, or a key of a cloud."""
    given = [
        held for value in (*node.args, *(word.value for word in node.keywords)) for held in ast.walk(value)
    ]
    if not any(full_name(held, known) == "os.environ" for held in given if isinstance(held, ast.Attribute)):
        return False
    one = any(isinstance(held, ast.Subscript) and "environ" in ast.unparse(held.value) for held in given)
    one |= any(isinstance(held, ast.Call) and "environ.get" in ast.unparse(held.func) for held in given)
    return not one or any(CLOUD_KEY.search(word) for value in node.args for word in constants(value))


def command(node: ast.Call) -> str:
    """The command that is called, as far as it is written down."""
    first = node.args[0] if node.args else None
    words = first.elts if isinstance(first, ast.List | ast.Tuple) else [first]
    said = [str(word.value) for word in words if isinstance(word, ast.Constant)]
    by_itself = words and isinstance(words[0], ast.Attribute) and ast.unparse(words[0]) == "sys.executable"
    return " ".join(said).removeprefix("-m ") if by_itself else " ".join(said)


def of_getattr(node: ast.Call, known: dict[str, str]) -> Use | None:
    """An attribute of a module that runs things, by a name that is a text."""
    if node.args and isinstance(node.args[0], ast.Name | ast.Call):
        target = ast.unparse(node.args[0])
        if is_deep(node.args[0], known):
            return Use("high", f"getattr({full_name(node.args[0], known)})", node.lineno)
        if target in DEEP or "__import__" in target or "__builtins__" in target:
            return Use("high", f"getattr({target[:60]})", node.lineno)
    return None


def imported(nodes: list[ast.AST]) -> dict[str, str]:
    """What each name in the file stands for, as far as imports and plain assignments tell."""
    known: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                known[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = full_name(node.value, known) if isinstance(node.value, ast.Attribute | ast.Name) else ""
            if RUNNING.fullmatch(value) and not MILD.match(value):
                known[node.targets[0].id] = value
    return known


def full_name(node: ast.AST, known: dict[str, str]) -> str:
    """`o.system` after `import os as o` is os.system; empty for what has no name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < 20:
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Call) and full_name(node.func, known) in {
        "__import__",
        "importlib.import_module",
    }:
        first = node.args[0] if node.args else None
        parts.append(str(first.value) if isinstance(first, ast.Constant) else "unknown")
    elif isinstance(node, ast.Name):
        parts.append(known.get(node.id, node.id))
    else:
        return parts[0] if len(parts) == 1 and HIDDEN.fullmatch(parts[0]) else ""
    return ".".join(reversed(parts))
