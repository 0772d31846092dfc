"""Hostile code in a child really tries, and gets nowhere."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from errno import EPERM
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from registry.sandbox import walls
from registry.sandbox.running import Sandbox
from tests.registry.sandbox.conftest import Look, seal

ROOT = Path(__file__).parents[3]
REFUSED = f"PermissionError {EPERM}"


ATTEMPTS = (
    "socket_pair",
    "forks",
    "executes",
    "writes_file",
    "reads_passwd",
    "looks_around",
    "reads_environment",
    "reads_parents_environment",
    "kills_parent",
)
# Python may lie in root's own folder: to read it is all that this user may do besides.
ORDINARY = ("setpriv", "--reuid=1234", "--regid=1234", "--clear-groups", "--no-new-privs")
ORDINARY += ("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search")
TRIES = """
import json, sys
from registry.checks import CHECKS
from registry.sandbox.running import Sandbox
from tests.registry.sandbox.naughty import NAUGHTY
CHECKS.update(NAUGHTY)
sandbox = Sandbox(modules=["tests.registry.sandbox.naughty"])
with open(sys.argv[1], "rb") as sealed:
    reports = list(sandbox.run(sealed, bytes(range(32)), "a-blob", "file.bin", sys.argv[2:]))
sandbox.stop()
print(json.dumps([[[issue.name for issue in report.issues], report.fact] for report in reports]))
"""


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_it_is_refused(look: Look, attempt: str) -> None:
    [report] = look(b"", attempt)

    assert [issue.name for issue in report.issues] == [REFUSED]


def redis_socket() -> str:
    return urlsplit(settings.CELERY_BROKER_URL).path


def postgresql_socket() -> str:
    [path] = Path(settings.DATABASES["default"]["HOST"]).glob(".s.PGSQL.*[0-9]")
    return str(path)


@pytest.mark.parametrize("socket_of", [postgresql_socket, redis_socket])
def test_the_sockets_of_the_servers_are_out_of_reach(look: Look, socket_of: Callable[[], str]) -> None:
    path = socket_of()
    with socket.socket(socket.AF_UNIX) as reachable_from_here:
        reachable_from_here.connect(path)

    [report] = look(path.encode(), "unix_socket")

    assert [issue.name for issue in report.issues] == [REFUSED]


def test_the_local_network_is_out_of_reach(look: Look) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        [report] = look(str(server.getsockname()[1]).encode(), "tcp_socket")

    assert [issue.name for issue in report.issues] == [REFUSED]


def test_no_datagram_leaves(look: Look) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.setblocking(False)

        [report] = look(str(server.getsockname()[1]).encode(), "udp_socket")

        assert [issue.name for issue in report.issues] == [REFUSED]
        with pytest.raises(BlockingIOError):
            server.recv(9)


def test_nothing_was_written(look: Look) -> None:
    look(b"", "writes_file")

    assert not Path("/tmp/steward-was-here").exists()


def test_the_parents_memory_cannot_be_read(look: Look) -> None:
    [report] = look(b"", "parents_memory")

    assert [issue.name for issue in report.issues] == [f"PermissionError {EPERM}"]
    assert report.issues[0].message == "It was refused. (1 more like this.)"


def test_the_environment_is_empty(look: Look) -> None:
    [report] = look(b"", "own_environment")

    assert report.fact == {"python": {}, "libc": False}


def test_two_descriptors_are_open_the_socket_and_the_sealed_file(look: Look) -> None:
    [report] = look(b"", "descriptors")

    assert report.fact is not None
    assert len(report.fact["open"]) == 2


def test_new_memory_cannot_be_executed(look: Look) -> None:
    [report] = look(b"", "new_executable_memory")

    assert [issue.name for issue in report.issues] == ["3: given", "7: refused"]


def test_threads_may_be_started(look: Look) -> None:
    [report] = look(b"", "starts_threads")

    assert report.fact == {"threads": 4}


@pytest.mark.slow
@pytest.mark.parametrize(("who", "missing"), [(0, set()), (1000, {"uid"})], ids=["root", "somebody"])
def test_only_root_has_to_become_somebody_else(monkeypatch, who, missing):
    monkeypatch.setattr(os, "geteuid", lambda: who)

    assert set(walls.ALL) - walls.whole() == missing


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_of_an_ordinary_user_it_is_refused_as_well(tmp_path: Path) -> None:
    sealed = seal(tmp_path / "sealed", b"")
    command = [*ORDINARY, sys.executable, "-c", TRIES, str(sealed), *ATTEMPTS, "who"]

    done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=True)

    *tried, (_, who) = json.loads(done.stdout)
    assert [names for names, _ in tried] == [[REFUSED]] * len(ATTEMPTS)
    assert who == {"uid": [1234] * 2, "gid": [1234] * 2}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_root_becomes_nobody(look: Look) -> None:
    [report] = look(b"", "who")

    assert report.fact == {"uid": [65534] * 2, "gid": [65534] * 2}


# syscall_64.tbl: open, stat, socket, connect, fork, vfork, execve, ptrace, mount, init_module, openat,
# unshare, setns, process_vm_readv, finit_module, bpf, execveat, userfaultfd, keyctl, perf_event_open,
# io_uring_setup, pidfd_open, openat2, pidfd_getfd, memfd_create, setrlimit, dup, ioctl, sendmsg, shmget
FORBIDDEN = [2, 4, 41, 42, 57, 58, 59, 101, 165, 175, 257, 272, 308, 310, 313, 321, 322, 323, 250, 298]
FORBIDDEN += [425, 434, 437, 438, 319, 160, 32, 16, 46, 29, 56]


def test_forbidden_syscalls_answer_permission_denied(look: Look) -> None:
    [report] = look(" ".join(map(str, FORBIDDEN)).encode(), "raw_syscalls")

    assert report.fact == {str(number): EPERM for number in FORBIDDEN}


def test_clone3_says_that_it_does_not_exist(look: Look) -> None:
    [report] = look(b"435", "raw_syscalls")

    assert report.fact == {"435": 38}


def test_the_x32_door_kills(look: Look) -> None:
    [report] = look(str(0x40000000 + 39).encode(), "raw_syscalls")

    assert report.error == "raw_syscalls crashed (signal 31)."


def test_the_walls_of_the_minimum_stand(sandbox: Sandbox) -> None:
    assert {"rlimits", "no_new_privs", "seccomp"} <= set(sandbox.walls())
