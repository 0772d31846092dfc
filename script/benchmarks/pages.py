"""`pages`: what each page of the demo costs its steward: kB when it is opened first, CPU, queries."""

import re
from collections.abc import Iterator

from script.benchmarks.figures import Figure
from script.benchmarks.processes import Cpu
from script.benchmarks.servers import Servers, inside
from script.benchmarks.wire import Connection, request

NAMES = ("pages",)
ROUNDS, TIMES = 3, 20
STATIC = re.compile(rb'(?:src|href)="(/static/[^"#]+)')


def measure(servers: Servers) -> Iterator[Figure]:
    found = inside("demo")
    with servers.product() as connection:
        for name, page in found["pages"].items():
            known = {"Cookie": page["cookie"], "Accept-Encoding": "gzip"}
            sent = cold(connection, page["path"], known) / 1000
            yield Figure(f"page_kb {name}", sent, "kB, compressed, with all it names", most=100)
            spent = least(servers, connection, request("GET", page["path"], **known))
            yield Figure(f"page_cpu {name}", spent, "ms of server CPU", most=25)
            yield Figure(f"page_queries {name}", page["queries"], "queries")
    unseen = ", ".join(found["unseen"]) or "none"
    yield Figure("page_unseen", len(found["unseen"]), f"pages nobody is led to: {unseen}", most=0)


def cold(connection: Connection, path: str, known: dict[str, str]) -> int:
    """Bytes of the page and of every file that it names, each asked as a browser asks."""
    text = connection.ask(request("GET", path, Cookie=known["Cookie"]))
    named = sorted({found.decode() for found in STATIC.findall(text)})
    return sum(connection.drain(request("GET", each, **known)) for each in [path, *named])


def least(servers: Servers, connection: Connection, wanted: bytes) -> float:
    """Milliseconds of the server's CPU, in the best of a few rounds: what else is going on adds to it."""
    for _ in range(5):
        connection.ask(wanted)
    return min(cost(servers, connection, wanted) for _ in range(ROUNDS))


def cost(servers: Servers, connection: Connection, wanted: bytes) -> float:
    with Cpu(servers.web) as web:
        for _ in range(TIMES):
            connection.ask(wanted)
    return web.seconds / TIMES * 1000
