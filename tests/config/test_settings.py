"""Production refuses to start without its secrets, and keeps to TLS; the plain mode needs nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.stack import home

GIVEN = {
    "STEWARD_SECRET_KEY": "a secret of fifty characters that nobody has written",
    "STEWARD_MASTER_KEYS_FILE": "/etc/steward/master_keys",
    "DATABASE_URL": "postgresql://steward:secret@database.example/steward",
    "REDIS_URL": "redis://:secret@broker.example/0",
}
NAMES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "DEBUG")
MAIL = (
    *("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"),
    *("EMAIL_USE_TLS", "EMAIL_USE_SSL"),
)
TELL = "import json; from config import settings as s; print(json.dumps([getattr(s, n) for n in {names}]))"


def read(folder: Path, names: tuple[str, ...] = NAMES, **given: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own, with these environment variables of ours and no others."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("STEWARD_")}
    environment = {**plain, "STEWARD_HOME": str(folder / "home"), **given}
    return subprocess.run(
        [sys.executable, "-c", TELL.format(names=names)],
        cwd=home.PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("empty", [False, True], ids=["missing", "empty"])
def test_production_refuses_to_start_without(tmp_path: Path, name: str, empty: bool) -> None:
    given = {**GIVEN, name: ""} if empty else {key: value for key, value in GIVEN.items() if key != name}

    done = read(tmp_path, STEWARD_PRODUCTION="1", **given)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(f"STEWARD_PRODUCTION=1 needs {name}: no secret has a default.\n")


def test_production_makes_no_secret_of_its_own(tmp_path: Path) -> None:
    read(tmp_path, STEWARD_PRODUCTION="1", **GIVEN)

    assert not (tmp_path / "home").exists()


def test_production_keeps_cookies_and_pages_to_tls(tmp_path: Path) -> None:
    done = read(tmp_path, STEWARD_PRODUCTION="1", **GIVEN)

    assert json.loads(done.stdout) == [True, True, 365 * 24 * 60 * 60, False]


def test_plain_mode_needs_nothing_and_works_without_tls(tmp_path: Path) -> None:
    done = read(tmp_path)

    assert json.loads(done.stdout) == [False, False, 0, False]


# ------------------------------------------------------------------ mail

CONSOLE = "django.core.mail.backends.console.EmailBackend"
SERVER = "governance.mail_server.EmailBackend"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("", [CONSOLE, "", 25, "", "", False, False]),
        ("smtp://mail.example", [SERVER, "mail.example", 25, "", "", False, False]),
        (
            "smtp://us%40er:pa%3Ass@mail.example:2525?tls=1",
            [SERVER, "mail.example", 2525, "us@er", "pa:ss", True, False],
        ),
        ("smtp://mail.example?tls=1", [SERVER, "mail.example", 587, "", "", True, False]),
        ("smtps://u:p@mail.example", [SERVER, "mail.example", 465, "u", "p", False, True]),
    ],
)
def test_the_mail_server_is_an_address(tmp_path: Path, url: str, found: list[object]) -> None:
    assert json.loads(read(tmp_path, MAIL, STEWARD_MAIL_URL=url).stdout) == found


@pytest.mark.parametrize("url", ["mail.example:25", "http://mail.example", "smtp://"])
def test_what_is_no_mail_server_is_refused(tmp_path: Path, url: str) -> None:
    done = read(tmp_path, MAIL, STEWARD_MAIL_URL=url)

    assert done.stderr.endswith("STEWARD_MAIL_URL is smtp://user:password@host:587?tls=1 or smtps://….\n")
