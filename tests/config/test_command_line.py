"""`python -m config.stack`: what it refuses, and `run`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.stack import home

STACK = [sys.executable, "-m", "config.stack"]


def stack(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*STACK, *words], cwd=home.PROJECT, capture_output=True, text=True, check=False)


def test_other_machines_are_let_in_only_over_tls() -> None:
    done = stack("serve", "--host", "0.0.0.0")

    assert done.returncode == 2
    assert done.stderr == (
        "--host 0.0.0.0 opens Steward to other machines, and passwords would pass in plain: "
        "give --tls-cert and --tls-key, or --behind-proxy when a proxy speaks TLS.\n"
    )


def test_a_certificate_needs_its_key() -> None:
    done = stack("serve", "--tls-cert", "/etc/hostname")

    assert (done.returncode, done.stderr) == (2, "--tls-cert and --tls-key belong together.\n")


def test_a_certificate_that_is_not_there_is_named() -> None:
    done = stack("serve", "--tls-cert", "/nowhere/cert", "--tls-key", "/nowhere/key")

    assert (done.returncode, done.stderr) == (2, "/nowhere/cert is not a file.\n")


def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = stack("serve", "--port", str(port))

    assert done.returncode == 1
    assert done.stderr == f"Port {port} is taken by another program: choose one by --port.\n"


@pytest.mark.slow
def test_a_command_is_given_the_servers(own_home: Path) -> None:
    ask = "psycopg2.connect(os.environ['DATABASE_URL']); print(os.environ['REDIS_URL'][:13])"

    done = stack("run", sys.executable, "-c", f"import os, psycopg2; {ask}")

    assert (done.stdout, done.stderr, done.returncode) == ("redis+socket:\n", "", 0)


def test_given_servers_are_not_started(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nowhere/x")
    monkeypatch.setenv("REDIS_URL", "redis://nowhere")

    done = stack("run", "sh", "-c", "echo $DATABASE_URL $REDIS_URL")

    assert done.stdout == "postgresql://nowhere/x redis://nowhere\n"
    assert not (own_home / "postgres" / "data").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("command", "code"), [("exit 7", 7), ("kill -9 $$", 137)])
def test_the_commands_end_is_the_runs_end(command: str, code: int) -> None:
    assert stack("run", "sh", "-c", command).returncode == code


@pytest.mark.slow
def test_a_command_that_does_not_exist_is_said() -> None:
    done = stack("run", "no-such-command")

    assert (done.returncode, done.stderr) == (
        1,
        "no-such-command cannot be run: No such file or directory.\n",
    )


@pytest.mark.slow
@pytest.mark.parametrize("below", ["", "d" * 90])  # too deep a home has its sockets in another folder
def test_a_second_run_in_one_home_waits_for_the_first(
    own_home: Path, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = own_home / below
    monkeypatch.setenv("STEWARD_HOME", str(place))
    pipes = {"cwd": home.PROJECT, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*STACK, "run", "sh", "-c", "echo up; cat"], **pipes) as first:
        first.stdout.readline()
        with subprocess.Popen([*STACK, "run", "echo", "mine"], **pipes) as second:
            told = second.stdout.readline()
            first.stdin.close()
            mine = second.stdout.read()

    assert told.endswith(f"Another Steward (process {first.pid}) uses {place}; waiting for it to end.\n")
    assert (mine, first.returncode, second.returncode) == ("mine\n", 0, 0)


@pytest.mark.slow
def test_what_stops_the_run_stops_the_command(own_home: Path) -> None:
    with subprocess.Popen(
        [*STACK, "run", "sh", "-c", "echo $$; exec sleep 60"], cwd=home.PROJECT, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout
        command = int(running.stdout.readline())
        running.send_signal(signal.SIGTERM)

        assert running.wait(20) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(command, 0)


@pytest.mark.slow
def test_nothing_outlives_a_killed_run(own_home: Path) -> None:
    with subprocess.Popen(
        [*STACK, "run", "sh", "-c", "echo $$; exec sleep 60"], cwd=home.PROJECT, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout
        running.stdout.readline()
        running.kill()

    until = time.monotonic() + 15
    while (left := living_in(own_home)) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def living_in(folder: Path) -> list[str]:
    """Command lines that name this home, or work inside it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace")
            place = os.readlink(process / "cwd")
        except OSError:
            continue
        if str(folder) in words or place.startswith(str(folder)):
            found.append(words)
    return found
