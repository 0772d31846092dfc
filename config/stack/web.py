"""The web server's own process: granian around `config.wsgi`. Why so: docs/decisions/0003-web-server.md.

python -m config.stack.web HOST PORT [CERTIFICATE KEY]
"""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from config.stack import processes

# A thread that asked the database keeps its connection: threads + the Celery worker's and the
# scheduler's stay well below PostgreSQL's 100.
THREADS = 48
# Counts connections, idle ones too: a small number would let a few open browsers lock out all others.
CONNECTIONS = 1024


def main(host: str, port: str, *tls: str) -> None:
    certificate, key = [Path(name) for name in tls] or (None, None)
    Granian(
        "config.wsgi",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        log_level=LogLevels.error,
        process_name="steward: web server",
        workers_kill_timeout=8,
        ssl_cert=certificate,
        ssl_key=key,
    ).serve(target_loader=load)


def load(target: str) -> Any:
    """Runs in granian's worker: it must not go on listening when granian itself is killed."""
    processes.die_with(os.getppid())
    return importlib.import_module(target).application


if __name__ == "__main__":
    main(*sys.argv[1:])
