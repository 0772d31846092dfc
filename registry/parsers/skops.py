"""skops: which types a schema names, and by which loader each one would be made.

Source: skops/io/_general.py, _sklearn.py, _numpy.py (nodes and what they do), CVE-2025-54412,
CVE-2025-54413 and CVE-2025-54886 (nodes whose type is not what they load). Objects are made without their
constructor, so a class of a known library passes; functions come from a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.parsers import Malformed, strict_json, words
from registry.pickles import names

LIBRARIES = words(
    "sklearn xgboost lightgbm catboost imblearn scipy quantile_forest pandas category_encoders sktime"
)
CLASS = re.compile(r"_?[A-Z]\w*")
NODES = words(
    """
    TypeNode JsonNode NdArrayNode ListNode DictNode ObjectNode TupleNode TreeNode RandomStateNode
    SliceNode LossNode DefaultDictNode BytesNode BytearrayNode FunctionNode RandomGeneratorNode DTypeNode
    SetNode MaskedArrayNode SparseMatrixNode OrderedDictNode PartialNode SGDNode ReduceNode MethodNode
    OperatorFuncNode CachedNode QuantileForestNode ConstructorFromReduceNode _DictWithDeprecatedKeysNode
    Node
    """
)
OWN = {"RandomStateNode": "numpy.random", "RandomGeneratorNode": "numpy.random", "DTypeNode": "numpy"}
UFUNCS = words(
    """
    abs absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh cbrt ceil clip conj cos cosh
    deg2rad degrees divide equal exp exp2 expm1 fabs floor floor_divide fmax fmin fmod greater isfinite
    isinf isnan less log log10 log1p log2 logaddexp maximum minimum mod multiply negative positive power
    rad2deg radians reciprocal remainder rint sign sin sinh sqrt square subtract tan tanh trunc expit
    logit erf erfc gammaln
    """
)
CURE = (
    "save it again with skops from known types, or a steward who is not the author accepts exactly this name."
)


def judge(text: str, place: str) -> Iterator[Issue]:
    try:
        schema = strict_json.loads(text)
        tables = [found for _, found in strict_json.nodes(schema) if isinstance(found, dict)]
    except strict_json.Repeated as error:
        raise Malformed("has the same key twice in its schema.") from error
    except ValueError as error:
        raise Malformed("has a schema that is no JSON or too deep.") from error
    told: set[str] = set()
    for table in tables:
        if "__loader__" in table or "__module__" in table:
            for issue in of_node(table, place):
                if issue.name not in told:
                    told.add(issue.name)
                    yield issue


def of_node(table: dict[str, Any], place: str) -> Iterator[Issue]:
    loader, module, name = (str(table.get(key, "")) for key in ("__loader__", "__module__", "__class__"))
    if loader not in NODES:
        yield Issue(
            "high",
            f"It would be made by {loader}, which skops does not have: {CURE}",
            f"loader:{loader}",
            place,
        )
    if loader == "MethodNode" or (loader == "OperatorFuncNode" and name != "itemgetter"):
        said = f"It would call {name} of an object in the file"
        yield Issue("high", f"{said}: {CURE}", f"{loader}:{name}", place)
    if loader == "OperatorFuncNode" and module not in {"operator", "_operator"}:
        yield Issue(
            "critical", f"A node of operators names {module}.{name}: {CURE}", f"{module}.{name}", place
        )
    yield from of_name(loader, module, name, place)


def of_name(loader: str, module: str, name: str, place: str) -> Iterator[Issue]:
    verdict = names.judge(module, name)
    if verdict.kind == "dangerous":
        text = f"Loading it would use {verdict.name}, which {verdict.what}: do not load it, ask who made it."
        yield Issue("critical", text, verdict.name, place)
    elif verdict.kind == "unknown" and not passes(loader, module, name):
        text = f"Loading it would import {verdict.name}, which is not known to be safe: {CURE}"
        yield Issue("high", text, verdict.name, place)


def passes(loader: str, module: str, name: str) -> bool:
    """What the list of pickles does not hold, since there it would be called."""
    if loader == "FunctionNode":
        return module in {"numpy", "scipy.special"} and name in UFUNCS
    if loader in OWN:
        return module.startswith(OWN[loader])
    if loader == "OperatorFuncNode":
        return name == "itemgetter"
    if loader == "PartialNode":
        return (module, name) == ("functools", "partial")
    if loader == "TypeNode" and module == "numpy":
        return bool(re.fullmatch(r"(?:float|int|uint|bool|complex|str|object|datetime|timedelta)_?\d*", name))
    return module.partition(".")[0] in LIBRARIES and bool(CLASS.fullmatch(name))
