"""The parent of everything: holds the home, starts the parts, keeps them running, stops them in order."""

import contextlib
import errno
import fcntl
import os
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from config.stack import forks, home, parts, processes, ready
from config.stack.errors import Refusal
from config.stack.parts import Part, say
from config.stack.processes import Process

STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
WATCHED = STOPPING | {signal.SIGCHLD}
LOCK_PATIENCE = 60  # seconds a second start waits for the first to end


class Stopped(Exception):
    """Somebody asked for the end."""


@dataclass
class Web:
    """Where the portal is reached, and by what certificate."""

    host: str = "127.0.0.1"
    port: int = 8000
    tls: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


@dataclass
class Stack:
    """What runs now."""

    running: list[Part] = field(default_factory=list)

    def start(self, part: Part) -> None:
        part.begin()
        self.running.append(part)

    def watch(self, seconds: float) -> None:
        """Look after every part for a while, or until a child ends; raises Stopped when asked to."""
        now = time.monotonic()
        pauses = [part.due - now for part in self.running if not part.process]
        found = signal.sigtimedwait(WATCHED, max(0, min([seconds, *pauses])))
        if found and found.si_signo in STOPPING:
            raise Stopped
        for part in self.running:
            part.look()

    def finish(self, process: Process) -> int:
        """Wait for a process that ends by itself, looking after the parts meanwhile."""
        while process.poll() is None:
            self.watch(1)
        return process.wait()

    def stop(self) -> None:
        for part in sorted(self.running, key=lambda part: parts.STOP_ORDER.index(part.name)):
            part.end()
        with contextlib.suppress(OSError):
            if home.run_folder().parent != home.home():
                home.run_folder().rmdir()


def serve(web: Web, *, demo: bool = False) -> int:
    """Run all of Steward until asked to stop."""
    home.make_home()
    with _lock(), _stack() as stack:
        _refuse_taken(web)
        try:
            _start_all(stack, web)
            if demo and stack.finish(parts.python(["manage", "demo"], parts.environment())) != 0:
                say("The examples could not be made; the lines above say why.")
            while True:
                stack.watch(60)
                processes.reap_orphans({part.process.pid for part in stack.running if part.process})
        except Stopped:
            say("Stopping.")
            return 0


def _start_all(stack: Stack, web: Web) -> None:
    # Links in mails lead here, unless the environment knows a better address.
    env = {"STEWARD_URL": web.address, **parts.environment()}
    for part in parts.embedded(os.environ):
        stack.start(part)
    if stack.finish(parts.python(["config.prepare"], env)) != 0:
        raise Refusal("The database could not be prepared; the lines above say why.")
    _refuse_taken(web)  # somebody may have been quicker while the database was prepared
    forks.load(env)
    *needed, scheduler = parts.own([web.host, str(web.port), *web.tls])
    for part in needed:
        stack.start(part)
    _announce(stack, web)
    stack.start(scheduler)


def run(command: Sequence[str]) -> int:
    """Run one command with the embedded servers around it; its exit code."""
    home.make_home()
    with _lock(), _stack() as stack:
        for part in parts.embedded(os.environ):
            stack.start(part)
        try:
            # In this terminal's own session, so that it reads the keyboard and sees Ctrl-C itself.
            process = processes.spawn(
                command, env=parts.environment(), cwd=None, session=False, stdin=None, death=signal.SIGTERM
            )
        except OSError as error:
            raise Refusal(f"{command[0]} cannot be run: {error.strerror}.") from error
        return _follow(stack, process)


def _follow(stack: Stack, process: Process) -> int:
    while True:
        try:
            code = stack.finish(process)
            return code if code >= 0 else 128 - code
        except Stopped:
            process.terminate()


@contextlib.contextmanager
def _stack() -> Iterator[Stack]:
    """Signals wait until they are asked for, so that none interrupts a start half-way."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)  # a shell's background job ignores Ctrl-C; we do not
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    processes.adopt_orphans()
    stack = Stack()
    try:
        yield stack
    finally:
        stack.stop()


@contextlib.contextmanager
def _lock() -> Iterator[None]:
    """One Steward per home. A second waits for the first to end, as after a quick restart."""
    with (home.home() / "run" / "lock").open("a+") as file:
        until = time.monotonic() + LOCK_PATIENCE
        told = False
        while not _locked(file.fileno()):
            file.seek(0)
            other = f"Another Steward (process {file.read().strip()}) uses {home.home()}"
            if time.monotonic() > until:
                raise Refusal(f"{other}: stop it first, or set STEWARD_HOME to another folder.")
            if not told:
                say(f"{other}; waiting for it to end.")
                told = True
            time.sleep(0.1)
        home.make_home()  # whoever held it may have taken the sockets' folder along
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refuse_taken(web: Web) -> None:
    """Tried for a moment: a web server of a killed parent may still be on its way out."""
    until = time.monotonic() + 3
    while True:
        try:
            family, kind, *_, place = socket.getaddrinfo(web.host, web.port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as attempt:
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                attempt.bind(place)
            return
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Refusal(f"{web.address} cannot be opened: {error.strerror}.") from error
            if time.monotonic() > until:
                raise Refusal(
                    f"Port {web.port} is taken by another program: choose one by --port."
                ) from error
        time.sleep(0.1)


def _announce(stack: Stack, web: Web) -> None:
    """Say so when the portal answers; when a part stays away, say which, and go on waiting."""
    began = time.monotonic()
    told = False
    while not (answer := ready.ask(web.host, web.port, tls=bool(web.tls))).ready:
        if time.monotonic() - began > 20 and answer.alive and not told:
            say(f"Steward answers at {web.address} and waits for: {', '.join(answer.away)}.")
            told = True
        stack.watch(0.1)
    print(f"Steward is ready at {web.address}", flush=True)  # noqa: T201
