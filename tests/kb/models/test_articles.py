"""What the database holds of articles and decisions."""

from __future__ import annotations

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import DatabaseError, transaction
from django.utils import timezone

from governance.models import Team, User
from kb.models import Article, ArticleVersion, Decision
from kb.models.folding import folded
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def mara(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


def article(team: Team, by: User, **fields) -> Article:
    given = {"slug": "drift", "title": "Drift", "digest": "0" * 64, "updated_at": timezone.now(), **fields}
    return Article.objects.create(team=team, owner=by, created_by=by, updated_by=by, **given)


@pytest.mark.parametrize("text", ["Naïve Précis", "Łódź", "Ångström", "cafe\u0301"])
def test_the_database_folds_as_python_does(team, mara, text):
    made = article(team, mara, title=text)

    query = SearchQuery(" & ".join(folded(text).split()), search_type="raw", config="english")
    assert list(Article.objects.filter(search=query)) == [made]


def test_what_was_written_stays(team, mara):
    made = article(team, mara)
    version = ArticleVersion.objects.create(
        article=made, number=1, title="Drift", digest="0" * 64, by=mara, at=timezone.now()
    )
    decision = Decision.objects.create(team=team, number=1, title="x", context="y", choice="z", by=mara)

    for row in (version, decision):
        for change in (row.save, row.delete):
            with pytest.raises(DatabaseError, match="What was written stays"), transaction.atomic():
                change()
