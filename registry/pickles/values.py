"""Stand-ins for what a pickle builds. Nothing is built: only what decides about names is kept."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from registry.pickles import formulas
from registry.pickles.opcodes import PLAIN, Span

Name = tuple[str, str]  # a module, and a name in it

PARTIAL: Name = ("functools", "partial")
DTYPE: Name = ("numpy", "dtype")
WRAPPER: Name = ("joblib.numpy_pickle", "NumpyArrayWrapper")
OLD_WRAPPER: Name = ("sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper")
WRAPPER_FIELDS = frozenset({"dtype", "shape", "numpy_array_alignment_bytes"})
HEAVIEST = 100_000_000  # values in a tuple and in the tuples in it
RANGE: Name = ("builtins", "range")
FRACTION: Name = ("fractions", "Fraction")
OBJECT: Name = ("builtins", "object")
TEXT: Name = ("builtins", "str")
TYPE: Name = ("builtins", "type")
SINGLETONS = frozenset({"Ellipsis", "NotImplemented"})
DILL_TYPE: Name = ("dill._dill", "_load_type")
DILL_TEXT: Name = ("dill._dill", "_eval_repr")
DILL_REPR = re.compile(r"Ellipsis|NotImplemented|range\(-?\d{1,18}, -?\d{1,18}(?:, -?\d{1,18})?\)")
CLOUDPICKLE_TYPE: Name = ("cloudpickle.cloudpickle", "_builtin_type")
# What dill and cloudpickle write for types that have no name in a module: what the module `types` calls them.
# Sources: dill/_dill.py, `_typemap`, where what is built in keeps its name; cloudpickle.py, `_builtin_type`.
METHOD: Name = ("types", "MethodType")
TYPES_BY_NAME: dict[str, Name] = {
    "MethodType": METHOD,
    "MappingProxyType": ("types", "MappingProxyType"),
    "NoneType": ("types", "NoneType"),
    "PartialType": PARTIAL,
    "SimpleNamespace": ("types", "SimpleNamespace"),
}
GETATTR: Name = ("builtins", "getattr")
ENCODE: Name = ("_codecs", "encode")
# They look something up in what they are called with, which loading never does.
ITEM_GETTER: Name = ("operator", "itemgetter")
ATTRIBUTE_GETTER: Name = ("operator", "attrgetter")
GETTERS = (ITEM_GETTER, ATTRIBUTE_GETTER)
# These load the bytes that they are given: harmless when those are constant and have been looked at.
LOADERS = frozenset({("torch.storage", "_load_from_bytes")})
# These import and look up what their arguments name.
LOOKUPS = frozenset({("numpy.core", "_ufunc_reconstruct"), ("numpy._core", "_ufunc_reconstruct")})
# Known to be safe with some arguments only: each use must be a call that was understood.
ON_CONDITION = frozenset(
    {
        GETATTR,
        TYPE,
        DILL_TYPE,
        DILL_TEXT,
        CLOUDPICKLE_TYPE,
        METHOD,
        *GETTERS,
        ("dill._dill", "_create_array"),
        *LOADERS,
        *LOOKUPS,
    }
)
KEPT = frozenset({PARTIAL, DTYPE, WRAPPER, OLD_WRAPPER, ENCODE})
# Encodings that Python itself writes: another one imports a module of its name.
ENCODINGS = frozenset({"latin1", "latin-1", "utf-8", "utf8", "ascii"})
# How much one call may ask for at once: what it makes is as large as a number says.
LARGEST_NUMBER = 1 << 28
ALLOCATES = frozenset(
    (
        *(("builtins", name) for name in ("bytearray", "bytes", "range")),
        *(("numpy", name) for name in ("zeros", "ones", "empty", "full", "ndarray")),
        *((f"numpy.{core}.multiarray", "_reconstruct") for core in ("core", "_core")),
    )
)
# So do these, of which there are many: storages, tensors, arrays of texts and of records, heaps, filters.
MAKES_ROOM = re.compile(
    r"torch\.(?:cuda\.|storage\.|_tensor\.)?\w*(?:Storage|Tensor)"
    r"|numpy\.(?:\w+\.)*(?:chararray|recarray|_m[ar]reconstruct)"
    r"|sklearn\.(?:tree|neighbors|cluster)\..+|statsmodels\.tsa\.statespace\..+"
)
# What Cython writes fills the object of any class that it is given as if it were the one in its name, also
# beyond the end of a smaller one. These are given classes that derive from theirs.
UNPICKLES = "__pyx_unpickle_"
OF_DERIVED: frozenset[Name] = frozenset(
    (
        ("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked"),
        ("pandas._libs.interval", "__pyx_unpickle_IntervalMixin"),
    )
)
# They call `__new__` of what they are given.
NEW_OBJECT = "newObj"
# They go through what they are given, or work out all of its digits: nothing that was made by a call.
GOES_THROUGH = frozenset(
    (
        *(
            ("builtins", name)
            for name in ("bytearray", "bytes", "dict", "frozenset", "int", "list", "set", "tuple")
        ),
        *(("collections", name) for name in ("Counter", "OrderedDict", "deque")),
        *(("numpy", name) for name in ("array", "asarray")),
    )
)
# Methods that honest objects hold, whatever made what they belong to.
METHODS = frozenset(
    {
        "choice",
        "fit",
        "forward",
        "get",
        "integers",
        "normal",
        "permutation",
        "predict",
        "rand",
        "randint",
        "randn",
    }
    | {"random", "random_sample", "shuffle", "standard_normal", "stem", "tokenize", "transform", "uniform"}
    | {"_lazy_load_hook"}  # of torch's layers that wait for their first input
)
# Others of these packages are known by a list only, and elsewhere those whose name says that they reach out.
REACHING = frozenset({"PIL", "geopandas", "numpy", "pandas", "polars", "pyarrow", "pyproj", "shapely"})
REACHES = re.compile(
    r"(?i)save|load|write|read|open|dump|export|import|file|path|url|link|rename|replace|remove|delete|mkdir|rmdir"
    r"|chmod|touch|exec|eval|query|apply|pipe|system|spawn|popen|shell|run|call|__|^to_|^from_|handler"
)
# What they give is shared by the whole program.
SHARED = frozenset({("logging", "getLogger"), ("re", "_compile"), ("re", "compile")})
# These give their second argument, if there is one, a call.
CALLS_SECOND = frozenset(
    ("numpy.random._pickle", f"__{name}_ctor") for name in ("randomstate", "generator", "bit_generator")
)
# These call their first argument, and give its result a state: nothing but what they were made for.
RESTORES_FIRST = {
    ("torch._tensor", "_rebuild_from_type_v2"): "torch.",
    ("torch._tensor", "_rebuild_from_type"): "torch.",
    ("dill._dill", "_create_array"): "numpy.",
}
# Fields whose text a `__setstate__` runs. Source: scipy/stats/_distn_infrastructure.py, `parse_arg_template`;
# statsmodels/base/data.py, `ModelData.__setstate__`, which evaluates a formula.
WORDS = r"[A-Za-z0-9_ ,=.]*"
TEMPLATE = re.compile(
    rf"\ndef _parse_args\(self, {WORDS}\):\n    return \({WORDS}\), {WORDS}\n"
    rf"\ndef _parse_args_rvs\(self, {WORDS}, size=None\):\n"
    rf"    return self\._argcheck_rvs\({WORDS}, size=size\)\n"
    rf"\ndef _parse_args_stats\(self, {WORDS}, moments='mv'\):\n    return \({WORDS}\), {WORDS}, moments\n"
)
TABLES = frozenset({("pandas", "DataFrame"), ("pandas.core.frame", "DataFrame")})
EVALUATED = frozenset({"restore_design_info", "restore_model_spec"})
# These call their first argument.
CALLS_FIRST = frozenset(
    (
        *(("copyreg", name) for name in ("__newobj__", "__newobj_ex__", "_reconstructor")),
        *RESTORES_FIRST,
    )
)


@lru_cache(maxsize=4096)
def allocates(callee: Name) -> bool:
    """Whether a call makes room for as much as its arguments say."""
    return callee in ALLOCATES or MAKES_ROOM.fullmatch(".".join(callee)) is not None


def may_reach(module: str, method: str) -> bool:
    """Whether a method of what was made by something in a module may do more than calculate."""
    top = module.partition(".")[0]
    strict = (top in REACHING or top in sys.stdlib_module_names) and not module.startswith("numpy.random")
    return method not in METHODS and (strict or REACHES.search(method) is not None)


class Stand:
    """Something whose content does not matter, or cannot be known."""

    __slots__ = ("what",)

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return self.what


# What an unpickler calls of an object: an attribute of that name is taken before the class's own.
HOOKS = frozenset({"__setstate__", "add", "append", "extend"})
# Tables that a call fills are not seen into.
DICTIONARIES = frozenset(
    (("builtins", "dict"), *(("collections", name) for name in ("Counter", "OrderedDict", "defaultdict")))
)
BOUND: Final = Stand("method of something made")
GETTER: Final = Stand("getter of a field")
NOT_TO_BE_CALLED: Final = (BOUND, GETTER)
STORAGE: Final = Stand("storage")
LIST: Final = Stand("list")
SET: Final = Stand("set")
UNKNOWN: Final = Stand("unknown")


class Nest(tuple[Any, ...]):
    """A tuple with tuples in it, and how many values one meets who goes through all of it."""

    weight: int


def nest(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """As it is, unless it holds tuples. They may double with each level."""
    inner = [
        item.weight if isinstance(item, Nest) else len(item) for item in items if isinstance(item, tuple)
    ]
    if not inner:
        return items
    made = Nest(items)
    made.weight = min(len(items) + sum(inner), HEAVIEST + 1)
    return made


class Table:
    """A dictionary. Kept are the fields of a wrapper, and whether a value is a dtype of objects."""

    __slots__ = (
        "calls",
        "empty",
        "ends",
        "fields",
        "hooks",
        "of_columns",
        "of_objects",
        "plain",
        "restores",
        "safe_formula",
    )

    def __init__(self) -> None:
        self.empty = True
        self.plain = True  # its keys stand in the pickle, and none has a text that would be run
        self.restores = False  # a formula would be evaluated
        self.safe_formula: bool | None = None
        self.calls = False  # in it a function is called, which a column may stand for
        self.of_columns: bool | None = None  # the columns are those of a table of pandas
        self.fields: dict[str, Any] | None = None
        self.hooks: frozenset[str] = frozenset()  # of which something could be called
        self.of_objects = False
        self.ends = (0, 0)  # the first and the last place that it names, as the fields of a dtype

    @property
    def harmless(self) -> bool:
        """As a state of which some classes run a text."""
        safe = self.safe_formula is True and (not self.calls or self.of_columns is True)
        return self.plain and (not self.restores or safe)

    def _look_at(self, key: Any, value: Any) -> None:
        if not isinstance(key, str):
            self.plain = False
        elif key == "_parse_arg_template":
            self.plain &= isinstance(value, str) and bool(TEMPLATE.fullmatch(value))
        elif key in EVALUATED:
            self.restores = True
        elif key == "formula":
            text = value if isinstance(value, str) else "("
            self.calls |= not formulas.is_plain(text)
            safe = formulas.is_plain(text) or formulas.only_computes(text)
            self.safe_formula = safe and self.safe_formula is not False
        elif key == "frame":
            table = isinstance(value, Made) and value.by.key in TABLES
            self.of_columns = table and self.of_columns is not False

    def put(self, key: Any, value: Any) -> None:
        self.empty = False
        self._look_at(key, value)
        if isinstance(key, str) and key in HOOKS and isinstance(value, Global | Made | Stand):
            self.hooks |= {key}
        if isinstance(key, str) and key in WRAPPER_FIELDS:
            self.fields = {**(self.fields or {}), key: value}
        if isinstance(value, tuple) and value:
            if len(value) > 1 and isinstance(value[1], int):
                self.ends = min(self.ends[0], value[1]), max(self.ends[1], value[1])
            value = value[0]
        if isinstance(value, Made) and value.of_objects:
            self.of_objects = True


@dataclass(slots=True, eq=False)
class Global:
    """A name that is looked up in a module, which is imported for it."""

    module: str
    name: str
    offset: int
    called: bool = False
    changed: bool = False  # attributes of the thing itself are set, not of something that it made
    uses: int = 0  # how often it was put on the stack
    fed: bool = False  # called with something
    excused: int = 0  # how often that was for a call whose arguments make it harmless
    bound: bool = False  # a method of a class that is known, for something that was made

    @property
    def key(self) -> Name:
        return self.module, self.name


@dataclass(slots=True, eq=False)
class Made:
    """What a call gave. Arguments and state are kept for those few whose meaning lies in them."""

    by: Global
    arguments: Any = PLAIN
    state: Any = None
    of_objects: bool = False  # a dtype whose items are, or hold, Python objects
    is_instance: bool = False  # of the class itself, by its `__new__`: no text unless that is `str`

    @property
    def is_text(self) -> bool:
        return self.by.key in {TEXT, ENCODE}

    @property
    def may_be_text(self) -> bool:
        return self.is_text or not (self.is_instance or self.by.key in KEPT)

    def __post_init__(self) -> None:
        if self.by.key == DTYPE and isinstance(self.arguments, tuple) and self.arguments:
            code = self.arguments[0]
            self.of_objects = isinstance(code, str) and ("O" in code or code == "object")

    def restore(self, state: Any) -> None:
        """Its state, once it is complete: worked out now, so that no depth of nesting costs a recursion."""
        self.state = state
        if self.by.key == DTYPE:
            self.of_objects = self.of_objects or holds_objects(state)


def holds_objects(state: Any) -> bool:
    """Whether the state of a dtype, as `numpy.dtype.__setstate__` takes it, names fields of objects."""
    if not isinstance(state, tuple) or len(state) < 5:
        return False
    within = state[2]
    inner = within[0] if isinstance(within, tuple) and within else within
    return any(value.of_objects for value in (inner, state[4]) if isinstance(value, Made | Table))


def reaches_beyond(state: Any) -> bool:
    """Whether fields lie before the item or behind its end, where they would show whatever memory holds."""
    match state:
        case (_, _, _, _, Table(ends=(first, last)), int(size), *_):
            return first < 0 or last > size
    return False


def says_objects(state: Any) -> bool:
    """Whether the state of a dtype admits it: bit 1 of its flags (NPY_ITEM_HASOBJECT)."""
    return isinstance(state, tuple) and len(state) > 7 and isinstance(state[7], int) and bool(state[7] & 1)


@dataclass(slots=True, eq=False)
class Doubt:
    """Something that cannot be told from the bytes, and whether it would be called."""

    kind: str
    offset: int
    called: bool = False


@dataclass(slots=True)
class Seen:
    """What one or several pickles would do."""

    names: dict[Name, Global] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    loaded: set[Span] = field(default_factory=set)  # constant bytes that a known loader would load
    named_at: set[int] = field(default_factory=set)  # where names stand, as far as they are kept

    def merge(self, other: Seen) -> None:
        for key, found in other.names.items():
            mine = self.names.setdefault(key, found)
            if mine is not found:
                mine.called |= found.called
                mine.changed |= found.changed
                mine.fed |= found.fed
                mine.uses += found.uses
                mine.excused += found.excused
        for kind, doubt in other.doubts.items():
            self.doubts.setdefault(kind, doubt).called |= doubt.called
        self.loaded |= other.loaded
        self.named_at |= other.named_at
