"""`download`: a sealed file, whole and by random ranges, against a plain one from the same server."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from script.benchmarks.figures import Figure, alternately
from script.benchmarks.servers import Servers, inside
from script.benchmarks.wire import Connection, request

NAMES = ("download", "download_range", "download_range_sealing")
MIB = 1 << 20
SIZE = 512 * MIB
RANGE = 64 << 10
TIMES = 5
RANGES = 600


def measure(servers: Servers) -> Iterator[Figure]:
    made = inside("fill", "file", str(SIZE))
    path = f"/api/v1/models/{made['team']}/{made['name']}/aliases/production/files/model.pkl"
    sealed = Fetching(servers.product, path, made["token"])
    plain = Fetching(servers.limit, "/bench/plain", made["token"])
    behind_the_door = Fetching(servers.limit, path, made["token"])
    value, best = alternately(sealed.whole, plain.whole, TIMES)
    yield Figure("download", value, "MiB/s", best, least=0.7)
    value, best = alternately(sealed.ranges, plain.ranges, TIMES)
    yield Figure("download_range", value, "ranges/s", best, least=0.7)
    value, best = alternately(sealed.ranges, behind_the_door.ranges, TIMES)
    yield Figure("download_range_sealing", value, "ranges/s", best, least=0.7)


@dataclass
class Fetching:
    """One file, again and again, each turn by a connection of its own: the server ends those that wait."""

    connect: Callable[[], Connection]
    path: str
    token: str

    def whole(self) -> float:
        with self.connect() as connection:
            began = time.perf_counter()
            self._fetch(connection, SIZE)
            return SIZE / MIB / (time.perf_counter() - began)

    def ranges(self) -> float:
        with self.connect() as connection:
            began = time.perf_counter()
            for _ in range(RANGES):
                start = random.randrange(SIZE - RANGE)
                self._fetch(connection, RANGE, Range=f"bytes={start}-{start + RANGE - 1}")
            return RANGES / (time.perf_counter() - began)

    def _fetch(self, connection: Connection, expected: int, **headers: str) -> None:
        wanted = request("GET", self.path, Authorization=f"Bearer {self.token}", **headers)
        if (size := connection.drain(wanted)) != expected:
            raise RuntimeError(f"{self.path} sent {size} bytes instead of {expected}")
