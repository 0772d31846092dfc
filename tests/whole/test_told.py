"""Being told by the running system: a request by mail, its link to the decision, and all of it by webhook."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.governance.told import letters, text
from tests.receivers import Hook, MailServer, running
from tests.whole.stack import PASSWORD, Person, Stack

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, server: MailServer) -> Iterator[Stack]:
    """A system of its own, with a mail server and leave to reach this machine."""
    settings = {"STEWARD_MAIL_URL": f"smtp://127.0.0.1:{server.port}", "STEWARD_WEBHOOK_INNER": "1"}
    stack = Stack(tmp_path_factory.mktemp("told") / "home", settings=settings)
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def people(stack: Stack) -> dict[str, Person]:
    admin = stack.person("admin")
    admin.post("teams/", {"slug": "fraud"})
    for name, role in {"mara": "data-scientist", "jonas": "steward", "priya": "devops-engineer"}.items():
        admin.post("users/", {"username": name, "password": PASSWORD, "email": f"{name}@example.org"})
        admin.put(f"teams/fraud/members/{name}", {"role": role})
    return {name: stack.person(name) for name in ("mara", "jonas", "priya")}


def until(reached: Callable[[], Any]) -> Any:
    """What is there within half a minute."""
    for _ in range(300):
        if found := reached():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come to that")


def test_a_request_is_decided_by_the_link_of_a_mail(stack, server, people):
    with running(Hook()) as hook:
        people["jonas"].put("teams/fraud/webhook", {"address": hook.url})
        people["mara"].post("models/", {"team": "fraud", "name": "scorer"})
        version = people["mara"].version("models/fraud/scorer", {"notes.txt": b"words"})
        people["mara"].verdict(version)

        people["priya"].post("approvals/", {"subject": version, "alias": "production"})
        (letter,) = until(lambda: letters(server))
        link = re.search(r"^Decide: (\S+)\s*$", text(letter), re.M)[1]
        decide(link)
        kinds = until(lambda: sent(hook) if len(hook.got) == 3 else None)

    assert letter["To"] == "jonas@example.org"
    assert link == f"{stack.url}/approvals/1/"
    assert kinds == ["approval-asked", "approval-decided", "hello"]
    told = people["priya"].get("notifications/?unread=true").json()["results"]
    assert [found["sentence"] for found in told] == ["jonas approved scorer 1 for production."]
    assert people["jonas"].get("notifications/?unread=true").json()["results"] == []
    assert people["priya"].put("models/fraud/scorer/aliases/production", {"version": 1}).status_code == 200


def sent(hook: Hook) -> list[str]:
    return sorted(json.loads(got.body)["kind"] for got in hook.got)


def decide(link: str) -> None:
    """Follow the link, sign in where it leads, and press Approve: the link alone decides nothing."""
    browser = requests.Session()
    sign_in = browser.get(link)
    assert "/account/login/?next=/approvals/" in sign_in.url
    fields = {"login": "jonas", "password": PASSWORD, **hidden(sign_in, "csrfmiddlewaretoken", "next")}
    page = browser.post(sign_in.url, fields)
    assert (page.url, "This waits for a decision" in page.text) == (link, True)
    fields = {"decision": "approve", **hidden(page, "csrfmiddlewaretoken", "digest")}
    assert "You approved scorer 1 for production." in browser.post(link, fields).text


def hidden(page: requests.Response, *names: str) -> dict[str, str]:
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page.text) for name in names}
    return {name: value[1] for name, value in found.items() if value}
