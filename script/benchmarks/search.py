"""`search`: how well judged queries are answered, how fast among 100,000 articles and 1 M artifacts."""

from collections.abc import Iterator

from script.benchmarks.figures import Figure
from script.benchmarks.servers import Servers, inside

NAMES = ("search",)


SETS = {
    "ndcg": "what it was tuned on",
    "held_out": "held out",
    "second": "a second set, held out",
    "third": "a third",
}
SPEED = {
    "articles": ("articles alone", 100),
    "everything": ("everything, a page of it", 100),
    "common": ("words that stand in every document", 100),
    "suggestion": ("everything, as one types", 50),
}


def measure(servers: Servers) -> Iterator[Figure]:
    """What is judged by each set of queries: at least 0.80, and at least 0.05 above PostgreSQL."""
    found = inside("searching")
    for name, about in SETS.items():
        ours, plain = found["quality"][name]
        yield Figure(f"search_{name}", ours, f"nDCG@10, {about}", plain, least=1.0)
        yield Figure(f"search_{name}_goal", 1 - ours, f"1 - nDCG@10, {about}", most=0.2)
        yield Figure(f"search_{name}_behind", plain - ours, "nDCG@10 of PostgreSQL, minus ours", most=-0.05)
    for name, (about, most) in SPEED.items():
        clock, cpu = found["speed"][name]
        yield Figure(f"search_{name}_p95", clock, f"ms, {about}", most=most)
        yield Figure(f"search_{name}_cpu_p95", cpu, f"ms of CPU, Python and PostgreSQL, {about}", most=most)
