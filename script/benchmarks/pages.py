"""`pages`: what each page costs when it is opened for the first time: kB on the wire and the server's CPU."""

import re
from collections.abc import Iterator

from script.benchmarks.figures import Figure
from script.benchmarks.lists import least
from script.benchmarks.servers import Servers
from script.benchmarks.wire import Connection, request

NAMES = ("pages",)
# Of somebody in ten teams with 50,000 models.
PAGES = (
    *("/", "/models/", "/models/new/", "/findings/", "/approvals/", "/trail/", "/inbox/", "/inbox/settings/"),
    *("/teams/", "/teams/team-0/", "/teams/team-0/gate/", "/roles/", "/help/", "/account/tokens/"),
    *("/styleguide/", "/models/team-0/{name}/", "/models/team-0/{name}/versions/3/"),
    *("/models/team-0/{name}/versions/3/files/", "/models/team-0/{name}/versions/3/findings/"),
)
STATIC = re.compile(rb'(?:src|href)="(/static/[^"#]+)')


def measure(servers: Servers) -> Iterator[Figure]:
    filled = servers.filled
    known = {"Cookie": filled["cookie"], "Accept-Encoding": "gzip"}
    with servers.product() as connection:
        for page in PAGES:
            path = page.format(name=filled["name"])
            about = page.format(name="…")
            sent = cold(connection, path, known) / 1000
            yield Figure(f"page_kb {about}", sent, "kB, compressed, with all it names", most=100)
            spent = least(servers, servers.web, connection, request("GET", path, **known)).web
            yield Figure(f"page_cpu {about}", spent, "ms of server CPU", most=25)


def cold(connection: Connection, path: str, known: dict[str, str]) -> int:
    """Bytes of the page and of every file that it names, each asked as a browser asks."""
    text = connection.ask(request("GET", path, Cookie=known["Cookie"]))
    named = sorted({found.decode() for found in STATIC.findall(text)})
    return sum(connection.drain(request("GET", each, **known)) for each in [path, *named])
