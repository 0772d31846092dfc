"""One report for each check, whatever the child does, and no child that stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest

from registry import sandbox as public
from registry.sandbox import running
from registry.sandbox.reports import Report
from registry.sandbox.running import ROOT, Sandbox
from tests.registry.checks.test_file_type import zipped
from tests.registry.sandbox.conftest import KEY, Look, seal


def outcomes(reports: list[Report]) -> dict[str, str]:
    return {report.check: report.error or report.outcome for report in reports}


def test_a_child_reads_the_plain_bytes(look: Look) -> None:
    [report] = look(b"plain", "reads", path="data/a.txt")

    assert report.outcome == "done"
    assert report.fact == {"name": "data/a.txt", "text": "plain"}


def test_reports_come_in_the_order_of_the_question(look: Look) -> None:
    reports = look(b"", "silent", "who", "reads")

    assert outcomes(reports) == {"silent": "done", "who": "done", "reads": "done"}


def test_nothing_asked_is_nothing_reported(look: Look) -> None:
    assert look(b"") == []


def test_an_unknown_check_is_a_failure(look: Look) -> None:
    assert outcomes(look(b"", "nobody", "silent")) == {
        "nobody": "nobody is not a check of this server.",
        "silent": "done",
    }


def test_a_check_named_twice_reports_once(look: Look) -> None:
    assert len(look(b"", "silent", "silent")) == 1


@pytest.mark.parametrize(
    ("check", "error"),
    [
        ("segfaults", "segfaults crashed (signal 11)."),
        ("aborts", "aborts crashed (signal 6)."),
        ("memory_bomb", "memory_bomb ran out of memory (64 MiB)."),
        ("cpu_loop", "cpu_loop stopped after 1 s."),
        ("prints_without_end", "prints_without_end stopped after 1 s."),
        ("sleeps", "sleeps stopped after 1 s."),
        ("burns_all_cores", "burns_all_cores stopped: it used up its processor time."),
        ("exits_at_once", "exits_at_once ended without a result (exit status 0)."),
        ("dies_while_speaking", "dies_while_speaking ended without a result (exit status 0)."),
        ("floods_the_socket", "floods_the_socket failed. It reported more than 1 MiB."),
    ],
)
def test_a_child_that_dies_fails_its_check_and_no_other(look: Look, check: str, error: str) -> None:
    assert outcomes(look(b"", "silent", check, "who")) == {"silent": "done", check: error, "who": "done"}


@pytest.mark.parametrize(
    ("check", "error"),
    [
        ("exits", "SystemExit at naughty.py"),
        ("raises", "KeyError at naughty.py"),
        ("yields_nonsense", "ValueError at encoder.py"),
        ("floods_with_fact", "a fact of more than 1 MiB"),
        ("wants_what_it_did_not_declare", "ModuleNotFoundError at"),
    ],
)
def test_a_check_that_fails_says_where_and_quotes_nothing(look: Look, check: str, error: str) -> None:
    reports = look(b"", check, "silent")

    assert reports[0].error.startswith(f"{check} failed ({error}")
    assert "secret" not in reports[0].error
    assert outcomes(reports)["silent"] == "done"


SHARING = ("looks_at_parts", "stumbles_over_a_part", "dies_at_a_part")


def test_checks_that_look_at_parts_share_one_way_and_fail_for_themselves(look: Look) -> None:
    looked, stumbled = look(zipped(a=b"hi"), *SHARING[:2], path="a.zip")

    assert [issue.name for issue in looked.issues] == ["the file", "a"]
    assert stumbled.error.startswith("stumbles_over_a_part failed (KeyError at naughty.py:")
    assert looked.seconds == stumbled.seconds > 0


def test_after_a_death_on_the_shared_way_each_check_speaks_for_itself(look: Look) -> None:
    reports = look(zipped(a=b"hi"), *SHARING, "silent", path="a.zip")

    assert [report.check for report in reports] == [*SHARING, "silent"]
    assert [report.outcome for report in reports] == ["done", "failed", "failed", "done"]
    assert reports[2].error == "dies_at_a_part ended without a result (exit status 3)."


def test_of_too_many_issues_the_gravest_stay_and_the_rest_is_counted(look: Look) -> None:
    [report] = look(b"", "floods_with_issues")

    assert len(report.issues) <= 1001
    assert report.issues[0].name == "critical"
    assert report.issues[-1].name == "more"
    assert report.issues[-1].message.startswith(f"{5001 - len(report.issues) + 1} more were found")


LIES = {
    b"{": "It reported something that is not JSON.",
    b"[" * 100_000: "It reported something that is not JSON.",
    b'{"issues": [], "fact": {"n": NaN}}': "It reported something that is not JSON.",
    b"[]": "It reported something that is not an object.",
    b"{}": "It reported no list of issues.",
    b'{"issues": {}}': "It reported no list of issues.",
    b'{"issues": [1]}': "It reported an issue with other fields.",
    b'{"issues": [{"severity": "none", "message": "", "name": "", "place": ""}]}': (
        "It reported an issue with other values."
    ),
    b'{"issues": [{"severity": "low", "message": 1, "name": "", "place": ""}]}': (
        "It reported an issue with other values."
    ),
    b'{"issues": [], "fact": []}': "It reported a fact that is not an object.",
    b'{"issues": [], "fact": {"n": 99999999999999999999}}': "It reported a number that is too large.",
    b'{"issues": [], "fact": {"n": ' + b"[" * 20 + b"]" * 20 + b"}}": (
        "It reported a fact that is nested too deeply."
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_child_is_not_believed(look: Look, lie: bytes) -> None:
    assert outcomes(look(lie, "lies", "silent")) == {"lies": f"lies failed. {LIES[lie]}", "silent": "done"}


def test_a_child_that_asks_for_libraries_it_may_not_have_fails(look: Look) -> None:
    assert outcomes(look(b'{"failed": "library"}', "lies")) == {"lies": "lies failed (unknown error)."}


def test_what_a_child_says_is_made_fit_to_be_shown(look: Look) -> None:
    said = '{"issues": [{"severity": "low", "message": "a\\u202eb\\ud800", "name": "\\u0000", "place": ""}]}'

    [report] = look(said.encode(), "lies")

    told = [(issue.message, issue.name) for issue in report.issues]
    assert told == [("a\ufffdb\ufffd", "\ufffd6e340b9cffb37a98")]


def test_heavy_libraries_are_imported_for_the_check_that_asks(look: Look) -> None:
    reports = look(b"a,b\n1,2\n3,4\n", "counts_rows", "silent")

    assert outcomes(reports) == {"silent": "done", "counts_rows": "done"}
    assert reports[-1].fact == {"rows": 4}


def test_damaged_bytes_fail_every_check(sandbox: Sandbox, tmp_path: Path) -> None:
    path = seal(tmp_path / "sealed", b"content")
    path.write_bytes(path.read_bytes()[:-1])

    with path.open("rb") as sealed:
        reports = list(sandbox.run(sealed, KEY, "a-blob", "a.txt", ["silent", "who"]))

    sentence = "could not read the file. The stored bytes of a.txt are damaged."
    assert outcomes(reports) == {"silent": f"silent {sentence}", "who": f"who {sentence}"}


def test_a_wrong_key_opens_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    with seal(tmp_path / "sealed", b"content").open("rb") as sealed:
        [report] = sandbox.run(sealed, bytes(32), "a-blob", "a.txt", ["reads"])

    assert report.error == "reads could not read the file. The stored bytes of a.txt are damaged."


def test_a_file_that_is_not_on_disk_fails_every_check(sandbox: Sandbox) -> None:
    reports = list(sandbox.run(BytesIO(b""), KEY, "a-blob", "a.txt", ["silent", "who"]))

    assert outcomes(reports) == {
        "silent": "silent could not be given its file (UnsupportedOperation).",
        "who": "who could not be given its file (UnsupportedOperation).",
    }


def test_below_the_minimum_every_check_fails(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running.walls, "ALL", ("seccomp", "moat"))
    monkeypatch.setattr(running.walls, "MINIMUM", frozenset({"seccomp", "moat"}))

    reports = look(b"", "silent", "who")

    assert outcomes(reports) == {
        "silent": "silent did not run: this machine's sandbox lacks moat.",
        "who": "who did not run: this machine's sandbox lacks moat.",
    }


def test_where_all_walls_are_asked_for_none_may_lack(sandbox, look, monkeypatch):
    monkeypatch.setattr(running.walls, "whole", lambda: frozenset({"seccomp", "moat"}))
    monkeypatch.setattr(running.walls, "ALL", ("seccomp", "moat"))
    before = outcomes(look(b"", "silent"))
    monkeypatch.setattr(sandbox, "least", "full")

    assert outcomes(look(b"", "silent")) == {
        "silent": "silent did not run: this machine's sandbox lacks moat.",
    }
    assert before == {"silent": "done"}


def test_threads_share_one_parent(sandbox: Sandbox, tmp_path: Path) -> None:
    def run(number: int) -> object:
        with seal(tmp_path / str(number), str(number).encode()).open("rb") as sealed:
            [report] = sandbox.run(sealed, KEY, "a-blob", "n", ["reads"])
        return report.fact and report.fact["text"]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(run, range(32)))

    assert found == [str(number) for number in range(32)]


def test_a_dead_parent_is_started_again(look: Look, sandbox: Sandbox) -> None:
    look(b"", "silent")
    assert sandbox.pid is not None
    os.kill(sandbox.pid, signal.SIGKILL)

    assert outcomes(look(b"", "silent", "who")) == {"silent": "done", "who": "done"}


def test_a_parent_killed_in_the_middle_costs_no_report(sandbox: Sandbox, tmp_path: Path) -> None:
    with seal(tmp_path / "sealed", b"").open("rb") as sealed:
        reports = sandbox.run(sealed, KEY, "a-blob", "n", ["stays", "silent"])
        first = next(reports)
        assert sandbox.pid is not None
        os.kill(sandbox.pid, signal.SIGKILL)
        rest = list(reports)

    assert outcomes([first, *rest]) == {"stays": "done", "silent": "done"}
    assert gone(first.fact["pid"])  # type: ignore[index]


def test_giving_up_kills_the_child(sandbox: Sandbox, tmp_path: Path) -> None:
    with seal(tmp_path / "sealed", b"").open("rb") as sealed:
        reports = sandbox.run(sealed, KEY, "a-blob", "n", ["stays", "silent"])
        first = next(reports)
        reports.close()  # type: ignore[attr-defined]

    assert gone(first.fact["pid"])  # type: ignore[index]


WORKER = """
import sys
sys.path.insert(0, sys.argv[1])
import tests.registry.sandbox.naughty
from registry.sandbox.running import Sandbox
sandbox = Sandbox(["tests.registry.sandbox.naughty"])
with open(sys.argv[2], "rb") as sealed:
    reports = sandbox.run(sealed, bytes(range(32)), "a-blob", "n", ["stays", "silent"])
    print(next(reports).fact["pid"], sandbox.pid, flush=True)
    next(reports)
"""


def test_a_killed_worker_leaves_neither_parent_nor_child(tmp_path: Path) -> None:
    path = seal(tmp_path / "sealed", b"")
    command = [sys.executable, "-c", WORKER, str(ROOT), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        child, parent = map(int, worker.stdout.readline().split())
        worker.kill()

    assert gone(child)
    assert gone(parent)


def test_the_parent_inherits_neither_environment_nor_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_TEST_SECRET", "secret")
    fresh = Sandbox()
    fresh.walls()
    environment = Path(f"/proc/{fresh.pid}/environ").read_bytes()
    wait_until(lambda: len(sockets(fresh.pid)) == 1)
    found = sockets(fresh.pid)
    fresh.stop()

    assert environment == b""
    assert len(found) == 1


def sockets(pid: int | None) -> list[str]:
    links = [os.readlink(found) for found in Path(f"/proc/{pid}/fd").iterdir()]
    return [link for link in links if link.startswith("socket:")]


def wait_until(happened: Callable[[], bool]) -> bool:
    """Whether it happens within five seconds."""
    for _ in range(100):
        if happened():
            return True
        time.sleep(0.05)
    return False


def gone(pid: int) -> bool:
    """Whether a process ends; one that nobody has buried yet counts as ended."""
    return wait_until(lambda: state(pid) in "ZX")


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "X"


def test_the_level_is_known_without_a_parent_that_stays() -> None:
    public.SANDBOX.stop()

    assert public.describe()["level"] == public.level()
    assert public.SANDBOX.pid is None
    assert set(public.describe()["walls"]) == set(running.walls.ALL)
