"""Whatever the bytes are: each check comes to its end within its bounds, says what can be shown, says it
again, and stays loud as long as Python's own readers find what is called."""

from __future__ import annotations

import io
import json
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry import checks
from registry.checks import CHECKS, Fact, Issue
from registry.sandbox.child import Found
from tests.registry.scanning import changing

SECONDS = 5  # of processor time, all checks of one small file
MEMORY = 150 << 20
LOUD = {"critical", "high"}
STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
checks.load()
# Other tests of this process may have added checks that mean harm.
OURS = [check for check in CHECKS.values() if {*check.kinds} <= {*checks.KINDS}]
for library in {name for check in OURS for name in check.libraries}:
    import_module(library)


def for_all(strategy: st.SearchStrategy[Any], holds: Callable[..., None], most: int) -> None:
    """The same examples each time and on each machine."""
    bounds = settings(
        max_examples=most,
        derandomize=True,
        database=None,
        deadline=None,  # of wall-clock time, which a busy machine has too little of
        suppress_health_check=list(HealthCheck),
    )
    bounds(given(strategy)(holds))()


def status(field: str) -> int:
    """Bytes: how much memory this process holds, or held at most."""
    found = re.search(rf"{field}:\s+(\d+) kB", STATUS.read_text())
    assert found is not None
    return int(found[1]) << 10


@contextmanager
def bounds() -> Iterator[None]:
    """Fails after too much processor time, in the middle, and with too much memory, at the end."""

    def too_long(*_: object) -> None:
        raise AssertionError(f"This takes more than {SECONDS} s.")

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    RESET.write_text("5")
    held = status("VmRSS")
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert status("VmHWM") - held < MEMORY


def told(content: bytes, name: str) -> list[tuple[str, Issue | Fact]]:
    """What every check says of a file."""
    file = io.BytesIO(content)
    file.name = name
    return [(check.name, item) for check in OURS for item in list(check.run(file))]


def is_loud(content: bytes, name: str) -> bool:
    return any(isinstance(item, Issue) and item.severity in LOUD for _, item in told(content, name))


def comes_to_an_end(name: str, content: bytes) -> None:
    with bounds():
        first = told(content, name)
    found = Found()
    for _, item in first:
        found.add(item)

    assert all(type(item) in {Issue, Fact} for _, item in first)
    assert all(json.dumps(item.data, allow_nan=False) for _, item in first if isinstance(item, Fact))
    assert b'"failed"' not in found.pack()[:20]
    assert told(content, name) == first


# What fails is shown whole, however long it is.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
MANY = 250
MOST = pytest.mark.parametrize("most", [40, pytest.param(MANY, marks=pytest.mark.slow)])


@pytest.mark.slow
def test_any_bytes_under_any_name_come_to_an_end():
    for_all(changing.any_bytes(), lambda found: comes_to_an_end(*found), MANY * 3)


@pytest.mark.slow
@pytest.mark.parametrize("family", changing.FAMILIES)
def test_whatever_is_changed_comes_to_an_end(family):
    for_all(changing.changed(family), lambda found: comes_to_an_end(found[0], found[2]), MANY)


def stays_loud(found: tuple[str, bytes, bytes]) -> None:
    name, before, after = found
    calls = {json.dumps(changing.called(held), default=repr) for held in changing.streams(before)} - {"[]"}
    still = {json.dumps(changing.called(held), default=repr) for held in changing.streams(after)}
    if calls & still:
        assert is_loud(after, name)


@MOST
@pytest.mark.parametrize("family", ["pickled", "archived"])
def test_what_still_calls_stays_loud(family, most):
    for_all(changing.changed(family, 2), stays_loud, most * 3)


@MOST
def test_what_still_calls_stays_loud_however_it_is_packed(most):
    for_all(changing.wrapped(), stays_loud, most * 3)


@MOST
def test_operations_that_change_nothing_hide_nothing(most):
    def loud(found: tuple[str, bytes]) -> None:
        assert is_loud(found[1], found[0])

    for_all(changing.padded(), loud, most * 3)
