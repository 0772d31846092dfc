"""Settings, whatever they are written in: keys by which a program is told to run code that comes along.

Sources: transformers (`auto_map`, `custom_pipelines`, `trust_remote_code`), diffusers (`model_index.json`),
Hydra and its relatives (targets.py), MLflow (`MLmodel`), jsonargparse (`class_path`), templates.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from registry.checks import Issue, Severity
from registry.parsers import keras, paths, python_code, runners, serialized, targets, templates
from registry.parsers.strict_json import TooDeep, nodes
from registry.pickles.names import danger

LONGEST, SHORTEST = 1 << 20, 8
CALLED = frozenset(
    {
        "_target_",
        "class_path",
        "_partial_target_",
        "__target__",
        "_target",
        "$target",
        "()",
        "py/object",
        "py/type",
        "py/function",
        "py/class",
    }
)
BESIDE = frozenset({"target", "func", "function", "callable", "factory"})
REBUILT = frozenset(
    {"py/reduce", "py/repr", "py/newargsex", "__reduce__", "__reduce_ex__", "!!python/object"}
)
FOREIGN = re.compile(
    r"(?:com\.sun|javax?|org\.apache|org\.springframework|System\.(?:Diagnostics|Windows|IO))\.[\w.$]+"
)
# Chains and tools that run programs. Source: langchain_experimental, `_type` of its chains; CVE-2023-36258.
CHAINS = re.compile(r"llm_bash_chain|pal_chain|cpal_chain|python_repl(?:_ast)?|terminal|shell")
# What a program imports or unpacks from where they say. Sources: fairseq (`user_dir`), TFX (`module_file`),
# AllenNLP (`archive_file`).
FETCHED = frozenset({"user_dir", "module_file", "archive_file"})
ARGUMENTS = frozenset({"params", "args", "kwargs", "init_args", "_args_", "arguments"})
CODE = re.compile(
    r"\b__import__\s*\(|\bos\s*\.\s*(?:system|popen|exec[lv]\w*)\s*\(|\bsubprocess\s*\.\s*\w+\s*\(|(?<![\w.])(?:exec|eval)\s*\(\s*(?:[\"']|\w{0,40}(?:import|compile|open|base64|bytes|chr|request|input)\w{0,40}\W)|"
    r"\b(?:pickle|marshal|dill|joblib)\s*\.\s*loads?\s*\(|\bimportlib\s*\.\s*import_module\s*\(|"
    r"\bcurl\s[^|\n]{1,300}\|\s*(?:ba|z)?sh\b|\bwget\s[^|\n;&]{1,300}(?:\||;|&&)\s*(?:ba|z|)sh\b|/dev/tcp/|"
    r"\bnc\s+-\w*e\b|\brm\s+-rf\s+[/~]|\bpowershell(?:\.exe)?\s+-|\bpty\s*\.\s*spawn|\bbase64\s+-d\b[^|\n]{0,80}\|"
)
PICKLED = re.compile(r"gA[I-X][A-Za-z0-9+/]{12,}={0,2}\s*")
MARKUP = re.compile(r"<script\b|javascript:|<iframe\b|\bonerror\s*=", re.IGNORECASE)
IMPORTS = re.compile(
    r"^[^\S\n]*(?:import|from)\s+(?:os|subprocess|pty|socket|ctypes|posix|builtins)\b", re.MULTILINE
)
LONGEST_CODE = 1 << 16
METADATA = re.compile(
    r"https?://(?:169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200)(?:[:/]|$)"
)
PRIVATE = re.compile(
    r"(?:file://)?(?:\.\.[/\\]){2,}\S*|file://\S+|(?:/|~|\$HOME)\S*/?\.(?:ssh|aws|kube|gnupg|netrc)\b\S*|"
    r"/(?:etc/(?:passwd|shadow|sudoers|hosts|ssh|cron)\S*|proc/\S+|var/run/secrets\S*|root/\.\S+)"
)
NATIVE = re.compile(r"(?:lib|[^\s:;,<>]{0,200}[/\\])[^\s:;,<>/\\]{1,100}\.(?:so|dll|dylib)(?:\.\d+)*")
REMOTE = "run code from another place, which may change there at any time"
MLFLOW_PATHS = (
    "model_path",
    "pickled_model",
    "python_model",
    "code",
    "data",
    "model_data",
    "model_code_path",
)
OWN = "run code that comes with it, which only its author knows: a steward who has read it may accept this"


def judge(value: Any, place: str = "", *, data: bool = False) -> Iterator[Issue]:
    """Everything in a tree; each name once. In `data` any text may stand, only keys count."""
    told: set[str] = set()
    try:
        for key, found in nodes(value):
            for issue in of_value(key, found, place, data):
                if issue.name not in told:
                    told.add(issue.name)
                    yield issue
    except TooDeep:
        yield Issue("high", "It is nested too deeply to be read: write it anew.", "too_deep", place)


def of_value(key: str, found: Any, place: str, data: bool) -> Iterator[Issue]:
    if isinstance(found, dict):
        yield from of_table(found, place)
    elif isinstance(found, str):
        yield from of_text(key, found, place)
        if key == serialized.KEY:
            yield from () if serialized.loads_only_known(found) else of_pickle(place)
            return
        yield from () if data or len(found) < SHORTEST else of_code(found, place)


def of_table(found: dict[str, Any], place: str) -> Iterator[Issue]:
    if keras.looks_like_keras(found):
        yield from keras.of_table(found, place)
    if found.get("auto_map"):
        yield from of_map(found["auto_map"], place)
    yield from of_pipelines(found, place)
    for key in CALLED & found.keys():
        yield from called(found[key], place)
    yield from of_trust(found, place)
    yield from runners.of_table(found, place)
    yield from of_objects(found, place)
    if not ARGUMENTS.isdisjoint(found):
        for key in BESIDE & found.keys():
            yield from only_dangerous(found[key], place)
    if isinstance(found.get("weight_map"), dict):
        yield from of_weights(found["weight_map"], place)
    for key in FETCHED & found.keys():
        if re.match(r"(?:https?|ftp)://", str(found[key])):
            yield Issue("high", f"Its {key} makes a loader {REMOTE}.", f"fetched:{key}", place)
    yield from of_package(found.get("itemInfoEntries"), place)
    yield from of_imports(found, place)
    yield from of_mlflow(found, place)
    yield from of_library(found, place)


def of_pipelines(found: dict[str, Any], place: str) -> Iterator[Issue]:
    if isinstance(found.get("custom_pipelines"), dict) and found["custom_pipelines"]:
        yield Issue("high", f"Its pipelines {OWN}.", "custom_pipelines", place)
    if isinstance(found.get("custom_pipeline"), str) and found["custom_pipeline"]:
        yield Issue("high", f"Its pipeline {OWN}.", "custom_pipelines", place)


def of_package(entries: Any, place: str) -> Iterator[Issue]:
    """The manifest of a Core ML package: each part lies within."""
    for entry in entries.values() if isinstance(entries, dict) else ():
        yield from of_paths(entry, ("path",), place) if isinstance(entry, dict) else ()


def of_trust(found: dict[str, Any], place: str) -> Iterator[Issue]:
    """People switch it on for their own runs; what makes an object by itself, or is a model, must
    not ask for it."""
    if found.get("trust_remote_code") in {True, "true", "True"}:
        by_itself = not CALLED.isdisjoint(found) or not {"architectures", "tokenizer_class"}.isdisjoint(found)
        severity: Severity = "high" if by_itself else "medium"
        yield Issue(severity, f"It asks whoever loads it to {OWN}.", "trust_remote_code", place)


def of_objects(found: dict[str, Any], place: str) -> Iterator[Issue]:
    """What jsonpickle and its like, in Python or elsewhere, turn into objects again."""
    if "__loader__" in found:  # skops has a check of its own
        return
    if not REBUILT.isdisjoint(found):
        said = "It is made to be turned into objects by calling what it names"
        yield Issue("high", f"{said}: save it as plain data.", "rebuilt", place)
    if "__kind__" in found:  # GluonTS
        yield from called(found.get("class"), place)
    if isinstance(found.get("_type"), str) and CHAINS.fullmatch(found["_type"]):
        said = f"A loader of LangChain makes {found['_type']} of it, which runs what a language model writes"
        yield Issue("high", f"{said}: leave it out.", f"chain:{found['_type']}", place)
    if "lc" in found and isinstance(found.get("id"), list):  # LangChain
        name = ".".join(map(str, found["id"]))
        yield from () if name.startswith("langchain") else called(name, place)
    for key in ("@type", "$type", "@class"):
        value = found.get(key)
        if isinstance(value, str) and FOREIGN.fullmatch(value.partition(",")[0]):
            said = "It names a class of another language's library, which its reader would make"
            yield Issue("high", f"{said}: save it as plain data.", "foreign_class", place)
    yield from only_dangerous(found.get("__class__"), place)
    if isinstance(module := found.get("__module__"), str):
        yield from only_dangerous(f"{module}.{found.get('__qualname__') or found.get('__name__')}", place)


def of_map(auto_map: Any, place: str) -> Iterator[Issue]:
    """transformers loads `repository--module.Class` from elsewhere, and `module.Class` from beside."""
    texts = [text for _, text in nodes(auto_map) if isinstance(text, str)]
    if any("--" in text for text in texts):
        yield Issue("high", f"Its auto_map makes whoever trusts it {REMOTE}.", "auto_map_elsewhere", place)
    if any(paths.leaves(text) or "/" in text.partition("--")[2] for text in texts):
        yield Issue(
            "critical", "Its auto_map leads out of its folder: do not load it.", "auto_map_path", place
        )
    elif texts and not any("--" in text for text in texts):
        yield Issue("high", f"Its auto_map makes whoever trusts it {OWN}.", "auto_map", place)


def of_imports(found: dict[str, Any], place: str) -> Iterator[Issue]:
    """Names that PEFT, sentence-transformers and transformers import, each under a key of its own."""
    parent = found.get("parent_library")
    if isinstance(parent, str) and parent:
        yield from imported(f"{parent}.{found.get('base_model_class') or 'Model'}", place)
    if {"idx", "path", "type"} <= found.keys():
        yield from imported(found["type"], place)
        yield from of_paths(found, ("path",), place)
    activation = found.get("activation_function")
    if isinstance(activation, str) and "." in activation:
        yield from called(activation, place)
    for key in (
        "attn_implementation",
        "_attn_implementation",
        "custom_generate",
        "_attn_implementation_internal",
    ):
        value = found.get(key)
        if isinstance(value, str) and ("/" in value or key == "custom_generate"):
            yield Issue("high", f"Its {key} makes a loader {REMOTE}.", key, place)


def imported(target: Any, place: str) -> Iterator[Issue]:
    """A library that a loader imports: one that nobody knows comes with the file."""
    if isinstance(target, str) and not target.startswith("__main__."):
        for issue in called(target, place):
            yield replace(issue, severity="high") if issue.severity == "medium" else issue


def of_paths(found: dict[str, Any], keys: Iterable[str], place: str) -> Iterator[Issue]:
    for key in keys:
        if isinstance(found.get(key), str) and paths.leaves(found[key]):
            said = f"Its {key} leads out of its folder"
            yield Issue("critical", f"{said}: do not load it, ask who made it.", f"path:{key}", place)


def of_weights(weights: dict[str, Any], place: str) -> Iterator[Issue]:
    """An index of shards: each a file beside it."""
    if any(not isinstance(shard, str) or paths.leaves(shard) for shard in weights.values()):
        said = "Its index of weights leads out of its folder"
        yield Issue("critical", f"{said}: do not load it, ask who made it.", "weights_elsewhere", place)


def called(target: Any, place: str) -> Iterator[Issue]:
    if isinstance(target, str) and (issue := targets.judge(target, place)):
        yield issue


def only_dangerous(target: Any, place: str) -> Iterator[Issue]:
    """Many programs call such a key something else, so only what is plainly dangerous counts."""
    if isinstance(target, str) and "." in target:
        issue = targets.judge(target, place)
        if issue and issue.severity == "critical":
            yield issue


def of_mlflow(found: dict[str, Any], place: str) -> Iterator[Issue]:
    """An `MLmodel`: its loader is a module that MLflow imports."""
    if "loader_module" in found or "pickled_model" in found:
        yield from of_paths(found, MLFLOW_PATHS, place)
    loader = found.get("loader_module")
    if isinstance(loader, str) and loader and not re.fullmatch(r"mlflow(?:\.\w+)*", loader):
        severity = (
            "critical" if danger(f"{loader}.x") or loader.partition(".")[0] in targets.STANDARD else "high"
        )
        said = f"MLflow would import {loader[:100]} to load it, which is no part of MLflow"
        yield Issue(severity, f"{said}: ask its author why.", f"loader:{loader}", place)  # type: ignore[arg-type]


def of_library(found: dict[str, Any], place: str) -> Iterator[Issue]:
    """diffusers' model_index.json names libraries and classes in them, each a list of two."""
    if "_class_name" not in found:
        return
    if isinstance(found["_class_name"], list):
        yield Issue("high", f"Its pipeline makes a loader {OWN}.", "custom_pipelines", place)
    for value in found.values():
        if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str):
            root = value[0].partition(".")[0]
            if root in targets.STANDARD or danger(f"{value[0]}.{value[1]}"):
                yield from called(f"{value[0]}.{value[1]}", place)


def of_text(key: str, found: str, place: str) -> Iterator[Issue]:
    """Templates, wherever they are."""
    text = found[:LONGEST]
    if templates.is_template(text) or key == "chat_template":
        yield from templates.judge(text, place, chat=key == "chat_template")


def holds_code(text: str) -> bool:
    """Python that imports what runs programs, and calls it."""
    if not IMPORTS.search(text) or len(text) > LONGEST_CODE:
        return False
    return any(use.severity == "high" for use in python_code.uses(text))


def of_pickle(place: str) -> Iterator[Issue]:
    yield Issue("high", "It holds a pickle as a text: leave it out, or save it as data.", "pickle", place)


def of_code(found: str, place: str) -> Iterator[Issue]:
    """What a text in settings is no place for."""
    text = found[:LONGEST]
    if keras.MARSHALLED.fullmatch(text) and len(text) > 60:
        yield Issue("critical", "It holds compiled Python code: do not load it.", "code", place)
    if PICKLED.fullmatch(text):
        yield from of_pickle(place)
    if CODE.search(text) or holds_code(text):
        said = "A setting holds a command or code, which settings have no need of"
        yield Issue(
            "high", f"{said}: ask its author what it is for, and leave it out.", "code_in_setting", place
        )
    if NATIVE.fullmatch(text):
        said = "A setting names a native library, which a program would load"
        yield Issue("high", f"{said}: leave it out.", "native_library", place)
    if PRIVATE.fullmatch(text):
        said = "A setting names a file far outside of its own folder"
        yield Issue("high", f"{said}: do not load it before you know why.", "path", place)
    if METADATA.search(text):
        said = "A setting names the address at which clouds give out credentials"
        yield Issue("high", f"{said}: leave it out.", "metadata_address", place)
    if MARKUP.search(text):
        said = "A setting holds a script for browsers"
        yield Issue("high", f"{said}: leave it out.", "script", place)
