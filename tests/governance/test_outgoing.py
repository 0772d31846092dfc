"""Posting to addresses that people gave: never inside, never for long."""

from __future__ import annotations

import socket
import time
from ipaddress import ip_address

import pytest

from governance import outgoing
from governance.errors import Invalid
from governance.outgoing import INSIDE, UNLIKE
from tests import tls
from tests.receivers import Hook, drip, flood, hang, redirect, running

BODY = b'{"kind": "hello"}'


@pytest.fixture
def inner(settings):
    """Inner addresses may be reached, as the tests' own servers are."""
    settings.WEBHOOK_INNER = True


@pytest.fixture
def hook():
    with running(Hook()) as hook:
        yield hook


@pytest.fixture
def short(monkeypatch):
    """The same limits, in less time."""
    monkeypatch.setattr(outgoing, "CONNECT", 0.5)
    monkeypatch.setattr(outgoing, "TOTAL", 1.0)


def post(url: str) -> outgoing.Answer:
    return outgoing.post(url, BODY, {"X-Test": "yes"})


# ------------------------------------------------------------------ where to


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "100.100.100.200",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
    ],
)
def test_an_inner_address_is_never_reached(address):
    assert not outgoing.may_reach(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_may_be_reached(address):
    assert outgoing.may_reach(ip_address(address))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "fc00::1", "::1", "8.8.8.8"])
def test_where_the_settings_say_so_inner_ones_may_be_reached(inner, address):
    assert outgoing.may_reach(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "100.100.100.200", "0.0.0.0", "ff02::1"],
)
def test_what_tells_a_machine_its_secrets_is_not_reached_even_then(inner, address):
    assert not outgoing.may_reach(ip_address(address))


@pytest.mark.parametrize(
    "url",
    ["https://localhost/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://[::1]/"],
)
def test_a_name_that_leads_inside_is_not_connected_to(url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", None)  # calling it would fail the test

    assert post(url).trouble == INSIDE


def test_a_name_with_one_inner_address_among_others_is_not_connected_to(monkeypatch):
    answers(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    monkeypatch.setattr(socket, "create_connection", None)

    assert post("https://rebinding.example/").trouble == INSIDE


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(monkeypatch):
    answers(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    reached = []
    monkeypatch.setattr(socket, "create_connection", lambda to, **_: reached.append(to) or gone())

    answer = post("https://rebinding.example/")

    assert (reached, answer.trouble) == (
        [("8.8.8.8", 443)],
        "The connection failed (ConnectionRefusedError).",
    )


def answers(monkeypatch, *rounds):
    """What a name server answers, time after time."""
    left, real = iter(rounds), socket.getaddrinfo

    def look_up(host, port, *others, **named):
        if not host.endswith(".example"):
            return real(host, port, *others, **named)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port)) for found in next(left)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def gone():
    raise ConnectionRefusedError


def test_a_name_that_nobody_has_is_said(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror()))

    assert post("https://nobody.example/").trouble == "Nobody answers where nobody.example is."


def test_a_name_server_that_hangs_takes_no_longer_than_a_connection(monkeypatch, short):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(3))

    answer = post("https://slow.example/")

    assert answer.trouble == "Nobody answers where slow.example is."
    assert answer.seconds < 2.5


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://example.org/", "The address begins with https://"),
        ("ftp://example.org/", "The address begins with https://"),
        ("https://mara:secret@example.org/", "The address holds no name, password or # part"),
        ("https://example.org/#part", "The address holds no name, password or # part"),
        ("https://", UNLIKE),
        ("example.org", UNLIKE),
        ("https://example.org:99999/", UNLIKE),
        ("https://example.org:0/", UNLIKE),
        ("https://exa mple.org/", UNLIKE),
        ("https://example.org/\r\nX-Other: yes", UNLIKE),
        ("https://exämple.org/", UNLIKE),
        ("https://[::1/", UNLIKE),
        (f"https://example.org/{'x' * 500}", UNLIKE),
        ("https://127.0.0.1/", INSIDE),
        ("https://[fd00::1]:8443/", INSIDE),
    ],
)
def test_an_address_that_cannot_be_is_refused_before_anything_is_sent(url, sentence):
    with pytest.raises(Invalid) as invalid:
        outgoing.check(url)

    assert invalid.value.sentence.startswith(sentence)


def test_a_public_address_is_taken_without_asking_anybody(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", None)

    outgoing.check("https://hooks.example.org:8443/a?b=c")


# ------------------------------------------------------------------ what comes back


def test_what_is_posted_arrives_as_it_was(inner, hook):
    answer = post(hook.url)

    (got,) = hook.got
    assert (answer.status, answer.trouble) == (204, "")
    assert (got.path, got.body, got.headers["X-Test"]) == ("/hook?team=1", BODY, "yes")
    assert got.headers["Host"] == f"localhost:{hook.server_port}"


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(200, ""), (299, ""), (404, "It answered 404."), (500, "It answered 500."), (101, "It answered 101.")],
)
def test_only_two_hundreds_are_a_yes(inner, hook, status, trouble):
    hook.answer = status

    assert post(hook.url).trouble == trouble


def test_a_redirect_is_not_followed(inner, hook):
    with running(Hook()) as inside:
        hook.answer = redirect(inside.url)

        answer = post(hook.url)

        assert answer.trouble.startswith("It answered 307, a redirect. Redirects are not followed")
        assert (len(hook.got), inside.got) == (1, [])


@pytest.mark.parametrize("misbehave", [hang, drip])
def test_a_receiver_that_takes_for_ever_is_cut_off(inner, hook, short, misbehave):
    hook.answer = misbehave

    answer = post(hook.url)

    assert answer.trouble == "It had not answered after 1 s."
    assert answer.seconds < 5


def test_an_answer_without_end_is_not_read(inner, hook):
    hook.answer = flood

    answer = post(hook.url)

    assert (answer.status, answer.seconds < 5) == (200, True)


def test_a_receiver_that_is_not_there_is_said(inner):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    answer = post(f"http://127.0.0.1:{port}/")

    assert answer.trouble == "The connection failed (ConnectionRefusedError)."


# ------------------------------------------------------------------ TLS


@pytest.fixture
def files(tmp_path):
    return tls.certificate(tmp_path)


def test_a_certificate_that_is_trusted_for_the_name_is_taken(inner, files, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    with running(Hook(tls.context(files))) as hook:
        assert post(hook.url).trouble == ""


def test_a_certificate_that_nobody_trusts_is_not(inner, files):
    with running(Hook(tls.context(files))) as hook:
        answer = post(hook.url)

        assert (answer.trouble, hook.got) == ("Its certificate is not trusted: self-signed certificate.", [])


def test_a_certificate_of_another_name_is_not(inner, files, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    with running(Hook(tls.context(files))) as hook:
        answers(monkeypatch, ["127.0.0.1"])

        answer = post(f"https://other.example:{hook.server_port}/")

        assert answer.trouble.startswith("Its certificate is not trusted: Hostname mismatch")


def test_a_receiver_that_never_finishes_the_handshake_is_cut_off(inner, short):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = post(f"https://127.0.0.1:{silent.getsockname()[1]}/")

    assert answer.trouble == "It had not answered after 1 s."
