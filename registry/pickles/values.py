"""Stand-ins for what a pickle builds. Nothing is built: only what decides about names is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from registry.pickles.opcodes import PLAIN

Name = tuple[str, str]  # a module, and a name in it

PARTIAL: Name = ("functools", "partial")
DTYPE: Name = ("numpy", "dtype")
WRAPPER: Name = ("joblib.numpy_pickle", "NumpyArrayWrapper")
WRAPPER_FIELDS = frozenset({"dtype", "shape", "numpy_array_alignment_bytes"})
KEPT = frozenset({PARTIAL, DTYPE, WRAPPER})
# These import and look up what their arguments name.
LOOKUPS = frozenset({("numpy.core", "_ufunc_reconstruct"), ("numpy._core", "_ufunc_reconstruct")})
# These call their first argument.
CALLS_FIRST = frozenset(("copyreg", name) for name in ("__newobj__", "__newobj_ex__", "_reconstructor"))


class Stand:
    """Something whose content does not matter, or cannot be known."""

    __slots__ = ("what",)

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return self.what


LIST: Final = Stand("list")
SET: Final = Stand("set")
UNKNOWN: Final = Stand("unknown")


class Table:
    """A dictionary. Kept are the fields of a wrapper, and whether a value is a dtype of objects."""

    __slots__ = ("fields", "of_objects")

    def __init__(self) -> None:
        self.fields: dict[str, Any] | None = None
        self.of_objects = False

    def put(self, key: Any, value: Any) -> None:
        if isinstance(key, str) and key in WRAPPER_FIELDS:
            self.fields = {**(self.fields or {}), key: value}
        if isinstance(value, tuple) and value:
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

    @property
    def key(self) -> Name:
        return self.module, self.name


@dataclass(slots=True, eq=False)
class Made:
    """What a call gave. Arguments and state are kept for those few whose meaning lies in them."""

    by: Global
    arguments: Any = PLAIN
    state: Any = None

    @property
    def of_objects(self) -> bool:
        """Whether this is a dtype whose items are, or hold, Python objects."""
        if self.by.key != DTYPE or not isinstance(self.arguments, tuple) or not self.arguments:
            return False
        code = self.arguments[0]
        return (isinstance(code, str) and ("O" in code or code == "object")) or holds_objects(self.state)


def holds_objects(state: Any) -> bool:
    """Whether the state of a dtype, as `numpy.dtype.__setstate__` takes it, names fields of objects."""
    if not isinstance(state, tuple) or len(state) < 5:
        return False
    within = state[2]
    inner = within[0] if isinstance(within, tuple) and within else within
    return any(value.of_objects for value in (inner, state[4]) if isinstance(value, Made | Table))


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

    def merge(self, other: Seen) -> None:
        for key, found in other.names.items():
            mine = self.names.setdefault(key, found)
            mine.called |= found.called
            mine.changed |= found.changed
        for kind, doubt in other.doubts.items():
            self.doubts.setdefault(kind, doubt).called |= doubt.called
