"""A process of its own with the database of this test, to be killed at work; and several workers at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def process(code: str, **env: str) -> subprocess.Popen[bytes]:
    """Run some Python after `django.setup()`."""
    given = {**os.environ, "DATABASE_URL": database(), "DJANGO_SETTINGS_MODULE": "config.settings", **env}
    script = f"import django\ndjango.setup()\n{code}"
    return subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=given)


def database() -> str:
    has = connection.settings_dict
    where = "" if has["HOST"].startswith("/") else has["HOST"]
    who = f"{quote(has['USER'])}:{quote(has['PASSWORD'])}"
    return f"postgresql://{who}@{where}/{has['NAME']}?host={quote(has['HOST'], safe='')}&port={has['PORT']}"


def at_once(*works: Callable[[], object]) -> None:
    """Each in a thread and on a connection of its own, all beginning at the same moment."""
    start, errors = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
