"""Searching among 50,000 artifacts: by the index, within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import common, searches
from governance.models import User
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
def author() -> Iterator[User]:
    team = factories.team("fraud")
    author = factories.member(team, "data-scientist", username="mara")
    factories.artifact(team, author, name="needle")
    other = factories.team("pricing")
    with connection.cursor() as cursor:
        for owner in (team, other):
            cursor.execute(FILL, [owner.pk, author.pk, author.pk])
        for index in ("artifact_by_word", "artifact_by_name_word"):
            cursor.execute("SELECT gin_clean_pending_list(%s)", [index])  # as a vacuum does
        cursor.execute("ANALYZE")
    common.forget()
    yield author
    common.forget()


def asked(person: User, text: str) -> tuple[list[str], list[str]]:
    """The titles of the models, and the statements."""
    with CaptureQueriesContext(connection) as captured:
        groups = searches.search(User.objects.get(pk=person.pk), text, 6)
    titles = [hit.title for group in groups for hit in group.hits if group.search.kind == "model"]
    return titles, [each["sql"] for each in captured]


def test_it_is_found_by_the_index_and_others_find_what_is_theirs(author: User) -> None:
    cases = (
        ("needle", "fraud/needle", True),
        ("model", "fraud/model-1-of-data", False),  # every name has it: those that begin so, and the newest
        ("model 49999", "fraud/model-49999-of-data", True),
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('registry_artifact') / 8192")
        (blocks_of_all,) = cursor.fetchone()

    for text, first, by_index in cases:
        titles, statements = asked(author, text)
        plans = explained(statements)
        blocks = [int(number) for plan in plans for number in re.findall(r"shared hit=(\d+)", plan)[:1]]
        assert titles[0] == first
        assert any("artifact_by_name_word" in plan for plan in plans) or not by_index, plans
        assert max(blocks) < 2 * blocks_of_all  # it reads them once at most, whatever the word

    others_find_what_is_theirs()


def explained(statements: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        plans = []
        for sql in statements:
            if "tsquery" in sql:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}")
                plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return plans


def others_find_what_is_theirs() -> None:
    stranger = factories.member(factories.team("labs"), "data-scientist", username="sven")
    own = factories.artifact(stranger.memberships.get().team, stranger, name="of-data-model")
    Artifact.objects.filter(pk=own.pk).update(updated_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert [asked(stranger, text)[0] for text in ("model 77", "model", "data model", "mo")] == [
        [], ["labs/of-data-model"], ["labs/of-data-model"], ["labs/of-data-model"],
    ]  # fmt: skip
    assert Artifact.objects.count() == 100_002
