"""picklescan's word on a name is one more reason, and never decides."""

from __future__ import annotations

import io
from importlib.metadata import version

import pytest
from picklescan.scanner import SafetyLevel, _unsafe_globals, scan_pickle_bytes

from registry.checks import pickle_imports
from registry.pickles import formulas, names
from tests.registry.checks.looking import look

ALSO = "(picklescan knows it as dangerous, too)"


def calling(module: str, name: str) -> bytes:
    return b"\x80\x04c" + f"{module}\n{name}\n".encode() + b")R."


def told(module: str, name: str) -> tuple[str, bool]:
    """How grave the name is, and whether its finding says that picklescan knows it."""
    file = io.BytesIO(calling(module, name))
    file.name = "a.pkl"
    (issue,) = pickle_imports.run(file)
    return issue.severity, ALSO in issue.message


def picklescan_says(module: str, name: str) -> bool:
    (found,) = scan_pickle_bytes(io.BytesIO(calling(module, name)), "a.pkl").globals
    return found.safety is SafetyLevel.Dangerous


def test_the_list_is_that_of_the_installed_picklescan():
    theirs = {
        f"{module}.{name}"
        for module, found in _unsafe_globals.items()
        for name in (["*"] if found == "*" else found)
    }

    assert theirs == names.PICKLESCAN
    assert f"picklescan {version('picklescan')} (MIT" in (names.FOLDER / names.ELSEWHERE).read_text()


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        ("posix", "system", ("critical", True)),
        ("numpy.testing._private.utils", "runstring", ("critical", True)),
        ("asyncio.unix_events", "_UnixSubprocessTransport._start", ("critical", True)),
        ("functools", "reduce", ("critical", False)),
        ("team.models", "Scorer", ("high", False)),
    ],
)
def test_a_finding_says_what_picklescan_says(module, name, expected):
    assert (told(module, name), picklescan_says(module, name)) == (expected, expected[1])


def test_what_is_known_here_stays_known(monkeypatch):
    monkeypatch.setattr(names, "PICKLESCAN", frozenset({"collections.*"}))

    assert look(pickle_imports, calling("collections", "OrderedDict"), "a.pkl") == ([], {})


@pytest.mark.parametrize("name", ["str.split", "str.lower", "str.title"])
def test_methods_of_texts_are_values_that_nobody_calls(name):
    kept = b"\x80\x04\x8c\x08builtins\x8c" + bytes([len(name)]) + name.encode() + b"\x93"

    assert look(pickle_imports, kept + b".", "a.pkl") == ([], {})
    assert look(pickle_imports, kept + b"\x8c\x01x\x85R.", "a.pkl")[0] != []


@pytest.mark.parametrize(
    "name", ["prophet.forecaster.Prophet", "torch.ScriptObject", "timm.models.byobnet.ByobNet"]
)
def test_what_is_known_without_arguments_is_told_with_some(name):
    module, _, last = name.rpartition(".")
    made = b"\x80\x02c" + f"{module}\n{last}\n".encode()

    assert look(pickle_imports, made + b")\x81.", "a.pkl") == ([], {})
    assert look(pickle_imports, made + b"X\x01\0\0\0x\x85\x81.", "a.pkl")[0] == [
        ("high", f"with_arguments:{name}")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y ~ C(age > 30) + a", True),
        ("y ~ C(kind == 'x')", True),
        ("y ~ C(a > f(b))", False),
        ("y ~ C(a.b > 1)", False),
        ("y ~ C(a > 9 ** 9 ** 9)", False),
    ],
    ids=["more", "same", "call", "attribute", "power"],
)
def test_a_formula_may_compare(text, expected):
    assert formulas.only_computes(text) is expected


@pytest.mark.parametrize(
    "name", ["word2vec.Vocab", "doc2vec.DocvecsArray", "keyedvectors.FastTextKeyedVectors"]
)
def test_what_older_releases_saved_stays_known(name):
    module, _, last = f"gensim.models.{name}".rpartition(".")

    assert look(pickle_imports, b"\x80\x02c" + f"{module}\n{last}\n".encode() + b")\x81.", "a.pkl") == (
        [],
        {},
    )
