"""`runs`: how soon an event reaches its step among 100,000 that wait, and what a page of a run costs."""

from collections.abc import Iterator

from script.benchmarks.figures import Figure
from script.benchmarks.servers import Servers, inside

NAMES = ("runs",)


def measure(servers: Servers) -> Iterator[Figure]:
    """10,000 open runs of ten steps. Time is taken beside the servers, which go on working."""
    said = inside("runs_inside")
    yield Figure("runs", said["event_to_step_s"], "s from an event to its step", most=1)
    yield Figure("runs_page", said["page_cpu_ms"], "ms of CPU for the page of a run", most=20)
