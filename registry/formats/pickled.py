"""Whether bytes are a pickle, in any protocol: read as `pickletools` reads, nothing is ever loaded.

Protocols 0 and 1 have no signature, so their operations are walked with a stack of kinds: a text that
happens to begin like a pickle soon takes from an empty stack.
"""

from __future__ import annotations

import pickletools
import re
from collections.abc import Iterator

CALLS = frozenset({"REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD"})
REMEMBERS = frozenset({"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"})
IMPORTS = frozenset({"GLOBAL", "INST"})
NAME = re.compile(r"[^\W\d][\w.]* [^\W\d][\w.]*")
LONG = re.compile(rb"\x80[\2-\5](?:[XB](.{4})|[\x8d\x8e\x96](.{8}))", re.DOTALL)
LONGEST = 1 << 40
MOST_STEPS = 5000
MANY_STEPS = 200  # that no text takes by chance
TUPLES = (pickletools.pytuple, pickletools.anyobject)


def is_pickle(head: bytes, complete: bool) -> bool:
    """Whether loading it would run, or at least build something. `complete`: `head` is all there is."""
    names = list(steps(head))
    if re.match(rb"\x80[\2-\5]", head):
        return len(names) > 2 or (not complete and (len(names) > 1 or is_cut_short(head)))
    if not CALLS.isdisjoint(names):
        return True
    ends = names[-1:] == ["STOP"] or (not complete and len(names) > MANY_STEPS)
    return ends and not REMEMBERS.isdisjoint(names)


def is_cut_short(head: bytes) -> bool:
    """Whether its first value is a text or bytes that are longer than what is seen of it."""
    found = LONG.match(head)
    return found is not None and len(head) <= int.from_bytes(found[1] or found[2], "little") < LONGEST


def steps(head: bytes) -> Iterator[str]:
    """The names of the operations up to the first that cannot be."""
    stack: list[pickletools.StackObject] = []
    try:
        for number, (operation, argument, _) in enumerate(pickletools.genops(head)):
            if number > MOST_STEPS or not fits(operation, argument, stack):
                return
            yield operation.name
    except Exception:  # pickletools raises many kinds for bytes that are no pickle
        return


def fits(operation: pickletools.OpcodeInfo, argument: object, stack: list[pickletools.StackObject]) -> bool:
    """Carry it out on the stack of kinds; `False` when loading would fail here."""
    if operation.name in IMPORTS and not NAME.fullmatch(str(argument)):
        return False
    if operation.name == "REDUCE" and stack[-1] not in TUPLES:
        return False
    before = operation.stack_before
    if pickletools.markobject in before:
        while stack.pop() is not pickletools.markobject:
            pass  # an empty stack raises, and that ends the walk
        before = before[: before.index(pickletools.markobject)]
    for _ in before:
        stack.pop()
    stack.extend(operation.stack_after)
    return True
