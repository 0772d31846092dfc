"""Which words articles have is noted: what the search compares a misspelt word with, and what it takes for
common. Those of closed collections are left out: no word of theirs is proposed to others. Worked out of the
articles, so that it can be done again; no event, since nobody does it."""

# ruff: noqa: S608  the condition is ours

from __future__ import annotations

from django.db import connection

from governance.models import Team
from kb.models import Article
from kb.models.words import LONGEST

# Stems of letters alone: a number is neither misspelt nor common.
WORD = rf"[^\W\d_]{{3,{LONGEST}}}"
NOTED = f"""
    INSERT INTO kb_word (team_id, word, titled)
    SELECT team_id, lexeme, weights && '{{A,B}}' FROM kb_article, unnest(search)
    WHERE kb_article.id = %(article)s AND reach > 0 AND lexeme ~ '^{WORD}$' ORDER BY lexeme
    ON CONFLICT (team_id, word) DO UPDATE SET titled = true WHERE EXCLUDED.titled AND NOT kb_word.titled
"""
COUNTED = f"""
    WITH counted AS MATERIALIZED (
        SELECT word, ndoc, word IN (SELECT word FROM ts_stat(%(searched)s, 'ab')) AS titled
        FROM ts_stat(%(searched)s) WHERE word ~ '^{WORD}$'
    ), gone AS (
        DELETE FROM kb_word WHERE team_id = %(team)s AND word NOT IN (SELECT word FROM counted)
    )
    INSERT INTO kb_word (team_id, word, titled, articles)
    SELECT %(team)s, word, titled, ndoc FROM counted ORDER BY word
    ON CONFLICT (team_id, word) DO UPDATE SET titled = EXCLUDED.titled, articles = EXCLUDED.articles
"""


def note_words(article: Article) -> None:
    """What is new among the words of one article."""
    with connection.cursor() as cursor:
        cursor.execute(NOTED, {"article": article.pk})


def count_words(team: Team) -> int:
    """How many articles of a team have each word; how many words those are."""
    searched = f"SELECT search FROM kb_article WHERE reach = {team.pk:d} AND archived_at IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"team": team.pk, "searched": searched})
        return int(cursor.rowcount)
