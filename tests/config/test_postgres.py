"""The embedded PostgreSQL, as it really runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from config.stack import home, identity, postgres, processes
from tests.config.conftest import Process, listens_on_tcp

# Other tests' threads may be about, which Python 3.12 warns of; no lock is taken after the fork.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def ask(statement: str, url: str = "") -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url or home.database_url())
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.mark.slow
def test_it_listens_on_no_port(postgres_server: Process) -> None:
    assert not listens_on_tcp(postgres_server.pid)


@pytest.mark.slow
def test_the_application_is_no_superuser(postgres_server: Process) -> None:
    rights = ask("SELECT rolsuper, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = current_user")

    assert rights == [(False, False, False)]


@pytest.mark.slow
@pytest.mark.parametrize("role", ["steward", "postgres"])
def test_a_wrong_password_is_refused(postgres_server: Process, role: str) -> None:
    url = f"postgresql://{role}:wrong@/steward?host={home.run_folder()}"

    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        ask("SELECT 1", url)


@pytest.mark.slow
def test_passwords_are_kept_as_scram_verifiers(postgres_server: Process) -> None:
    admin = home.secret("postgres_admin_password")
    url = f"postgresql://postgres:{admin}@/steward?host={home.run_folder()}"

    kept = ask("SELECT DISTINCT left(rolpassword, 13) FROM pg_authid WHERE rolcanlogin", url)

    assert kept == [("SCRAM-SHA-256",)]


@pytest.mark.slow
def test_it_runs_without_a_capability(postgres_server: Process) -> None:
    status = Path("/proc", str(postgres_server.pid), "status").read_text()

    assert "CapEff:\t0000000000000000" in status


def test_what_was_committed_survives_a_kill(postgres_server: Process) -> None:
    ask("CREATE TABLE kept AS SELECT 42 AS answer")
    postgres_server.kill()

    second = postgres.start()

    assert ask("SELECT answer FROM kept") == [(42,)]
    postgres.stop(second)


@pytest.mark.slow
def test_it_starts_over_a_file_that_names_a_stranger(postgres_server: Process) -> None:
    postgres.stop(postgres_server)
    lines = [str(os.getppid()), str(postgres.data_folder()), "1700000000", "5432", "", "", "", "ready   "]
    (postgres.data_folder() / "postmaster.pid").write_text("\n".join(lines))

    second = postgres.start()

    assert ask("SELECT 1") == [(1,)]
    postgres.stop(second)


@pytest.mark.slow
def test_a_server_left_by_an_earlier_start_is_ended_first(postgres_server: Process) -> None:
    second = postgres.start()

    assert postgres_server.wait(5) == 0
    assert ask("SELECT 1") == [(1,)]
    postgres.stop(second)


@pytest.mark.slow
def test_a_first_start_that_was_cut_short_begins_again(own_home: Path) -> None:
    home.make_home()
    (own_home / "postgres" / "data.new").mkdir(mode=0o700)
    (own_home / "postgres" / "data.new" / "PG_VERSION").write_text("18\n")

    process = postgres.start()

    assert ask("SELECT current_database()") == [("steward",)]
    postgres.stop(process)


@pytest.mark.slow
def test_it_works_in_a_home_150_bytes_deep(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_HOME", str(own_home / ("d" * (150 - len(str(own_home)) - 1))))
    home.make_home()

    process = postgres.start()

    assert ask("SELECT 1") == [(1,)]
    postgres.stop(process)
    home.run_folder().rmdir()


RUN = [sys.executable, "-m", "config.stack", "run"]
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another number")


def forbid_namespaces() -> None:
    """Enter a namespace that allows no further ones: as root in a container that forbids them."""
    target = os.getpid()
    reader, writer = os.pipe()
    helper = os.fork()
    if helper == 0:  # stays outside, where it may say who is who inside
        os.read(reader, 1)
        for table in ("uid_map", "gid_map"):
            Path("/proc", str(target), table).write_text("0 0 65536")
        os._exit(0)
    processes.libc.unshare(identity.CLONE_NEWUSER)
    os.write(writer, b"!")
    os.waitpid(helper, 0)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


@pytest.mark.slow
@only_root
def test_where_namespaces_are_forbidden_root_lends_it_a_number_of_its_own(own_home: Path) -> None:
    own_home.mkdir(mode=0o700)  # nobody else enters it, and yet PostgreSQL finds its files
    command = [*RUN, "stat", "--format=%u", str(own_home / "postgres" / "data")]

    done = subprocess.run(
        command, cwd=home.PROJECT, capture_output=True, text=True, check=False, preexec_fn=forbid_namespaces
    )

    assert (done.stdout, done.stderr, done.returncode) == ("65432\n", "", 0)


@pytest.mark.slow
@only_root
def test_data_changes_hands_when_namespaces_are_allowed_again(own_home: Path) -> None:
    subprocess.run([*RUN, "true"], cwd=home.PROJECT, check=True, preexec_fn=forbid_namespaces)
    home.make_home()  # where sockets lie was taken away with the servers

    process = postgres.start()

    assert ask("SELECT 1") == [(1,)]
    assert postgres.data_folder().stat().st_uid == 0
    postgres.stop(process)


@pytest.mark.slow
def test_it_dies_with_its_parent(own_home: Path) -> None:
    command = [*RUN, "sh", "-c", "kill -9 $PPID; sleep 0.1"]

    subprocess.run(command, cwd=home.PROJECT, check=False)

    until_gone = postgres.start()  # waits for the first to end; a second server on one folder refuses to run
    assert ask("SELECT 1") == [(1,)]
    until_gone.send_signal(signal.SIGINT)
    assert until_gone.wait(10) == 0
