"""No file is looked at for longer than one of its size may be."""

from __future__ import annotations

import re
import signal

import pytest

from registry.checks import MIB
from registry.sandbox import clock
from tests.registry.sandbox.conftest import Look


def test_a_search_ends_in_its_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "SECONDS", 0.05)
    before = signal.getsignal(signal.SIGPROF)
    clock.start(0)
    try:
        with pytest.raises(clock.Over), clock.looking():
            re.match(r"(a+)+b", "a" * 40)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.mark.parametrize(
    ("size", "packed", "seconds"), [(8, False, 4), (10, False, 5), (1, True, 4), (8, True, 18)]
)
def test_what_is_large_or_packed_may_take_longer(size: int, packed: bool, seconds: float) -> None:
    assert clock.allowed(size * MIB, packed) == seconds


@pytest.mark.slow
def test_what_was_not_seen_in_time_is_one_finding(look: Look) -> None:
    reports = look(b"a" * 40, "looks_at_parts", "searches_without_end", "silent")

    assert [report.outcome for report in reports] == ["done", "done", "done"]
    assert [[issue.name for issue in report.issues] for report in reports] == [["costly", "the file"], [], []]
