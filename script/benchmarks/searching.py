"""Judged queries over their articles, then among 100,000 others and a million artifacts, made by SQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import quantiles

from django.db import connection

from governance import common, searches
from governance.models import Membership, Team, User
from kb.actions import count_words
from kb.search import articles
from tests.kb import judged

ARTICLES, ARTIFACTS = 100_000, 1_000_000
COMMON = ("model", "data", "model data", "the model of the data", "data team")
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename IN ('kb_article', 'registry_artifact') AND indexdef LIKE '%USING gin%'
"""
WORDS = """
    CREATE TEMP TABLE words AS SELECT array_agg(word) AS held FROM (
        SELECT DISTINCT unnest(regexp_split_to_array(lower(text), '[^a-z]+')) AS word
        FROM kb_article LIMIT 200
    ) AS few
"""
FILL_ARTICLES = """
    INSERT INTO kb_article (team_id, reach, slug, title, text, headings, labels, number, digest, owner_id,
        interval, seen_then, created_by_id, created_at, updated_by_id, updated_at)
    SELECT %(team)s, %(team)s, 'bench-' || number,
        'Bench ' || held[1 + floor(random() * n)::int] || ' ' || number,
        'model data ' || array_to_string(ARRAY(
            SELECT CASE WHEN step %% 3 = 0 THEN held[1 + floor(random() * n)::int]
                ELSE 'w' || translate(floor(power(random(), 3) * 6000)::int::text, '0123456789', 'aeioubdgkl')
                END
            FROM generate_series(1, 120) AS step WHERE number > 0
        ), ' '),
        'bench', '{}', 1, repeat('0', 64), %(person)s, 180, '{}', %(person)s, now(), %(person)s,
        now() - number * interval '1 second'
    FROM generate_series(1, %(many)s) AS number,
        (SELECT held, array_length(held, 1) AS n FROM words) AS known
"""
FILL_ARTIFACTS = """
    INSERT INTO registry_artifact (team_id, kind, name, description, owner_id, tags, licence, created_by_id,
        created_at, updated_at)
    SELECT %(team)s, CASE WHEN number %% 2 = 0 THEN 'model' ELSE 'dataset' END,
        held[1 + floor(random() * n)::int] || '-' || number,
        'A model of the data, ' || held[1 + floor(random() * n)::int], %(person)s, '{}', '',
        %(person)s, now(), now()
    FROM generate_series(1, %(many)s) AS number, (SELECT held, array_length(held, 1) AS n FROM words) AS known
"""


def main() -> dict[str, dict[str, tuple[float, float]]]:
    team = Team.objects.create(slug="judged", name="Judged", created_by=User.system())
    person = User.objects.create(username="judge")
    Membership.objects.create(team=team, user=person, role="data-scientist", granted_by=User.system())
    judged.fill(team, person)
    sets = {
        "ndcg": judged.queries(),
        "held_out": judged.held_out(),
        "second": judged.second(),
        "third": judged.third(),
    }
    quality = {
        name: (judged.mean(partial(slugs, person), asked), judged.plain(asked))
        for name, asked in sets.items()
    }
    fill(team, person)
    asked = [query.text for queries in sets.values() for query in queries]
    speed = {
        "articles": p95(lambda text: searches.search(person, text, 20, "article"), asked),
        "everything": p95(lambda text: searches.search(person, text, 20), asked),
        "common": p95(lambda text: searches.search(person, text, 20), COMMON),
        "suggestion": p95(lambda text: searches.search(person, text, 6), [*asked, *COMMON]),
    }
    return {"quality": quality, "speed": speed}


def slugs(person: User, text: str) -> list[str]:
    return [hit.href.split("/")[3] for hit in articles(person, text, judged.BEST)]


def fill(team: Team, person: User) -> None:
    """Indexes of words are made when all rows are there: that takes a tenth of the time."""
    about = {"team": team.pk, "person": person.pk}
    with connection.cursor() as cursor:
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(WORDS)
        cursor.execute(FILL_ARTICLES, {**about, "many": ARTICLES})
        cursor.execute(FILL_ARTIFACTS, {**about, "many": ARTIFACTS})
        for _, definition in indexes:
            cursor.execute(definition)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum would, only now instead of while it is measured
    count_words(team)  # as a job does every night
    common.forget()


def p95(ask: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """Milliseconds by the clock, and of CPU by this process and by PostgreSQL's for it; each text is asked
    once beforehand."""
    clock, cpu = [], []
    for text in texts:
        ask(text)
        begun, worked = time.perf_counter(), working()
        ask(text)
        clock.append((time.perf_counter() - begun) * 1000)
        cpu.append((working() - worked) * 1000)
    return quantiles(clock, n=20)[-1], quantiles(cpu, n=20)[-1]


def working() -> float:
    """Seconds of CPU that this process and the server's process for its connection took."""
    connection.ensure_connection()
    server = connection.connection.get_backend_pid()
    return time.process_time() + time.clock_gettime(
        ~server << 3 | 2
    )  # how Linux names the clock of a process
