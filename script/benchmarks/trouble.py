"""People who go on working while parts of the server are killed, and what the server acknowledged to them."""

from __future__ import annotations

import hashlib
import http.client
import json
import pickle
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

AWAY = 0
Values = dict[str, Any]


@dataclass
class Trouble:
    """What was acknowledged, in the order of the answers, and how often there was none."""

    acknowledged: list[Values] = field(default_factory=list)
    unanswered: int = 0
    unforeseen: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, **about: Any) -> None:
        with self.lock:
            self.acknowledged.append({"what": what, **about})

    def miss(self) -> None:
        with self.lock:
            self.unanswered += 1


class Person:
    """Asks the server until it answers: what has no answer may have happened or not."""

    def __init__(self, port: int, token: str, trouble: Trouble) -> None:
        self.port, self.token, self.trouble = port, token, trouble

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Values]:
        """Status and answer; AWAY when the connection broke."""
        sent = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            link.request(method, f"/api/v1/{path}", None if method == "GET" else sent, headers)
            answer = link.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError):
            return AWAY, {}
        finally:
            link.close()

    def insist(self, method: str, path: str, body: Any = None) -> tuple[int, Values]:
        """The same until there is an answer that is no “not now”."""
        while True:
            status, answer = self.ask(method, path, body)
            if status not in {AWAY, 429, 503}:
                if status >= 500:
                    self.trouble.unforeseen.append(f"{method} {path}: {status} {answer.get('request_id')}")
                return status, answer
            self.trouble.miss()
            time.sleep(0.1)


class Pusher:
    """Pushes small versions of one model, one after the other."""

    def __init__(self, port: int, people: Values, number: int, trouble: Trouble) -> None:
        self.person, self.trouble = Person(port, people["author"], trouble), trouble
        self.chance = random.Random(number)
        self.team, self.name = people["team"], f"faulty-{number}"
        self.model = f"models/{self.team}/{self.name}"
        self.pushed: list[str] = []

    def work(self, over: threading.Event) -> None:
        self.person.insist("POST", "models/", {"team": self.team, "name": self.name})
        while not over.is_set():
            self.push()

    def push(self) -> None:
        status, version = self.person.insist("POST", f"{self.model}/versions/", {})
        if status != 201:
            return
        label = f"{self.model}/versions/{version['number']}"
        self.trouble.note("versions", label=label)
        for path in ("model.pkl", "notes/plain.pkl"):
            content = pickle.dumps([self.chance.random() for _ in range(1000)])
            status, _ = self.person.insist("PUT", f"{label}/files/{path}", content)
            if status not in {200, 201}:
                return
            sha256 = hashlib.sha256(content).hexdigest()
            self.trouble.note("files", label=label, path=path, sha256=sha256)
        status, _ = self.person.insist("POST", f"{label}/submit")
        # The first try may have been done without its answer: then it is frozen, which is what was asked.
        if status == 202 or self.person.insist("GET", f"{label}/")[1].get("digest"):
            self.trouble.note("submissions", label=label)
            self.pushed.append(label)


class Promoter:
    """Asks, approves and promotes in three names what was pushed and checked."""

    def __init__(self, port: int, people: Values, pushers: list[Pusher], trouble: Trouble) -> None:
        self.author, self.steward, self.devops = (
            Person(port, people[name], trouble) for name in ("author", "steward", "devops")
        )
        self.pushers, self.trouble = pushers, trouble
        self.done: set[str] = set()

    def work(self, over: threading.Event) -> None:
        while not over.is_set():
            for pusher in self.pushers:
                label = pusher.pushed[-1] if pusher.pushed else ""
                if label and label not in self.done and self.is_ready(label):
                    self.done.add(label)
                    self.promote(pusher.model, label)
            time.sleep(0.2)

    def is_ready(self, label: str) -> bool:
        return self.devops.insist("GET", f"{label}/")[1].get("state") == "ready"

    def promote(self, model: str, label: str) -> None:
        number = int(label.rpartition("/")[2])
        self.point(model, "staging", number)
        status, asked = self.author.insist("POST", "approvals/", {"subject": label, "alias": "production"})
        if status != 201:
            return
        self.trouble.note("requests", label=label, id=asked["id"])
        status, _ = self.steward.insist("POST", f"approvals/{asked['id']}/approve", {})
        if status != 200:
            return
        self.trouble.note("approvals", label=label, id=asked["id"])
        self.point(model, "production", number)

    def point(self, model: str, alias: str, number: int) -> None:
        status, _ = self.devops.insist("PUT", f"{model}/aliases/{alias}", {"version": number})
        if status == 200:
            self.trouble.note("promotions", model=model, alias=alias, number=number)
