"""How well the search finds what was meant."""

from __future__ import annotations

from functools import partial

import pytest

from kb.search import articles
from tests.kb import judged

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_search_orders_judged_queries_well_and_better_than_postgresql_alone(fraud, mara):
    judged.fill(fraud, mara)

    def ours(text: str) -> list[str]:
        return [hit.href.split("/")[3] for hit in articles(mara, text, judged.BEST)]

    found = judged.mean(ours)
    plain = [judged.mean(partial(judged.plain_postgresql, any_word=loose)) for loose in (False, True)]

    assert len(judged.queries()) >= 100
    assert found >= 0.8
    assert found >= max(plain) + 0.05
