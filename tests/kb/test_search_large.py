"""Searching among 50,000 artifacts: by the index, within bounds."""

from __future__ import annotations

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import searches
from governance.models import Team, User
from registry.models import Artifact
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FILL = """
INSERT INTO registry_artifact (team_id, kind, name, first_name, description, owner_id, tags, licence,
    restricted, created_by_id, created_at, updated_at, held_reason, last_number)
SELECT %s, 'model', 'model-' || n || '-of-data', '', 'A model of data, number ' || n, %s, '{}', '', false,
    %s, now(), now(), '', 0
FROM generate_series(1, 50000) n
"""


@pytest.fixture
def author() -> User:
    team = factories.team("fraud")
    author = factories.member(team, "data-scientist", username="mara")
    factories.artifact(team, author, name="needle")
    other = factories.team("pricing")
    with connection.cursor() as cursor:
        for owner in (team, other):
            cursor.execute(FILL, [owner.pk, author.pk, author.pk])
        cursor.execute("SELECT gin_clean_pending_list('artifact_by_word')")  # as a vacuum does
        cursor.execute("ANALYZE")
    return author


def asked(person: User, text: str) -> tuple[list[str], list[str], float]:
    """The titles of the models, the statements, and the milliseconds of the second time."""
    searches.search(User.objects.get(pk=person.pk), text, 6)
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        groups = searches.search(User.objects.get(pk=person.pk), text, 6)
    took = 1000 * (time.perf_counter() - begun)
    titles = [hit.title for group in groups for hit in group.hits if group.search.kind == "model"]
    return titles, [each["sql"] for each in captured], took


@pytest.mark.parametrize(
    ("text", "first", "by_index"),
    [
        ("needle", "fraud/needle", True),
        ("model", "fraud/model-1-of-data", False),  # every row has it: the first ones do
        ("model 49999", "fraud/model-49999-of-data", True),
    ],
)
def test_it_is_found_soon(author: User, text: str, first: str, by_index: bool) -> None:
    titles, statements, took = asked(author, text)

    plans = []
    with connection.cursor() as cursor:
        for sql in statements:
            if "tsquery" in sql:
                cursor.execute(f"EXPLAIN ANALYZE {sql}")
                plans.append("\n".join(line for (line,) in cursor.fetchall()))
    times = [float(ms) for plan in plans for ms in re.findall(r"Execution Time: ([\d.]+) ms", plan)]
    assert titles[0] == first
    assert any("artifact_by_word" in plan for plan in plans) or not by_index, plans
    assert max(times) < 100  # on a machine that does much else
    print(f"{text}: {took:.0f} ms for {len(statements)} statements")


def test_others_find_nothing_of_it(author: User) -> None:
    stranger = factories.member(factories.team("labs"), "data-scientist", username="sven")

    assert asked(stranger, "model 77")[0] == []
    assert Artifact.objects.count() == 100_001
    assert Team.objects.count() == 3
