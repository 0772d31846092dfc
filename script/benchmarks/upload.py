"""`upload`: 1 GiB sealed and hashed, against receiving and writing it plain plus one SHA-256."""

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median

from config.stack import home
from script.benchmarks.figures import Figure, alternately
from script.benchmarks.processes import Memory
from script.benchmarks.servers import Servers
from script.benchmarks.wire import Connection, request

NAMES = ("upload", "upload_memory", "upload_growth")
MIB = 1 << 20
PIECE = 16 * MIB
PIECES = 64
TIMES = 5


def measure(servers: Servers) -> Iterator[Figure]:
    token = servers.person["token"]
    sealed = Uploads(servers.product, servers.web, f"/api/v1/{draft(servers)}/files", token)
    plain = Uploads(servers.limit, servers.limits, "/bench/receive", token)
    value, best = alternately(sealed.rate, plain.rate, TIMES)
    yield Figure("upload", value, "MiB/s", best, least=0.65)
    yield Figure("upload_memory", max(sealed.worker), "MiB of PSS, the worker", max(plain.worker), most=100)
    yield Figure("upload_memory_parent", max(sealed.parent), "MiB of PSS, the worker's parent")
    yield Figure("upload_growth", median(sealed.growth), "MiB of RSS more than before", median(plain.growth))


def draft(servers: Servers) -> str:
    """The label of a version that takes files."""
    person = servers.person
    name = f"large-{secrets.token_hex(4)}"
    headers = {"Authorization": f"Bearer {person['token']}", "Content_Type": "application/json"}
    with servers.product() as connection:
        body = json.dumps({"team": person["team"], "name": name}).encode()
        connection.ask(request("POST", "/api/v1/models/", body, **headers))
        address = f"models/{person['team']}/{name}/versions"
        answer = connection.ask(request("POST", f"/api/v1/{address}/", b"{}", **headers))
    return f"{address}/{json.loads(answer)['number']}"


@dataclass
class Uploads:
    """1 GiB again and again, different every time: the same content would be kept once."""

    connect: Callable[[], Connection]
    server: int
    address: str
    token: str
    worker: list[float] = field(default_factory=list)
    parent: list[float] = field(default_factory=list)
    growth: list[float] = field(default_factory=list)

    def rate(self) -> float:
        head = request(
            "PUT",
            f"{self.address}/{secrets.token_hex(4)}.bin",
            size=PIECE * PIECES,
            Authorization=f"Bearer {self.token}",
            Content_Type="application/octet-stream",
        )
        content = os.memfd_create("content")
        try:
            os.write(content, os.urandom(PIECE))
            with self.connect() as connection, Memory(self.server) as taken:
                began = time.perf_counter()
                connection.pour(head, content, PIECES)
                passed = time.perf_counter() - began
        finally:
            os.close(content)
        parent, *workers = taken.most.values()
        self.parent.append(parent)
        self.worker.append(sum(workers))
        self.growth.append(taken.growth)
        drop_plain()
        return PIECE * PIECES / MIB / passed


def drop_plain() -> None:
    """What the limit has written is of no use, and the next one shall not wait for its disk."""
    for file in (home.home() / "plain").glob("*.bin"):
        file.unlink()
