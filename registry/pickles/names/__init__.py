"""Which names a pickle may use: exact dotted names, one text file per library beside this one.

A line is one name, `#` begins a remark; each list says which releases it was taken from. A name is on a
list when importing, calling and filling it with any arguments does nothing but build a value: no file,
no process, no network, no other import, no code from its arguments. `script/propose_names` proposes, a
person reads.

`dangerous.txt` does not decide what may pass, only how loud a name is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent
DANGEROUS = "dangerous.txt"
LONGEST = 180


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a name. `what` completes "This name …" for a dangerous one."""

    kind: Literal["known", "dangerous", "unknown"]
    name: str
    what: str = ""


def read_known() -> frozenset[str]:
    """Every name on a list."""
    lists = (path for path in FOLDER.glob("*.txt") if path.name != DANGEROUS)
    return frozenset(line for path in lists for line in lines(path))


def read_dangerous() -> dict[str, str]:
    """Names and whole modules (`os.*`) that are known to be dangerous, with what they can do."""
    found, what = {}, ""
    for line in lines(FOLDER / DANGEROUS):
        if line.startswith("["):
            what = line.strip("[]")
        else:
            found.update(dict.fromkeys(line.split(), what))
    return found


def lines(path: Path) -> list[str]:
    stripped = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in stripped if line]


# Read now: a child that sees bytes can open no file any more.
KNOWN = read_known()
DANGER = read_dangerous()


def judge(module: str, name: str) -> Verdict:
    """What is known of a name in a module. An attribute of an attribute is named as what it really is."""
    full = f"{module}.{name}"
    if full in KNOWN:
        return Verdict("known", full)
    parts = name.split(".")
    for real in (full, *(".".join(parts[place:]) for place in range(len(parts) - 1))):
        if what := danger(real):
            return Verdict("dangerous", short(real), what)
    return Verdict("unknown", short(full))


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
    return f"{plain[: LONGEST - 12]}…{sha256(plain.encode()).hexdigest()[:8]}"
