"""`search`: how well judged queries are answered, how fast among 100,000 articles and 1 M artifacts."""

from collections.abc import Iterator

from script.benchmarks.figures import Figure
from script.benchmarks.servers import Servers, inside

NAMES = ("search",)


def measure(servers: Servers) -> Iterator[Figure]:
    found = inside("searching")
    yield Figure("search_ndcg", found["ours"], "nDCG@10, judged queries", found["plain"], least=1.0)
    yield Figure("search_ndcg_goal", 1 - found["ours"], "1 - nDCG@10", most=0.2)
    yield Figure("search_held_out", found["fresh"], "nDCG@10, held out", found["fresh_plain"], least=1.0)
    yield Figure("search_articles_p95", found["articles"], "ms, articles alone", most=100)
    yield Figure("search_p95", found["all"], "ms, everything, a page of it", most=100)
    yield Figure("search_common_p95", found["common"], "ms, words that stand in every document", most=100)
    yield Figure("search_suggestion_p95", found["suggestion"], "ms, everything, as one types", most=50)
