"""`api`: one version by alias, among 50,000 artifacts, on connections that stay open."""

import time
from collections.abc import Iterator
from statistics import median

from script.benchmarks.figures import Figure, alternately
from script.benchmarks.processes import Cpu
from script.benchmarks.servers import Servers
from script.benchmarks.wire import Connection, request

NAMES = ("api", "api_cpu", "api_latency")
CONNECTIONS = 4
SECONDS = 3.0
TIMES = 5


def measure(servers: Servers) -> Iterator[Figure]:
    filled = servers.filled
    path = f"/api/v1/models/{filled['team']}/{filled['name']}/aliases/production"
    version = request("GET", path, Authorization=f"Bearer {filled['token']}")
    empty = request("GET", "/bench/empty", Authorization=f"Bearer {filled['token']}")
    product = Load(servers.port, servers.web, version)
    limit = Load(servers.limits_port, servers.limits, empty)
    value, best = alternately(product.rate, limit.rate, TIMES)
    yield Figure("api", value, "requests/s", best)
    # The least: what else this machine does can only add to what a request costs.
    yield Figure("api_cpu", min(product.cpu), "ms of server CPU", min(limit.cpu), most=3)
    value, best = latency(servers.port, version), latency(servers.limits_port, empty)
    yield Figure("api_latency", value, "ms, p50", best)


class Load:
    """The same request again and again, from a few connections at once."""

    def __init__(self, port: int, server: int, wanted: bytes) -> None:
        self.port, self.server, self.wanted = port, server, wanted
        self.cpu: list[float] = []
        self._run(1.0)  # the first ones open connections to the database and fill caches

    def rate(self) -> float:
        with Cpu(self.server) as used:
            began = time.monotonic()
            count = self._run(SECONDS)
            passed = time.monotonic() - began
        self.cpu.append(used.seconds / count * 1000)
        return count / passed

    def _run(self, seconds: float) -> int:
        connections = [Connection(self.port) for _ in range(CONNECTIONS)]
        until = time.monotonic() + seconds
        count = 0
        for connection in connections:
            connection.send(self.wanted)
        while time.monotonic() < until:
            for connection in connections:
                connection.answer()
                connection.send(self.wanted)
            count += CONNECTIONS
        for connection in connections:
            connection.answer()
            connection.close()
        return count + CONNECTIONS


def latency(port: int, wanted: bytes) -> float:
    """From the first byte sent to the last received on one connection: 40 ms would be a delayed ACK."""
    taken = []
    with Connection(port) as connection:
        for _ in range(300):
            began = time.perf_counter()
            connection.ask(wanted)
            taken.append(time.perf_counter() - began)
    return median(taken) * 1000
