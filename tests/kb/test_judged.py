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

    known, unknown = judged.queries(), judged.held_out()
    found, fresh = judged.mean(ours, known), judged.mean(ours, unknown)

    print(f"nDCG@10 {found:.3f}, plain {judged.plain(known):.3f}")
    print(f"held out {fresh:.3f}, plain {judged.plain(unknown):.3f}")
    assert (len(known), len(unknown)) == (129, 40)
    assert found >= 0.8
    assert found >= judged.plain(known) + 0.05
