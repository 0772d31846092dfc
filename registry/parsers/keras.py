"""What a Keras configuration would import, call or read when it is turned into a model.

Keras imports the module that a configuration names and takes a class or function from it, so names come
from a list. Sources: keras/src/saving/serialization_lib.py (`deserialize_keras_object`), the older format
in HDF5 (`model_config`), CVE-2024-3660 and CVE-2025-1550 (modules), CVE-2025-8747 (`get_file`),
CVE-2025-9905, CVE-2025-9906 (HDF5, unsafe settings),
CVE-2025-12058 (vocabularies that are paths), CVE-2025-49655 (torch).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from registry.checks import Issue, Severity
from registry.parsers import operations
from registry.parsers.strict_json import TooDeep, nodes

LIBRARIES = "keras_hub keras_nlp keras_cv keras_core keras_rs keras_tuner autokeras tensorflow_addons"
ROOTS = ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras", *LIBRARIES.split())
BAD_PARTS = frozenset(
    {"testing", "utils", "saving", "config", "backend", "export", "trainers", "callbacks", "datasets"}
)
# Those that Keras has for PyTorch below it. Source: keras/src/backend/torch/optimizers.
OPTIMIZERS = re.compile(r"keras\.src\.backend\.torch\.optimizers(?:\.\w+)?")
LAMBDAS = frozenset({"Lambda", "__lambda__"})
WRAPPERS = {
    "TorchModuleWrapper": ("critical", "holds a pickled PyTorch module, which is loaded with it"),
    "TFSMLayer": ("high", "loads another model from a path that the file names"),
    "JaxLayer": ("high", "calls functions that the file names"),
    "FlaxLayer": ("high", "calls functions that the file names"),
}
TABLES = frozenset({"StringLookup", "IntegerLookup", "TextVectorization", "IndexLookup", "Lookup"})
MARSHALLED = re.compile(r"\s*(?:4w|Yw|YA)[A-Za-z0-9+/\s]{20,}={0,2}\s*")
READERS = "get_file load_model load_weights model_from_json deserialize deserialize_keras_object"
RUNNERS = "eval exec system popen import_module run_module enable_unsafe_deserialization set_floatx"
CALLED = frozenset(f"{READERS} {RUNNERS}".split())
DANGEROUS = re.compile(
    r"(?:builtins|os|posix|nt|subprocess|sys|importlib|runpy|pickle|_pickle|marshal|ctypes|shutil|socket|pty|code|"
    r"commands|timeit|pdb|bdb|cProfile|webbrowser|multiprocessing|asyncio|urllib|http|ftplib|smtplib|tempfile|"
    r"pathlib|io|operator|functools|types|inspect|threading|dill|cloudpickle|joblib|torch|numpy|pip)(?:\..*)?"
)
PATH = re.compile(r"^(?:[/\\~]|[A-Za-z]:[/\\]|[a-z0-9]+://|\.\.?[/\\])|[/\\]|\.(?:txt|csv|json|tsv|vocab)$")
# Parts of TensorFlow that a layer made of one operation may name, and that reach beyond tensors.
TENSORFLOW = re.compile(
    r"(?:io|saved_model|load_\w+|py_func\w*|numpy_func\w*|raw_ops|data|debugging|summary|train|distribute|autograph|compat|"
    r"config|sysconfig|feature_column|estimator|keras|print|eval|exec|function)\b"
)
OLD_NAME = re.compile(r"^(?:compat\.v[12]\.)+")
FUNCTIONS = frozenset({"TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceMethod"})
OPERATION = re.compile(r"""['"]?op['"]?\s*:\s*['"](\w+)['"]""")
CURE = "do not load it; ask for weights alone, or for the model without it."


def looks_like_keras(value: Any) -> bool:
    """Whether a JSON value is the configuration of a model, or of something in one."""
    return isinstance(value, dict) and "class_name" in value and ("config" in value or "module" in value)


def judge(config: Any, place: str) -> Iterator[Issue]:
    """Every table anywhere in it, whatever key it lies under."""
    told: set[str] = set()
    try:
        for _, found in nodes(config):
            for issue in of_value(found, place):
                if issue.name not in told:
                    told.add(issue.name)
                    yield issue
    except TooDeep:
        yield Issue("high", f"Its configuration is nested too deeply to be read: {CURE}", "too_deep", place)


def of_value(found: Any, place: str) -> Iterator[Issue]:
    if isinstance(found, str):
        yield from of_text(found, place)
    elif isinstance(found, dict):
        yield from of_table(found, place)


def of_text(found: str, place: str) -> Iterator[Issue]:
    if MARSHALLED.fullmatch(found) and len(found) > 60:
        yield issue("critical", "It holds compiled Python code, which loading would run", "code", place)
    elif found.startswith(("{", "[")) and '"class_name"' in found:
        yield from of_nested(found, place)


def of_nested(found: str, place: str) -> Iterator[Issue]:
    """A configuration inside a text, as preprocessing layers keep theirs."""
    try:
        yield from judge(json.loads(found), place)
    except (ValueError, RecursionError):
        return


def of_table(found: dict[str, Any], place: str) -> Iterator[Issue]:
    name = simple(found.get("class_name"))
    config = found.get("config")
    module = found.get("module")
    if (
        name in LAMBDAS
        or simple(found.get("registered_name")) in LAMBDAS
        or found.get("function_type") == "lambda"
    ):
        yield issue(
            "critical", "A Lambda layer holds code, which loading or using it would run", "lambda", place
        )
    if name in WRAPPERS:
        severity, what = WRAPPERS[name]
        yield issue(severity, f"A layer {name} {what}", f"layer:{name}", place)
    if name in TABLES and isinstance(config, dict):
        yield from of_vocabulary(config, place)
    yield from of_tensorflow(name, config, place)
    if module is None and DANGEROUS.fullmatch(full := str(found.get("class_name")).replace(">", ".")):
        yield named("critical", full, "", place)
    if isinstance(module, str) and "class_name" in found:
        yield from of_module(module, found, place)
    for key in ("module", "fn_module", "function_module", "output_shape_module", "mask_module"):
        value = found.get(key)
        if isinstance(value, str) and "class_name" not in found and DANGEROUS.fullmatch(value):
            yield named("critical", value, "", place)
    if found.get("function_type") == "function" or found.get("output_shape_type") == "lambda":
        yield issue("high", "A layer calls a function that the file names", "function", place)


def of_tensorflow(name: str, config: Any, place: str) -> Iterator[Issue]:
    """Layers that are one operation, or one function, of TensorFlow's."""
    if not isinstance(config, dict):
        return
    if name == "TensorFlowOpLayer":
        yield from of_operation(config.get("node_def"), place)
    if name in FUNCTIONS and TENSORFLOW.match(OLD_NAME.sub("", str(config.get("function", "")))):
        said = f"A layer calls {config['function']} of TensorFlow, which works on files or runs code"
        yield issue("critical", said, f"function:{config['function']}", place)
    if name in FUNCTIONS and DANGEROUS.fullmatch(str(config.get("cls_ref", ""))):
        yield named("critical", str(config["cls_ref"]), "", place)


def simple(name: Any) -> str:
    """`Package>Name` and `a.b.Name` are Name."""
    return re.split(r"[>.]", name)[-1].strip() if isinstance(name, str) else ""


def of_vocabulary(config: dict[str, Any], place: str) -> Iterator[Issue]:
    """A list of words is honest; a path would be read when the layer is made, whatever it leads to."""
    for key in ("vocabulary", "idf_weights", "vocabulary_file"):
        value = config.get(key)
        if isinstance(value, str) and value:
            said = "A layer would read its words from a path that the file names"
            yield issue("high", said, "vocabulary_path", place)


def of_module(module: str, found: dict[str, Any], place: str) -> Iterator[Issue]:
    """The module that Keras would import, and what it would take from there."""
    name = str(found.get("class_name"))
    target = found.get("config")
    called = target if name == "function" and isinstance(target, str) else name
    if module == "builtins" and name in {"function", "dict", "tuple", "list", "slice", "NoneType"}:
        yield from of_builtin(name, str(called), found, place)
    elif not under(module, ROOTS):
        known = module == "tensorflow" or under(module, ("tensorflow.python.framework",))
        if not known or name == "function" or not name[:1].isupper():
            severity: Severity = "critical" if DANGEROUS.fullmatch(module) else "high"
            yield named(severity, module, called, place)
    elif simple(called) in CALLED or not harmless(module):
        yield named("critical" if simple(called) in CALLED else "high", module, called, place)


def of_operation(node: Any, place: str) -> Iterator[Issue]:
    """An operation of TensorFlow's as a layer, as JSON in a text or as a table."""
    text = node if isinstance(node, str) else json.dumps(node)
    for operation in OPERATION.findall(text):
        if operation in operations.RUNS:
            said = f"A layer is the operation {operation}, which runs code or works on files"
            yield issue("critical", said, f"operation:{operation}", place)


def of_builtin(name: str, called: str, found: dict[str, Any], place: str) -> Iterator[Issue]:
    """Keras looks a function of its own up by its bare name; anything else needs code of somebody's."""
    registered = str(found.get("registered_name") or "")
    if name != "function":
        return
    if called in {"eval", "exec", "compile", "open", "__import__", "getattr", "input", "breakpoint"}:
        yield named("critical", "builtins", called, place)
    elif registered not in {"function", called} or "." in called:
        yield named("high", "builtins", called, place)
    else:
        yield Issue(
            "medium", "It needs a function of its author's own to load: push it along.", "custom", place
        )


def under(module: str, roots: tuple[str, ...]) -> bool:
    return any(module == root or module.startswith(f"{root}.") for root in roots)


def harmless(module: str) -> bool:
    """A part of Keras that holds layers and their like, and not one that reads files or runs things."""
    if OPTIMIZERS.fullmatch(module):
        return True
    parts = module.split(".")
    return BAD_PARTS.isdisjoint(parts) and all(re.fullmatch(r"[A-Za-z_]\w*", part) for part in parts)


def named(severity: Severity, module: str, name: str, place: str) -> Issue:
    full = f"{module}.{name}".rstrip(".")
    return issue(severity, f"Loading would import {full}, which is no part of Keras for models", full, place)


def issue(severity: str, said: str, name: str, place: str) -> Issue:
    return Issue(severity, f"{said}: {CURE}", name, place)  # type: ignore[arg-type]
