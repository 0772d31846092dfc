"""Posting to an address that a person gave, without letting it lead inside.

A name is looked up once, all its addresses must be ones that may be reached, and the connection goes to what
was checked: a name that answers otherwise the next time gains nothing. Redirects are not followed. Of what
comes back only the head is read: the rest could show what nobody but this machine may see.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from governance.errors import Invalid

CONNECT, TOTAL = 5.0, 10.0  # seconds
LONGEST = 500
UNLIKE = "This is not the address of a page: it looks like https://example.org/hook."
INSIDE = "This address leads inside, where webhooks may not go: the server's own machine or network."
PRINTED = re.compile(r"[!-~]+")

# Not even where inner addresses may be reached: where clouds tell a machine its own secrets, what is on the
# same wire, what is nobody's, what is everybody's, and what wraps another address.
NEVER = [
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/3", "100.100.100.200", "168.63.129.16"),
        *("::/128", "fe80::/10", "ff00::/8", "fd00:ec2::/32", "2001::/32", "2002::/16"),
    )
]
NAT64 = ip_network("64:ff9b::/96")

Address = IPv4Address | IPv6Address


class NotSent(Exception):
    """Nothing was sent, for the reason in the sentence."""


@dataclass(frozen=True)
class Answer:
    """What came of it: taken when there is no `trouble`."""

    seconds: float
    status: int | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Target:
    """An address in its parts."""

    secure: bool
    netloc: str
    host: str
    port: int
    path: str


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send it once. Takes at most TOTAL seconds, however slowly the other side speaks."""
    began = time.monotonic()
    try:
        to = target(url)
        status = asked(to, body, headers, began + TOTAL)
    except Invalid as invalid:
        return Answer(time.monotonic() - began, trouble=invalid.sentence)
    except NotSent as reason:
        return Answer(time.monotonic() - began, trouble=str(reason))
    except (OSError, HTTPException, ValueError) as error:
        return Answer(time.monotonic() - began, trouble=why(error, began))
    return Answer(time.monotonic() - began, status, judged(status))


def judged(status: int) -> str:
    """What is wrong with a status, if anything."""
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"It answered {status}, a redirect. Redirects are not followed: give the address it leads to."
    return f"It answered {status}."


def why(error: Exception, began: float) -> str:
    if time.monotonic() - began >= TOTAL:
        return f"It had not answered after {TOTAL:.0f} s."
    if isinstance(error, TimeoutError):
        return f"It could not be reached within {CONNECT:.0f} s."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not trusted: {error.verify_message}."
    return f"The connection failed ({type(error).__name__})."


# ------------------------------------------------------------------ addresses


def target(url: str) -> Target:
    """The parts of an address that may be posted to; `Invalid` says what is wrong with another."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refused(UNLIKE) from None
    if not PRINTED.fullmatch(url) or len(url) > LONGEST or not parts.hostname or port == 0:
        raise refused(UNLIKE)
    if parts.scheme != "https" and not (settings.WEBHOOK_INNER and parts.scheme == "http"):
        raise refused("The address begins with https://, so that nobody on the way can read what is sent.")
    if parts.username is not None or parts.fragment:
        raise refused("The address holds no name, password or # part: what is sent is signed instead.")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, parts.netloc, parts.hostname, port or (443 if secure else 80), path)


def refused(sentence: str) -> Invalid:
    return Invalid(sentence, errors={"address": [sentence]})


def check(url: str) -> None:
    """What can be known about an address without asking anybody: `Invalid`, or it may be tried."""
    to = target(url)
    try:
        literal = ip_address(to.host)
    except ValueError:
        return
    if not may_reach(literal):
        raise refused(INSIDE)


def may_reach(address: Address) -> bool:
    """Public addresses; inner ones where the settings say so; some never."""
    found = unwrapped(address)
    if any(found in block for block in NEVER):
        return False
    return settings.WEBHOOK_INNER or (found.is_global and not found.is_reserved)


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def resolved(host: str, port: int) -> list[str]:
    """What a name answers, each checked. One that may not be reached spoils them all."""
    found = [str(entry[4][0]) for entry in looked_up(host, port)]
    if not all(may_reach(ip_address(address)) for address in found):
        raise NotSent(INSIDE)
    return found


def looked_up(host: str, port: int) -> list[Any]:
    """The system's own look-up has no limit of time, so it has a thread of its own."""
    answer: Future[list[Any]] = Future()
    threading.Thread(target=look_up, args=(host, port, answer), daemon=True).start()
    try:
        return answer.result(timeout=CONNECT)
    except (OSError, UnicodeError):  # a TimeoutError, too
        raise NotSent(f"Nobody answers where {host} is.") from None


def look_up(host: str, port: int, answer: Future[list[Any]]) -> None:
    try:
        answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        answer.set_exception(error)


# ------------------------------------------------------------------ connection


def asked(to: Target, body: bytes, headers: Mapping[str, str], until: float) -> int:
    """The status that comes back. The library is given a connection, so it makes none itself."""
    plain = reach(to, resolved(to.host, to.port), until)
    with plain, cut_at(until, plain), secured(plain, to) as sock:
        connection = HTTPConnection(to.host, to.port)
        connection.sock = sock
        connection.request("POST", to.path, body, {**headers, "Host": to.netloc, "Connection": "close"})
        with connection.getresponse() as response:
            return response.status


def reach(to: Target, addresses: list[str], until: float) -> socket.socket:
    """A connection to the first of the addresses that answers."""
    *others, last = addresses
    for address in others:
        with suppress(OSError):
            return connect(address, to.port, until)
    return connect(last, to.port, until)


def connect(address: str, port: int, until: float) -> socket.socket:
    left = max(0.1, until - time.monotonic())
    connection = socket.create_connection((address, port), timeout=min(CONNECT, left))
    connection.settimeout(TOTAL)
    return connection


def secured(plain: socket.socket, to: Target) -> socket.socket:
    if not to.secure:
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=to.host)


@contextmanager
def cut_at(until: float, connection: socket.socket) -> Iterator[None]:
    """Cut a connection at a moment, whatever is being read or written there: a limit for each read alone
    lets a server that sends a byte a second go on for ever."""
    with socket.socket(fileno=os.dup(connection.fileno())) as same:
        alarm = threading.Timer(max(0.0, until - time.monotonic()), cut, [same])
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()
            alarm.join()


def cut(connection: socket.socket) -> None:
    with suppress(OSError):  # the other side was quicker
        connection.shutdown(socket.SHUT_RDWR)
