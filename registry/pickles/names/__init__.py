"""Which names a pickle may use: exact dotted names, one text file per library beside this one.

A line is one name, `module.name`, or `module:Class.name` for what a class holds; `()` behind it: only when it
is made without arguments, as picklers write it; `{}`: only when its state is a plain dictionary without a
text that it would run (values.py); `-`: only as a value, since no library writes a call of it; `#` begins a
remark; each list says which releases it was taken from. A name is on a list when importing, calling and
filling it with any arguments does nothing but build a value: no file, no process, no network, no other
import, no code from its arguments.
`script/propose_names` proposes, a person reads.

`dangerous.txt` does not decide what may pass, only how loud a name is told, and `picklescan.txt` not even
that: it is one more reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

MEMBER = re.compile(r"[A-Z][A-Z0-9_]*")
FOLDER = Path(__file__).parent
DANGEROUS = "dangerous.txt"
ELSEWHERE = "picklescan.txt"
LONGEST = 180


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a name. `what` completes "This name …" for a dangerous one."""

    kind: Literal["known", "dangerous", "unknown"]
    name: str
    what: str = ""
    bare: bool = False  # known as long as nothing is given to it when it is made
    guarded: bool = False  # known as long as its state is looked at
    value: bool = False  # known as long as loading does not call it
    elsewhere: bool = False  # picklescan calls it dangerous


def read_known() -> dict[str, str]:
    """Every name on a list, and on which conditions it is known."""
    lists = (path for path in FOLDER.glob("*.txt") if path.name not in {DANGEROUS, ELSEWHERE})
    split = (line.partition(" ") for path in lists for line in lines(path))
    return {name: conditions for name, _, conditions in split}


def read_dangerous() -> dict[str, str]:
    """Names and whole modules (`os.*`) that are known to be dangerous, with what they can do."""
    found, what = {}, ""
    for line in lines(FOLDER / DANGEROUS):
        if line.startswith("["):
            what = line.strip("[]")
        else:
            found.update(dict.fromkeys(line.split(), what))
    return found


def read_version() -> str:
    """Under which digest the lists are told apart from those of another release."""
    digest = sha256()
    for path in sorted(FOLDER.glob("*.txt")):
        digest.update(f"{path.name}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def lines(path: Path) -> list[str]:
    stripped = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in stripped if line]


# Read now: a child that sees bytes can open no file any more.
KNOWN = read_known()
DANGER = read_dangerous()
PICKLESCAN = frozenset(lines(FOLDER / ELSEWHERE))
VERSION = read_version()
PACKAGES = frozenset(re.split(r"[.:]", name)[0] for name in (*KNOWN, *DANGER))


@lru_cache(maxsize=4096)
def judge(module: str, name: str) -> Verdict:
    """What is known of a name in a module. An attribute of an attribute is named as what it really is, and is
    known when it is listed as one, or is a member of a known class by the looks of it (`Kind.NAME`)."""
    full = f"{module}.{name}"
    listed = f"{module}:{name}" if "." in name else full
    if listed in KNOWN or is_member(module, name):
        conditions = KNOWN.get(listed, "")
        return Verdict("known", full, "", "()" in conditions, "{}" in conditions, "-" in conditions)
    elsewhere = by_picklescan(module, name)
    parts = name.split(".")
    for real in (full, *(".".join(parts[place:]) for place in range(len(parts) - 1))):
        if what := danger(real):
            return Verdict("dangerous", short(real), what, elsewhere=elsewhere)
    return Verdict("unknown", short(full), elsewhere=elsewhere)


def by_picklescan(module: str, name: str) -> bool:
    """As it compares: a name in its module, or a module that is dangerous as a whole with all below it."""
    parts = module.split(".")
    whole = (".".join(parts[:length]) + ".*" for length in range(1, len(parts) + 1))
    return f"{module}.{name}" in PICKLESCAN or not PICKLESCAN.isdisjoint(whole)


def is_member(module: str, name: str) -> bool:
    """A constant of a known class: how an enumeration's members are written. Calling one is a doubt."""
    kind, _, member = name.rpartition(".")
    return bool(MEMBER.fullmatch(member)) and kind.count(".") == 0 and f"{module}.{kind}" in KNOWN


def danger(full: str) -> str:
    """What this name can do, if that is known to be dangerous; it may be said of its whole module."""
    parts = full.split(".")
    prefixes = (".".join(parts[:length]) + ".*" for length in range(1, len(parts)))
    return DANGER.get(full) or next((DANGER[prefix] for prefix in prefixes if prefix in DANGER), "")


def short(full: str) -> str:
    """Fit to be shown and compared by a person: ASCII, since letters of other alphabets look alike, and
    never two names for one text."""
    plain = full.encode("ascii", "backslashreplace").decode()
    if len(plain) <= LONGEST:
        return plain
    return f"{plain[: LONGEST - 20]}…{sha256(plain.encode()).hexdigest()[:16]}"
