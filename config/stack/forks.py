"""Steward's own processes. One process loads the application, and these are forked from it: what is loaded is
held once for all of them, and one that died is back at once. Why so: docs/decisions/0035-loaded-once.md.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module

from setproctitle import getproctitle, setproctitle

from config.stack import home, processes

CELERY = ("celery.bin.celery", "celery.apps.worker", "celery.apps.beat", "celery.concurrency.thread")
M_ARENA_MAX = -8  # of mallopt(3)
Work = Callable[[], object]
fork = multiprocessing.get_context("fork")


class Forked:
    """A child that runs a function: as much of `subprocess.Popen` as the parent of everything needs."""

    def __init__(self, title: str, work: Work) -> None:
        gc.collect()
        gc.freeze()  # a collection in a child would write to all that it shares
        self._process = fork.Process(target=_live, args=(title, work, os.getpid()))
        self._process.start()
        assert self._process.pid
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired([self._process.name], timeout or 0)
            time.sleep(0.02)
        return code

    def send_signal(self, sent: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sent)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def load(env: Mapping[str, str]) -> None:
    """Load all of the application, in the environment that its processes will have."""
    getproctitle()  # finds the place of titles, which lies beside the environment as it came
    os.environ.update(env)
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, int(env["MALLOC_ARENA_MAX"]))  # read when this process began
    gc.disable()  # what is loaded stays
    for name in ("config.wsgi", "config.celery", *CELERY):
        import_module(name)


def web(*words: str) -> Work:
    """The web server: see `config.stack.web`."""
    return lambda: import_module("config.stack.web").main(*words)


def celery(*words: str) -> Work:
    """A command of Celery's."""

    def work() -> None:
        # JSON messages cannot run code, which is what Celery warns root of.
        warnings.filterwarnings("ignore", "You're running the worker")
        sys.argv = ["celery", *words]  # Celery names its processes by it
        sys.exit(import_module("config.celery").app.start(["--quiet", *words]))

    return work


def _live(title: str, work: Work, parent: int) -> None:
    """As a process that was started anew: a session of its own, nothing open, no signal held back."""
    os.setsid()
    processes.die_with(parent)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # the home's lock among them
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(home.PROJECT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    setproctitle(title)
    gc.enable()
    work()
