"""The warm parent: a small process of its own that has imported the checks and forks a child per file.

It is started with an empty environment, before settings, keys or connections exist, and never sees a
key, a path or a byte of content: what a child needs comes over a socket that this process hands on.

A request is one byte with two descriptors. The child gets the first one. The second, the lifeline,
stays here: the child's exit status is written to it, and when its other end is closed (the worker gave
up, or died) the child is killed.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

from registry import checks, previews
from registry.sandbox import child, libc
from registry.sandbox.wire import STATUS


@dataclass(frozen=True, slots=True)
class Child:
    """A running child: its process, and the line to who asked for it."""

    pid: int
    exited: int
    lifeline: socket.socket


class Parent:
    """Waits for requests, for children that end and for lifelines that are cut."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: dict[int, Child] = {}
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Until the worker closes its end; then no child stays."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._control.fileno():
                    if not self._request():
                        self._end()
                        return
                elif (found := self._children.get(descriptor)) is not None:
                    self._news(found, descriptor)

    def _request(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, 1, 2)
        if message:
            run, lifeline = descriptors
            self._fork(run, socket.socket(fileno=lifeline))
        return bool(message)

    def _fork(self, run: int, lifeline: socket.socket) -> None:
        me = os.getpid()
        try:
            pid = os.fork()
        except OSError:  # no memory or no process left: a lifeline cut without a status says so
            os.close(run)
            lifeline.close()
            return
        if pid == 0:
            child.become(run, me)
        os.close(run)
        found = Child(pid, os.pidfd_open(pid), lifeline)
        for descriptor in (found.exited, lifeline.fileno()):
            self._children[descriptor] = found
            self._poll.register(descriptor, select.POLLIN)

    def _news(self, found: Child, descriptor: int) -> None:
        if descriptor == found.exited:
            self._bury(found)
        else:
            self._poll.unregister(descriptor)
            os.kill(found.pid, signal.SIGKILL)

    def _bury(self, found: Child) -> None:
        _, status = os.waitpid(found.pid, 0)
        for descriptor in (found.exited, found.lifeline.fileno()):
            del self._children[descriptor]
            with suppress(KeyError):
                self._poll.unregister(descriptor)
        with suppress(OSError):
            found.lifeline.send(STATUS.pack(os.waitstatus_to_exitcode(status)))
        found.lifeline.close()
        os.close(found.exited)

    def _end(self) -> None:
        for found in set(self._children.values()):
            os.kill(found.pid, signal.SIGKILL)
            os.waitpid(found.pid, 0)


def main() -> None:
    """`parent.py ROOT DESCRIPTOR [MODULE …]`; the modules register checks of tests."""
    os.environ.clear()
    checks.load()
    previews.load()
    child.warm_up()
    for module in sys.argv[3:]:
        import_module(module)
    gc.collect()
    gc.freeze()
    libc.tidy()
    Parent(socket.socket(fileno=int(sys.argv[2]))).serve()
