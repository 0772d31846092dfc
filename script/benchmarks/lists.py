"""`list`: a filtered, sorted page of 50,000 artifacts by API and as a page; the slowest one counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from script.benchmarks.figures import Figure
from script.benchmarks.processes import Cpu
from script.benchmarks.servers import Servers
from script.benchmarks.wire import Connection, request

NAMES = ("list", "list_page")
TIMES = 60
ROUNDS = 3
# The name of the figure, the address, and what there is the name of the order by the last change.
LISTS = (("list", "/api/v1/models/", "-updated_at"), ("list_page", "/models/", "-changed"))
QUESTIONS = (
    "?sort=name",
    "?team=team-3&tag=vision-3&sort=name",
    "?search=churn&tag=vision-3&sort={changed}",
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
        empty = least(servers, servers.limits, connection, request("GET", "/bench/empty", **token)).web
    with servers.product() as connection:
        for (name, path, changed), headers in zip(LISTS, (token, cookie), strict=True):
            asked = [request("GET", path + each.format(changed=changed), **headers) for each in QUESTIONS]
            costs = [least(servers, servers.web, connection, wanted) for wanted in asked]
            yield Figure(name, max(found.web for found in costs), "ms of server CPU", empty, most=12)
            yield Figure(f"{name}_postgres", max(found.postgres for found in costs), "ms of PostgreSQL's CPU")


def least(servers: Servers, server: int, connection: Connection, wanted: bytes) -> Cost:
    """Of a few rounds: what else this machine does can only add to what one costs."""
    for _ in range(10):
        connection.ask(wanted)
    costs = [cost(servers, server, connection, wanted) for _ in range(ROUNDS)]
    return Cost(min(each.web for each in costs), min(each.postgres for each in costs))


def cost(servers: Servers, server: int, connection: Connection, wanted: bytes) -> Cost:
    with Cpu(server) as web, Cpu(servers.postgres) as postgres:
        for _ in range(TIMES):
            connection.ask(wanted)
    return Cost(web.seconds / TIMES * 1000, postgres.seconds / TIMES * 1000)
