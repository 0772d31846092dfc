"""`list`: a filtered, sorted page of 50,000 artifacts by API and as a page; the slowest one counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from script.benchmarks.figures import Figure
from script.benchmarks.processes import Cpu
from script.benchmarks.servers import Servers
from script.benchmarks.wire import Connection, request

NAMES = ("list", "list_page")
TIMES = 120
QUESTIONS = (
    "?sort=name",
    "?team=team-3&tag=vision-3&sort=name",
    "?search=churn&tag=vision-3&sort=-updated_at",
)


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU for one request."""

    web: float
    postgres: float


def measure(servers: Servers) -> Iterator[Figure]:
    filled = servers.filled
    token, cookie = {"Authorization": f"Bearer {filled['token']}"}, {"Cookie": filled["cookie"]}
    with servers.limit() as connection:
        empty = cost(servers, servers.limits, connection, request("GET", "/bench/empty", **token)).web
    with servers.product() as connection:
        for name, path, headers in (("list", "/api/v1/models/", token), ("list_page", "/models/", cookie)):
            costs = [
                cost(servers, servers.web, connection, request("GET", path + question, **headers))
                for question in QUESTIONS
            ]
            yield Figure(name, max(found.web for found in costs), "ms of server CPU", empty, most=12)
            yield Figure(f"{name}_postgres", max(found.postgres for found in costs), "ms of PostgreSQL's CPU")


def cost(servers: Servers, server: int, connection: Connection, wanted: bytes) -> Cost:
    for _ in range(10):
        connection.ask(wanted)
    with Cpu(server) as web, Cpu(servers.postgres) as postgres:
        for _ in range(TIMES):
            connection.ask(wanted)
    return Cost(web.seconds / TIMES * 1000, postgres.seconds / TIMES * 1000)
