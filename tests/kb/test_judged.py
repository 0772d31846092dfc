"""How well the search finds what was meant."""

from __future__ import annotations

import pytest

from kb.search import articles
from tests.kb import judged

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_search_orders_judged_queries_well_and_better_than_postgresql_alone(fraud, mara):
    judged.fill(fraud, mara)

    def ours(text: str) -> list[str]:
        return [hit.href.split("/")[3] for hit in articles(mara, text, judged.BEST)]

    sets = {
        "tuned on": judged.queries(),
        "held out": judged.held_out(),
        "second": judged.second(),
        "third": judged.third(),
    }
    found = {name: judged.mean(ours, asked) for name, asked in sets.items()}
    plain = {name: judged.plain(asked) for name, asked in sets.items()}

    for name, asked in sets.items():
        print(f"{name}: {len(asked)} queries, nDCG@10 {found[name]:.3f}, plain {plain[name]:.3f}")
    assert [len(asked) for asked in sets.values()] == [202, 40, 40, 45]
    assert found["tuned on"] >= 0.8
    assert found["held out"] >= 0.8
    assert found["second"] >= 0.8
    assert all(found[name] >= plain[name] + 0.05 for name in sets)
