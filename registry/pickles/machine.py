"""A pickle machine that only pretends: it keeps stack, memo and marks, and writes down every name that a
real one would import, whether it would be called, and what cannot be told beforehand.
"""

from __future__ import annotations

import _compat_pickle
from collections.abc import Callable
from math import prod
from typing import Any, Final

from registry.pickles import names
from registry.pickles.opcodes import (
    HIGHEST_PROTOCOL,
    PLAIN,
    Budget,
    Plain,
    Source,
    Span,
    Spent,
    Unreadable,
    operations,
)
from registry.pickles.values import (
    ALLOCATES,
    BOUND,
    CALLS_FIRST,
    CALLS_SECOND,
    CLOUDPICKLE_TYPE,
    DICTIONARIES,
    DILL_REPR,
    DILL_TEXT,
    DILL_TYPE,
    DTYPE,
    ENCODE,
    ENCODINGS,
    FRACTION,
    GETATTR,
    GETTER,
    GETTERS,
    GOES_THROUGH,
    HEAVIEST,
    ITEM_GETTER,
    KEPT,
    LARGEST_NUMBER,
    LIST,
    LOADERS,
    LOOKUPS,
    METHOD,
    NEW_OBJECT,
    NOT_TO_BE_CALLED,
    OBJECT,
    OF_DERIVED,
    OLD_WRAPPER,
    PARTIAL,
    RANGE,
    RESTORES_FIRST,
    SET,
    SHARED,
    SINGLETONS,
    STORAGE,
    TYPE,
    TYPES_BY_NAME,
    UNKNOWN,
    UNPICKLES,
    WRAPPER,
    Doubt,
    Global,
    Made,
    Name,
    Nest,
    Seen,
    Stand,
    Table,
    allocates,
    may_reach,
    nest,
    reaches_beyond,
    says_objects,
)

MOST_ITEMS = 1000  # of a tuple that is kept
MOST_PLACES = 100_000  # where names stand; what is forgotten is only looked at once more
DEEPEST = 10_000  # marks within marks; Python's own pickler ends at a tenth of it
NOT_KEPT = (Plain, int, float, bytes, type(None))
Action = Callable[["Machine", Any], None]


class Machine:
    """Runs one pickle. `seen` holds what it would do, also when it cannot be read to its end."""

    def __init__(self, source: Source, budget: Budget | None = None) -> None:
        self.source = source
        self.budget = budget or Budget()
        self.seen = Seen()
        self.steps = 0
        self.announced = False  # it began with its protocol
        self.has_arrays = False  # wrappers, behind which joblib expects raw bytes
        self._offset = 0
        self._frame_end = 0
        self._stack: list[Any] = []
        self._marked: list[list[Any]] = []
        self._memo: dict[int, Any] = {}
        self._asked = 0  # how much memory by numbers alone
        self._filled = 0  # places of the memo that are taken, in a row from the first
        self._far: set[int] = set()  # those beyond
        self._newest: tuple[Any, ...] | None = None  # tuple, until it was called with
        self._made: dict[tuple[Name, bool], Made] = {}
        self._hooked: set[Name] = set()  # whose objects have something of their own where a method is called

    def run(self) -> None:
        """To STOP; `Unreadable` when no unpickler would come that far, `Spent` when this goes too far."""
        try:
            self._run(self.budget.steps)
        except (IndexError, KeyError) as error:
            raise Unreadable(f"takes what is not there at byte {self._offset:,}.") from error
        except RecursionError as error:
            raise Unreadable(f"calls calls of calls at byte {self._offset:,}.") from error
        finally:
            self.budget.steps -= self.steps

    def _run(self, most: int) -> None:
        for offset, code, argument in operations(self.source):
            self._offset = offset
            ACTIONS[code](self, argument)
            self.steps += 1
            if self.steps > most or len(self._memo) > Budget.KEPT or len(self._stack) > Budget.KEPT:
                self.budget.steps = -1
                raise Spent("holds more than is followed.")

    # Stack, marks and memo

    def push(self, value: Any) -> None:
        self._stack.append(value)

    def push_table(self, _: None) -> None:
        self._stack.append(Table())

    def mark(self, _: None) -> None:
        self._marked.append(self._stack)
        self._stack = []
        if len(self._marked) > DEEPEST:
            raise Unreadable("nests deeper than any library does.")

    def pop_mark(self, _: None = None) -> list[Any]:
        items = self._stack
        self._stack = self._marked.pop()
        return items

    def pop(self, _: None) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self.pop_mark()

    def duplicate(self, _: None) -> None:
        self._again(self._stack[-1])

    def memoize(self, _: None) -> None:
        self.seen.named_at.clear()  # who begins at one of them counts otherwise, so the memo holds others
        self._remember(self._filled + len(self._far), self._stack[-1])

    def put(self, place: int) -> None:
        self._remember(place, self._stack[-1])

    def get(self, place: int) -> None:
        value = self._memo.get(place, PLAIN)
        if value is PLAIN and not self._is_taken(place):
            raise KeyError(place)
        self._again(value)

    def _again(self, value: Any) -> None:
        if isinstance(value, Global):
            value.uses += 1
        elif isinstance(value, tuple) and len(value) == 2:
            # A method and its object may be arguments of something else as well.
            for each in value:
                if isinstance(each, Global):
                    each.uses += 1
        self._stack.append(value)

    def _remember(self, place: int, value: Any) -> None:
        """A memo of millions of numbers is only counted: values of interest alone are kept."""
        if place == self._filled:
            self._filled += 1
            self._far.discard(place)
        elif place > self._filled and place not in self._far:
            self._far.add(place)
            if len(self._far) > Budget.KEPT:
                self.budget.steps = -1
                raise Spent("remembers more than is followed.")
        if not isinstance(value, NOT_KEPT):
            self._memo[place] = value
        elif place in self._memo:
            del self._memo[place]

    def _is_taken(self, place: int) -> bool:
        return place < self._filled or place in self._far

    # Frames and protocols

    def protocol(self, number: int) -> None:
        """A first one that does not exist yet announces nothing, and what follows is read all the same."""
        if number > HIGHEST_PROTOCOL and self.steps:
            raise Unreadable(f"names protocol {number}, which does not exist.")
        self.announced |= self.steps == 0 and number <= HIGHEST_PROTOCOL

    def frame(self, size: int) -> None:
        self._frame_end = self.source.position + size

    def stop(self, _: None) -> None:
        """What takes a field is honest as a part of something, and all there is in nothing honest."""
        if self._stack.pop() is GETTER:
            for key in self.seen.names.keys() & set(GETTERS):
                self.seen.names[key].excused = 0

    # Containers

    def tuple_of(self, count: int) -> None:
        items = tuple(self._stack[len(self._stack) - count :])
        if len(items) < count:
            raise IndexError
        del self._stack[len(self._stack) - count :]
        self._push_tuple(items)

    def tuple_of_marked(self, _: None) -> None:
        self._push_tuple(tuple(self.pop_mark()))

    def _push_tuple(self, items: tuple[Any, ...]) -> None:
        made = nest(items)
        if isinstance(made, Nest) and made.weight > HEAVIEST:
            self._doubt("nested", called=True)
        self._newest = made
        self._stack.append(made if len(items) <= MOST_ITEMS else PLAIN)

    def marked_becomes(self, stand: Stand) -> None:
        self.pop_mark()
        self._stack.append(stand)

    def table_of_marked(self, _: None) -> None:
        items = self.pop_mark()
        table = Table()
        self._fill(table, items)
        self._stack.append(table)

    def append(self, _: None) -> None:
        self._stack.pop()
        self._lengthen(self._stack[-1])

    def extend(self, _: None) -> None:
        self.pop_mark()
        self._lengthen(self._stack[-1])

    def _lengthen(self, target: Any) -> None:
        """By a method of its own."""
        self._change(target)
        if isinstance(target, Made) and target.by.key in self._hooked:
            self._doubt("hidden_call", called=True)

    def set_item(self, _: None) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        self._fill(self._stack[-1], [key, value])

    def set_items(self, _: None) -> None:
        items = self.pop_mark()
        self._fill(self._stack[-1], items)

    def _fill(self, target: Any, items: list[Any]) -> None:
        self._change(target)
        if isinstance(target, Table):
            for key, value in zip(items[::2], items[1::2], strict=False):
                target.put(key, value)

    def _change(self, target: Any) -> None:
        if isinstance(target, Global):
            target.changed = True

    # Names

    def global_of(self, where: Name) -> None:
        if len(self.seen.named_at) < MOST_PLACES:
            self.seen.named_at.add(self._offset)
        self._stack.append(self._find(*where))

    def stack_global(self, _: None) -> None:
        name, module = self._stack.pop(), self._stack.pop()
        self._stack.append(self._named(module, name))

    def _named(self, module: Any, name: Any) -> Any:
        """What two values of the stack name; unknown when they are not in the bytes as they stand."""
        if isinstance(module, str) and isinstance(name, str):
            return self._find(module, name)
        if all(may_be_text(value) for value in (module, name)):
            return self._doubt("hidden_name")
        raise Unreadable(f"names something by what is no text at byte {self._offset:,}.")

    def _find(self, module: str, name: str) -> Global:
        """Names of Python 2 count as what Python 3 makes of them."""
        module, name = _compat_pickle.NAME_MAPPING.get((module, name), (module, name))
        module = _compat_pickle.IMPORT_MAPPING.get(module, module)
        found = self.seen.names.get((module, name))
        if found is None:
            found = self.seen.names[(module, name)] = Global(module, name, self._offset)
        found.uses += 1
        return found

    def _doubt(self, kind: str, called: bool = False) -> Stand:
        doubt = self.seen.doubts.setdefault(kind, Doubt(kind, self._offset))
        doubt.called |= called
        return UNKNOWN

    def doubtful(self, kind: str) -> None:
        self._stack.append(self._doubt(kind))

    def persistent(self, _: None) -> None:
        """What the loading program is asked for by a value: known are the two kinds that torch asks for.

        Source: torch/serialization.py, `persistent_id` in `_save` and `_legacy_save`.
        """
        match self._stack.pop():
            case ("storage", Global(), str() | int() | Span(), str(), int() | Plain(), *_):
                self._stack.append(STORAGE)
            case ("module", Global() as kind, *_):
                self._stack.append(kind)
            case _:
                self._stack.append(self._doubt("persistent_id"))

    # Calls

    def reduce(self, _: None) -> None:
        arguments, callee = self._stack.pop(), self._stack.pop()
        self._stack.append(self._call(callee, arguments))

    def new_object(self, _: None) -> None:
        arguments, kind = self._stack.pop(), self._stack.pop()
        self._stack.append(self._call(kind, arguments, new=True))

    def new_object_with_names(self, _: None) -> None:
        names, arguments, callee = self._stack.pop(), self._stack.pop(), self._stack.pop()
        self._by_names(callee, names)
        self._stack.append(self._call(callee, arguments, new=True))

    def _by_names(self, callee: Any, names: Any) -> None:
        """Arguments by their names pass by what judges them by their place: nothing honest does so there."""
        if (isinstance(names, Table) and names.empty) or not isinstance(callee, Global):
            return
        callee.fed = True
        by_place = (ALLOCATES, GOES_THROUGH, CALLS_FIRST, CALLS_SECOND, FOLLOWED)
        if any(callee.key in judged for judged in by_place):
            self._doubt("hidden_call", called=True)

    def instance(self, where: Name) -> None:
        arguments = tuple(self.pop_mark())
        self._stack.append(self._call(self._find(*where), arguments))

    def object_of_marked(self, _: None) -> None:
        callee, *arguments = self.pop_mark() or [PLAIN]
        self._stack.append(self._call(callee, tuple(arguments)))

    def _call(self, callee: Any, arguments: Any, new: bool = False) -> Any:
        if isinstance(callee, Made) or callee in (UNKNOWN, *NOT_TO_BE_CALLED):
            return self._doubt("hidden_call", called=True)
        if not isinstance(callee, Global):
            raise Unreadable(f"calls what cannot be called at byte {self._offset:,}.")
        if "." in callee.name and names.is_member(callee.module, callee.name):
            self._doubt("hidden_call", called=True)
        callee.called = True
        callee.fed |= arguments != ()
        if (follow := FOLLOWED.get(callee.key)) is not None:
            return follow(self, callee, arguments)
        self._check_arguments(callee, arguments)
        if callee.key in CALLS_FIRST:
            return self._call_first(callee, arguments)
        if callee.key in KEPT:
            return Made(callee, arguments)
        return self._made.setdefault((callee.key, new), Made(callee, is_instance=new))

    def _call_first(self, callee: Global, arguments: Any) -> Any:
        """The first argument is called, with some of the others."""
        if not isinstance(arguments, tuple) or not arguments:
            return self._doubt("hidden_call", called=True)
        for base in arguments[1:2]:
            if isinstance(base, Global) and base.key != OBJECT:  # its `__init__` is called
                base.fed = True
        if callee.name == "__newobj_ex__":
            self._by_names(arguments[0], arguments[2] if len(arguments) == 3 else PLAIN)
        return self._call(arguments[0], passed_on(callee, arguments), callee.module == "copyreg")

    def _look_up(self, callee: Global, arguments: Any) -> Any:
        if isinstance(arguments, tuple) and len(arguments) == 2:
            callee.excused += 1
            return self._named(*arguments)
        return self._doubt("hidden_name")

    def _attribute(self, callee: Global, arguments: Any) -> Any:
        """`getattr(a class, "a text")` is another name: how older protocols write what a class holds."""
        match arguments:
            case (Global(module=module, name=name), str(attribute)) if attribute.isidentifier():
                callee.excused += 1
                return self._find(module, f"{name}.{attribute}")
            case (Made(by=Global(module=module, name=name)), str(attribute)) if attribute.isidentifier():
                callee.excused += 1
                if may_reach(module, attribute):
                    self._find(module, f"{name}.{attribute}")
                return BOUND
        return self._doubt("hidden_name")

    def _getter(self, callee: Global, arguments: Any) -> Any:
        """What takes a column or a field from whatever it is called with; nothing may call it here."""
        if isinstance(arguments, tuple) and arguments and all(map(is_place(callee), arguments)):
            callee.excused += 1
        return GETTER

    def _kind(self, callee: Global, arguments: Any) -> Any:
        """`type(None)` is how the types of what exists once are written. With more it makes a class."""
        match arguments:
            case (None,):
                callee.excused += 1
            case (Global(module="builtins", name=name),) if name in SINGLETONS:
                callee.excused += 1
        return self._made.setdefault((callee.key, False), Made(callee))

    def _type(self, callee: Global, arguments: Any) -> Any:
        """What dill and cloudpickle write for a type that has no name in a module."""
        match arguments:
            case (str(name),) if name in TYPES_BY_NAME:
                callee.excused += 1
                return self._find(*TYPES_BY_NAME[name])
            case (str(name),) if callee.key == DILL_TYPE and f"builtins.{name}" in names.KNOWN:
                callee.excused += 1
                return self._find("builtins", name)
        return self._doubt("hidden_name")

    def _method(self, callee: Global, arguments: Any) -> Any:
        """`MethodType(a class's method, something made)` is how cloudpickle and dill write it, each time with
        a tuple of its own: the same one again would excuse more uses than there are."""
        if arguments is not self._newest:
            return self._doubt("hidden_call", called=True)
        self._newest = None
        match arguments:
            case (Global(module=module, name=name) as method, Made()) if name.count(".") == 1:
                kind, _, last = name.partition(".")
                if names.judge(module, kind).kind == "known" and not may_reach(module, last):
                    callee.excused += 1
                    method.excused += 1
                    method.bound = True
                    return BOUND
        return self._doubt("hidden_call", called=True)

    def _text(self, callee: Global, arguments: Any) -> Any:
        """How dill writes what exists once, and ranges."""
        match arguments:
            case (str(text),) if DILL_REPR.fullmatch(text):
                callee.excused += 1
        return PLAIN

    def _check_arguments(self, callee: Global, arguments: Any) -> None:
        """Whom it would call in turn must be a name, and one that it was made to call."""
        if callee.key == PARTIAL:
            self._check_partial(arguments)
        if callee.key == ENCODE:
            self._check_encoding(arguments)
        if not isinstance(arguments, tuple):
            if arguments is not PLAIN:  # the unpickler in Python takes anything that it can go through
                self._doubt("hidden_call", called=True)
            return
        if self._asks_too_much(callee, arguments):
            self._doubt("allocation", called=True)
        if any(stand in arguments for stand in NOT_TO_BE_CALLED) or not all_named(
            to_be_called(callee, arguments)
        ):
            self._doubt("hidden_call", called=True)
        if callee.name.startswith(UNPICKLES) and not of_its_class(callee, arguments):
            self._doubt("forged_class", called=True)
        if (begin := RESTORES_FIRST.get(callee.key)) is not None and arguments:
            if isinstance(arguments[0], Global) and arguments[0].module.startswith(begin):
                callee.excused += 1
            else:
                self._doubt("hidden_call", called=True)

    def _asks_too_much(self, callee: Global, arguments: tuple[Any, ...]) -> bool:
        """At once, or together with what was asked for before; and what goes through something made may go on
        for ever."""
        if callee.key == FRACTION:
            return not all(isinstance(part, int) or is_ratio(part) for part in arguments)
        if callee.key in GOES_THROUGH and any(
            isinstance(part, Made) and not part.is_text for part in arguments
        ):
            return True
        asked = max(map(largest, arguments), default=0) if allocates(callee.key) else 0
        if callee.key != RANGE:
            self._asked += asked
        return max(asked, self._asked) > LARGEST_NUMBER

    def _load(self, callee: Global, arguments: Any) -> Any:
        """Bytes that stand in the pickle are looked at on their own."""
        if isinstance(arguments, tuple) and len(arguments) == 1:
            match arguments[0]:
                case Span(text=False) as span:
                    callee.excused += 1
                    self.seen.loaded.add(span)
                case Made(by=Global(module="_codecs", name="encode"), arguments=(Span(text=True) as span, _)):
                    callee.excused += 1
                    self.seen.loaded.add(span)
                case Made(by=Global(module="_codecs", name="encode"), arguments=(str(text), _)) if fits(text):
                    callee.excused += 1
                    held = text.encode("latin-1")
                    self.seen.loaded.add(Span(self._offset, len(held), True, held))
        return self._made.setdefault((callee.key, False), Made(callee))

    def _check_encoding(self, arguments: Any) -> None:
        if not isinstance(arguments, tuple) or len(arguments) != 2 or not known_encoding(arguments[1]):
            self._doubt("encoding", called=True)

    def _check_partial(self, arguments: Any) -> None:
        if not isinstance(arguments, tuple) or not arguments or not isinstance(arguments[0], Global):
            self._doubt("hidden_partial", called=True)

    def build(self, _: None) -> None:
        state = self._stack.pop()
        target = self._stack[-1]
        self._change(target)
        if target in NOT_TO_BE_CALLED:
            self._doubt("hidden_call", called=True)
        if not isinstance(target, Made):
            return
        self._hook(target, state)
        if target.by.key in SHARED:
            target.by.changed = True
        if target.by.key in KEPT:
            self._restore(target, state)
        elif names.judge(*target.by.key).guarded and not (isinstance(state, Table) and state.harmless):
            self._doubt("evaluated", called=True)

    def _hook(self, target: Made, state: Any) -> None:
        """Attributes that would be called: with the next state, or with what is put into it."""
        for part in state if isinstance(state, tuple) else (state,):
            if isinstance(part, Table) and part.hooks:
                self._hooked.add(target.by.key)
            hidden = isinstance(part, Made) and part.by.key in DICTIONARIES and part.by.fed
            if hidden or (isinstance(part, Table) and "__setstate__" in part.hooks):
                self._doubt("hidden_call", called=True)

    def _restore(self, target: Made, state: Any) -> None:
        target.restore(state)
        match target.by.key:
            case key if key == PARTIAL:
                self._check_partial(state)
            case key if key == DTYPE:
                if (target.of_objects and not says_objects(state)) or reaches_beyond(state):
                    self._doubt("forged_dtype", called=True)
            case key if key in {WRAPPER, OLD_WRAPPER}:
                self.has_arrays = True
                self.array(target)

    def array(self, wrapper: Made) -> None:
        """A wrapper is complete. To a plain unpickler it is an object like any other."""


def is_place(callee: Global) -> Callable[[Any], bool]:
    """An index or a key; of attributes those alone that lead to no code."""
    if callee.key == ITEM_GETTER:
        return lambda value: isinstance(value, int | str)
    return lambda value: isinstance(value, str) and "_" not in {part[:1] for part in value.split(".")}


def is_ratio(value: Any) -> bool:
    """`1/3`, as a fraction is written: an exponent may stand for more digits than there is memory."""
    return isinstance(value, str) and "e" not in value.lower()


def fits(text: str) -> bool:
    """Whether each of its letters stands for one byte."""
    return max(text, default="") <= "\xff"


def known_encoding(value: Any) -> bool:
    return isinstance(value, str) and value in ENCODINGS


def largest(argument: Any) -> int:
    """The largest number in an argument, or in the shape that it is."""
    if isinstance(argument, tuple):
        return prod(abs(side) for side in argument if isinstance(side, int)) if argument else 0
    return abs(argument) if isinstance(argument, int) else 0


def to_be_called(callee: Global, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Those of its arguments that it calls."""
    if callee.name == NEW_OBJECT:
        return arguments
    return arguments[1:] if callee.key in CALLS_SECOND else ()


def of_its_class(callee: Global, arguments: tuple[Any, ...]) -> bool:
    """Whether what a function of Cython's fills is of its own class."""
    match arguments:
        case (Global(module=module, name=name), *_):
            own = name == callee.name.removeprefix(UNPICKLES)
            return own or (callee.key in OF_DERIVED and module.partition(".")[0] == "pandas")
    return False


def all_named(arguments: tuple[Any, ...]) -> bool:
    return all(isinstance(argument, Global) for argument in arguments)


def may_be_text(value: Any) -> bool:
    """A real unpickler takes nothing but a text for a name, and no kind of its own making either."""
    return (
        isinstance(value, str)
        or value in (UNKNOWN, *NOT_TO_BE_CALLED)
        or (isinstance(value, Made) and value.may_be_text)
    )


def passed_on(callee: Global, arguments: tuple[Any, ...]) -> Any:
    """What `copyreg.__newobj__(cls, …)` or `_reconstructor(cls, object, None)` call `cls` with."""
    if callee.module != "copyreg":
        return PLAIN
    if callee.name == "__newobj_ex__":
        return arguments[1] if len(arguments) > 1 else PLAIN
    if callee.name != "_reconstructor":
        return arguments[1:]
    match arguments:
        case (_, Global(module="builtins", name="object"), None):
            return ()
    return PLAIN


def pushes(value: Any) -> Action:
    return lambda machine, _: machine.push(value)


def ignores(machine: Machine, _: Any) -> None:
    """An operation without a meaning for names."""


def with_value(action: Action, value: Any) -> Action:
    return lambda machine, _: action(machine, value)


FOLLOWED: dict[Name, Callable[[Machine, Global, Any], Any]] = {
    GETATTR: Machine._attribute,
    TYPE: Machine._kind,
    DILL_TYPE: Machine._type,
    DILL_TEXT: Machine._text,
    CLOUDPICKLE_TYPE: Machine._type,
    METHOD: Machine._method,
    **dict.fromkeys(GETTERS, Machine._getter),
    **dict.fromkeys(LOOKUPS, Machine._look_up),
    **dict.fromkeys(LOADERS, Machine._load),
}
BY_CODE: dict[str, Action] = {
    "IJKMLFGSVTUXBC\x8a\x8b\x8c\x8d\x8e\x96": Machine.push,
    "N": pushes(None),
    "\x88": pushes(True),
    "\x89": pushes(False),
    "\x97": pushes(PLAIN),
    "\x98": ignores,
    "]": pushes(LIST),
    ")": pushes(()),
    "}": Machine.push_table,
    "\x8f": pushes(SET),
    "l": with_value(Machine.marked_becomes, LIST),
    "\x91": with_value(Machine.marked_becomes, SET),
    "t": Machine.tuple_of_marked,
    "\x85": with_value(Machine.tuple_of, 1),
    "\x86": with_value(Machine.tuple_of, 2),
    "\x87": with_value(Machine.tuple_of, 3),
    "d": Machine.table_of_marked,
    "a": Machine.append,
    "e\x90": Machine.extend,
    "s": Machine.set_item,
    "u": Machine.set_items,
    "(": Machine.mark,
    "0": Machine.pop,
    "1": lambda machine, _: ignores(machine, machine.pop_mark()),
    "2": Machine.duplicate,
    "\x94": Machine.memoize,
    "pqr": Machine.put,
    "ghj": Machine.get,
    "\x80": Machine.protocol,
    "\x95": Machine.frame,
    ".": Machine.stop,
    "c": Machine.global_of,
    "\x93": Machine.stack_global,
    "R": Machine.reduce,
    "\x81": Machine.new_object,
    "\x92": Machine.new_object_with_names,
    "i": Machine.instance,
    "o": Machine.object_of_marked,
    "b": Machine.build,
    "\x82\x83\x84": with_value(Machine.doubtful, "extension_code"),
    "P": with_value(Machine.doubtful, "persistent_id"),
    "Q": Machine.persistent,
}
ACTIONS: Final = {ord(code): action for codes, action in BY_CODE.items() for code in codes}
