"""Formulas that a model evaluates again when it is loaded: columns, numbers and functions that only compute.

Source: statsmodels/base/data.py, `ModelData.__setstate__`, which gives the formula to patsy (or formulaic),
which evaluates each term as Python. Columns come first when a name is looked up, so a call is harmless only
where the data is a pandas table: what that gives is a column, never something that can be called. What `C()`
gets as its second argument it calls (patsy/contrasts.py): there only contrasts, numbers and texts may stand.
"""

from __future__ import annotations

import re

LONGEST = 2000
NUMPY = "abs cos exp expm1 log log10 log1p log2 power sin sqrt square tanh"
# What patsy and formulaic define. Each takes columns and numbers, and gives columns.
STATEFUL = "C I Q bs cc cr center scale standardize"
CONTRASTS = frozenset({"Treatment", "Sum", "Helmert", "Diff", "Poly"})
CALLS = CONTRASTS.union(STATEFUL.split(), (f"np.{name}" for name in NUMPY.split()))
PLAIN = re.compile(r"(?:[\w.~+\-*:/ ]|\bC\(\w+\))*")
TOKEN = re.compile(
    r"(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<set>(?:df|degree|ddof|reference|include_intercept)\s*=(?!=))"
    r"|(?P<name>[^\W\d][\w.]*)|(?P<power>\*\*\s*[1-9](?:\.\d)?(?![\w.]|\s*\*\*))"
    r"|(?P<number>\d{1,4}(?:\.\d{1,6})?(?![\w.]))|(?P<text>'[\w .\-]{1,80}'|\"[\w .\-]{1,80}\")"
    r"|(?P<sign>\*(?!\*)|[~+\-:/]|[<>]=?|[!=]=)"
)


def is_plain(text: str) -> bool:
    """Names of columns, and `C(column)`: nothing is called but that."""
    return bool(PLAIN.fullmatch(text))


def only_computes(text: str) -> bool:
    """Calls, too, of what is known to compute. No powers of powers, which would never end."""
    place, before, name = 0, "sign", ""
    while len(text) <= LONGEST and (rest := text[place:].lstrip()):
        place = len(text) - len(rest)
        found = TOKEN.match(text, place)
        if found is None or not fits(found, before, name):
            return False
        before, name, place = str(found.lastgroup), found[0], found.end()
    return len(text) <= LONGEST


def fits(found: re.Match[str], before: str, name: str) -> bool:
    """Whether a token may stand behind another one, which is the name `name` if it is one."""
    match found.lastgroup:
        case "sign" | "power":
            return before != "comma"
        case "open":
            return before in {"sign", "open"} or (before == "name" and name in CALLS)
        case "name" if before in {"comma", "set"}:
            return found[0] in CONTRASTS
        case "name":
            called = found[0] in CALLS and found.string[found.end() :].lstrip()[:1] == "("
            return called or ("." not in found[0] and "__" not in found[0] and before in {"sign", "open"})
    return True
