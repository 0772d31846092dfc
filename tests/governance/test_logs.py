"""Log lines: ids on them, no secret in them, whoever logs and whatever they log."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.test import RequestFactory

from governance import logs, tokens
from governance.listening import tasks
from governance.middleware import origin as middleware
from governance.origin import Ids, Origin, origin

CANARY = "kanarienvogel-9f2c71ae"
TOKEN = "stw_" + "Ab3-_" * 8


class Told(logging.StreamHandler):
    """A handler as the settings make it, into memory."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(formatter)
        self.addFilter(Ids())

    @property
    def text(self) -> str:
        return self.stream.getvalue()


def formatter(kind: str) -> logging.Formatter:
    made = settings.LOGGING["formatters"][kind]
    return logs.Line(made["format"]) if kind == "line" else logs.Json()


@pytest.fixture(params=["line", "json"])
def told(request):
    handler = Told(formatter(request.param))
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def here():
    mark = origin.set(Origin(request_id="req-12345678"))
    yield
    origin.reset(mark)


# ------------------------------------------------------------------ secrets

LINES = [
    f"Authorization: Bearer {CANARY}",
    f"authorization='Basic {CANARY}'",
    f"{{'HTTP_AUTHORIZATION': 'Token {CANARY} and more', 'x': 1}}",
    f"Cookie: sessionid={CANARY}; csrftoken={CANARY}",
    f'"Set-Cookie": "sessionid={CANARY}; Path=/"',
    f"{{'HTTP_COOKIE': 'sessionid={CANARY}'}}",
    f"GET /x?token={CANARY}&y=1",
    f"password={CANARY}",
    f"{{'password': 'two words {CANARY}', 'username': 'mara'}}",
    f'{{"new_password1": "quoted \\"{CANARY}\\" word"}}',
    f"passphrase: {CANARY}",
    f"STEWARD_SECRET_KEY={CANARY}",
    f"aws_secret_access_key = {CANARY}",
    f"postgresql://steward:{CANARY}@db.example/steward",
    f"redis+socket://steward:{CANARY}@/run/redis.sock",
    f"secret {TOKEN} in the middle, {TOKEN}",
    f"Conflict: /api/v1/runs/6/steps/communicate/files/What {CANARY} said.txt",
]


@pytest.mark.parametrize("line", LINES)
def test_no_secret_gets_into_a_line(told, line):
    logging.getLogger("steward.anything").warning("%s", line)

    assert (CANARY in told.text, TOKEN in told.text, TOKEN[4:12] in told.text) == (False, False, False)


@pytest.mark.parametrize("line", LINES)
def test_no_secret_gets_into_a_traceback(told, line):
    try:
        raise ValueError(line)
    except ValueError:
        logging.getLogger("steward.anything").exception("not foreseen")

    assert (CANARY in told.text, TOKEN in told.text) == (False, False)
    assert "Traceback" in told.text


@pytest.mark.parametrize(
    "line",
    [
        "the token of mara ended",
        "Not signed in: /models/",
        "Not Found: /runs/6/",
        "2 tokens, 3 cookies",
        "https://steward.example/a:b@c",
    ],
)
def test_what_is_no_secret_stays(line):
    assert logs.clean(line) == line


def test_a_long_line_takes_no_time():
    began = time.perf_counter()

    logs.clean("tokenpassword" * 20_000 + " " + "a" * 500_000 + "://" * 1000)

    assert time.perf_counter() - began < 2


@pytest.mark.django_db
def test_a_request_that_fails_logs_no_secret(told, client, monkeypatch):
    """Through Django's own logger for what nobody foresaw, with everything a request carries."""

    def fails() -> None:
        raise RuntimeError(f"{{'Authorization': 'Bearer {TOKEN}', 'Cookie': 'sessionid={CANARY}'}}")

    client.raise_request_exception = False
    client.cookies["sessionid"] = CANARY
    monkeypatch.setattr("governance.health.look_at_all", fails)

    answer = client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 500
    assert "Internal Server Error: /readyz" in told.text
    assert (CANARY in told.text, TOKEN in told.text) == (False, False)


# ------------------------------------------------------------------ ids


def test_a_json_line_has_what_a_collector_asks_for(here):
    handler = Told(logs.Json())
    record = logging.makeLogRecord(
        {
            "name": "steward.checks",
            "levelname": "WARNING",
            "msg": "version %s waits",
            "args": (7,),
            "created": 0,
        }
    )

    handler.handle(record)

    assert json.loads(handler.text) == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "level": "warning",
        "logger": "steward.checks",
        "message": "version 7 waits",
        "request_id": "req-12345678",
        "task_id": "",
        "process": os.getpid(),
    }


def test_a_line_break_does_not_begin_another_line():
    handler = Told(logs.Json())

    handler.handle(logging.makeLogRecord({"msg": 'one\n{"level": "forged"}'}))

    assert handler.text.count("\n") == 1


def test_a_short_line_names_its_request(here):
    handler = Told(formatter("line"))

    handler.handle(logging.makeLogRecord({"name": "steward.checks", "levelname": "INFO", "msg": "done"}))

    assert handler.text.endswith(" INFO steward.checks [req-12345678] done\n")


def test_a_task_hands_on_the_request_that_asked_for_it():
    headers: dict[str, str] = {}
    request = RequestFactory().get("/", headers={"X-Request-Id": "asked-for-it-1"})

    middleware(lambda _: tasks.hand_on(headers=headers) or {})(request)

    assert headers == {"steward_request_id": "asked-for-it-1"}


def test_a_task_takes_up_the_request_and_lets_go_of_it():
    task = type("Task", (), {"request": type("Context", (), {"steward_request_id": "asked-for-it-1"})()})()

    tasks.take_up(task_id="task-1", task=task)
    during = origin.get()
    tasks.let_go()

    assert during == Origin(request_id="asked-for-it-1", task_id="task-1")
    assert origin.get() == Origin()


# ------------------------------------------------------------------ the setting


def started(**env: str) -> subprocess.CompletedProcess[str]:
    code = "import django; django.setup(); import logging; logging.getLogger('x').warning('token=%s', 'abc')"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_setting_chooses():
    line, found = started(STEWARD_LOG="line").stderr, started(STEWARD_LOG="json").stderr

    assert line.endswith(" WARNING x [-] token=…\n")
    assert json.loads(found)["message"] == "token=…"


def test_another_setting_is_refused():
    assert "STEWARD_LOG is line or json." in started(STEWARD_LOG="xml").stderr


@pytest.mark.slow
def test_a_worker_s_own_logger_keeps_nothing_secret():
    """Celery sets up its loggers itself; the handlers of the settings stay the only ones."""
    code = (
        "import django; django.setup(); from config.celery import app; import logging; "
        "app.log.setup(loglevel='WARNING', redirect_stdouts=True); "
        f"logging.getLogger('celery.worker').error('Authorization: Bearer {TOKEN}'); "
        f"print('password={CANARY}')"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "STEWARD_LOG": "json"},
        capture_output=True,
        text=True,
        check=True,
    )

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["message"] for line in lines] == ["Authorization: …", "password=…"]
    assert done.stdout == ""
    assert tokens.PREFIX + "Ab3" not in done.stderr
