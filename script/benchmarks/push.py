"""`push`: ten small versions a second for half a minute; how long each waits for its verdict."""

import json
import pickle
import random
import threading
import time
from collections.abc import Iterator
from statistics import quantiles

from script.benchmarks.figures import Figure
from script.benchmarks.servers import Servers, inside
from script.benchmarks.wire import Connection, request

NAMES = ("push",)
EACH_SECOND = 10
SECONDS = 30
PUSHERS = 5  # people who push at the same time, each to a model of their own


def measure(servers: Servers) -> Iterator[Figure]:
    person = servers.person
    pushers = [Pusher(servers, number, person) for number in range(PUSHERS)]
    threads = [threading.Thread(target=pusher.work, args=[time.monotonic() + 1]) for pusher in pushers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = {label: at for pusher in pushers for label, at in pusher.sent.items()}
    if len(sent) != EACH_SECOND * SECONDS:
        raise RuntimeError(f"{len(sent)} of {EACH_SECOND * SECONDS} versions were pushed")
    said = verdicts(sent)
    waited = [said[label] - at for label, at in sent.items()]
    yield Figure("push", quantiles(waited, n=20)[-1], "s from submit to verdict, p95", most=3)


def verdicts(sent: dict[str, float]) -> dict[str, float]:
    """When the verdict on each version was recorded, once all have one."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        said: dict[str, float] = inside("verdicts")
        if said.keys() >= sent.keys():
            return said
        time.sleep(1)
    raise RuntimeError(f"{len(sent.keys() - said.keys())} versions have no verdict after a minute")


class Pusher:
    """Begins, fills and submits versions by the clock, not when the server is done with the last one."""

    def __init__(self, servers: Servers, number: int, person: dict[str, str]) -> None:
        self.number = number
        self.sent: dict[str, float] = {}
        self._token = {"Authorization": f"Bearer {person['token']}", "Content_Type": "application/json"}
        self._connection = Connection(servers.port)
        self._chance = random.Random(number)
        self._model = f"models/{person['team']}/pushed-{number}"
        self._post("models/", {"team": person["team"], "name": f"pushed-{number}"})

    def work(self, began: float) -> None:
        for turn in range(EACH_SECOND * SECONDS // PUSHERS):
            due = began + (turn * PUSHERS + self.number) / EACH_SECOND
            time.sleep(max(0, due - time.monotonic()))
            self.push()

    def push(self) -> None:
        number = json.loads(self._post(f"{self._model}/versions/", {}))["number"]
        version = f"{self._model}/versions/{number}"
        bytes_ = {"Authorization": self._token["Authorization"], "Content_Type": "application/octet-stream"}
        path = f"/api/v1/{version}/files/model.pkl"
        self._connection.ask(request("PUT", path, self._pickle(), **bytes_))
        self.sent[version] = time.time()
        self._post(f"{version}/submit", {})

    def _pickle(self) -> bytes:
        """About 10 KB of plain values, different every time."""
        return pickle.dumps({"coefficients": [self._chance.random() for _ in range(1100)]})

    def _post(self, path: str, values: dict[str, str]) -> bytes:
        body = json.dumps(values).encode()
        return self._connection.ask(request("POST", f"/api/v1/{path}", body, **self._token))
