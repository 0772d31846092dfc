"""Articles in the one search: for whom, why, and in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from governance import searches
from governance.models import Team, User
from kb import actions
from kb.models import Article
from kb.thesaurus import MOST_WORDS, Part, parts
from tests import factories
from tests.kb.conftest import promoted, written

pytestmark = pytest.mark.django_db


def found(person: User, text: str) -> list[searches.Hit]:
    groups = searches.search(User.objects.get(pk=person.pk), text, 20, "article")
    return [hit for group in groups for hit in group.hits]


def titles(person: User, text: str) -> list[str]:
    return [hit.title for hit in found(person, text)]


def test_only_what_one_may_see_is_found_and_only_its_words_help(fraud, mara, rita, zoe):
    written(fraud, mara, title="Calibration of scores")
    actions.count_words(fraud)

    assert [titles(person, text) for person in (rita, zoe) for text in ("calibration", "calibraton")] == [
        ["Calibration of scores"], ["Calibration of scores"], [], [],
    ]  # fmt: skip


def test_a_hit_says_where_the_words_stand_and_shows_them(fraud, mara):
    written(fraud, mara, title="Alarms", text="Scores & sums above the *threshold* wake somebody.")
    actions.count_words(fraud)

    (hit,) = found(mara, "thresolds")

    assert (hit.href, hit.why) == ("/articles/fraud/drift/", "its text, as “threshold”")
    assert "Scores &amp; sums above the *<mark>threshold</mark>*" in hit.marked
    assert "Scores & sums above the *threshold*" in hit.about


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("naive uberblick", "Überblick naïve"),
        ("ÜBERBLICK", "Überblick naïve"),
        ("psi", "Population stability index"),
        ("undo", "Rollback of models"),
        ("uberb", "Überblick naïve"),
        ("rolback", "Rollback of models"),
        ("roll-back", "Rollback of models"),
        ("populationstability", "Population stability index"),
        ("stable", "Population stability index"),
        ("how may I undo it when something is odd", "Rollback of models"),
    ],
)
def test_it_is_found_by_what_is_meant(fraud, mara, text, title):
    for number, each in enumerate(("Überblick naïve", "Population stability index", "Rollback of models")):
        written(fraud, mara, slug=f"a-{number}", title=each, text="")
    actions.count_words(fraud)

    assert titles(mara, text) == [title]


def test_it_is_found_by_its_labels(fraud, mara):
    written(fraud, mara, title="One", labels=["book-keeping"])

    assert [(hit.title, hit.why) for hit in found(mara, "keeping books")] == [("One", "its labels")]


@pytest.mark.parametrize("text", ["rollers", "helm", "blockchain rollout of nothing", "populous"])
def test_a_word_that_is_far_from_all_was_not_meant(fraud, mara, text):
    written(fraud, mara, title="Help", text="The block of the population")
    actions.count_words(fraud)

    assert not [hit for hit in found(mara, text) if "as “" in hit.why]


def test_of_a_phrase_no_single_word_is_taken_for_all_of_it(fraud, mara):
    written(fraud, mara, slug="used", title="What it is used for")
    written(fraud, mara, slug="prod", title="Production")

    assert titles(mara, "production") == ["Production"]


def test_what_has_more_and_rarer_words_of_a_question_comes_first(fraud, mara):
    for number in range(8):
        written(fraud, mara, slug=f"a-{number}", title=f"Model {number}", text="Of payments")
    written(fraud, mara, slug="b", title="Notes", text="The model of payments is seasonal")

    assert titles(mara, "seasonal model payments")[0] == "Notes"


def test_what_is_stale_stands_lower(fraud, mara, jonas, devi, scorer):
    promoted(scorer, mara, jonas, devi)
    words = "Tuning the model."
    written(fraud, mara, slug="moved", title="Tuning one", text=f"{words} model:fraud/scorer@9")
    expired = written(fraud, mara, slug="expired", title="Tuning two", text=words)
    actions.verify_article(expired, digest=expired.digest, by=mara)
    Article.objects.filter(pk=expired.pk).update(verified_until=timezone.now() - timedelta(days=1))
    written(fraud, mara, slug="fresh", title="Tuning three", text=words)

    assert titles(mara, "tuning")[0] == "Tuning three"
    assert [hit.why.partition(",")[0] for hit in found(mara, "tuning")][1:] == ["stale", "stale"]


def test_what_is_archived_is_not_found(fraud, mara):
    actions.archive_article(written(fraud, mara), by=mara)

    assert titles(mara, "drift") == []


@pytest.mark.parametrize(
    "text", ["'", "a'b", "& | !", "\\", "the of", "%s", "'':*", "(", "\u202e", "🦀", "a" * 300, "<->"]
)
def test_whatever_is_typed_is_no_fault(fraud, mara, text):
    written(fraud, mara, text="Words")

    assert titles(mara, text) == []


def test_any_number_of_hits_takes_the_same_queries(fraud, mara, scorer, django_assert_num_queries):
    def several(slugs: str) -> None:
        for slug in slugs:
            written(fraud, mara, slug=slug, title="Drift", text="model:fraud/scorer@1")

    several("ab")
    mara.grants = None
    found(mara, "drift")
    with django_assert_num_queries(15):
        found(mara, "drift")
    several("cdef")
    with django_assert_num_queries(15):
        found(mara, "drift")


def test_a_query_is_taken_apart_by_phrases_that_are_known():
    assert [part.text for part in parts("Roll back the false positives")] == [
        "roll back",
        "the",
        "false positives",
    ]
    assert "undo" in parts("roll back")[0].others
    assert parts("Ünlike") == [Part("unlike")]


def test_hyphens_do_not_make_a_query_without_end():
    assert len(parts("-".join(["ab"] * 60))) == MOST_WORDS


def test_other_teams_do_not_take_the_place(fraud, mara, zoe):
    pricing = zoe.memberships.first().team
    written(pricing, zoe, title="Drift")

    assert titles(mara, "drift") == []
    assert factories.team("empty").slug not in titles(mara, "empty")


def test_words_that_all_have_find_titles_first_and_then_the_newest(fraud, mara, monkeypatch):
    monkeypatch.setattr("kb.asking.COMMON", 3)
    monkeypatch.setattr("kb.ranking.ANYWHERE", 2)
    written(fraud, mara, slug="oldest", title="Drift", text="Words of it")
    for number in range(5):
        written(fraud, mara, slug=f"a-{number}", title=f"Number {number}", text="Of drift")
    actions.count_words(fraud)

    found = titles(mara, "drift")

    assert found[0] == "Drift"
    assert "Number 4" in found


@pytest.mark.slow
def test_what_one_sees_is_found_behind_very_many_that_one_does_not(fraud, mara, zoe):
    pricing = zoe.memberships.first().team
    many(pricing, written(pricing, zoe, title="Drift", text="drift"), 10_000)
    written(fraud, mara, title="Alarms", text="Of drift")
    for team in (fraud, pricing):
        actions.count_words(team)

    assert [titles(mara, text) for text in ("drift", "drift alarms", "drfit")] == [["Alarms"]] * 3
    assert len(titles(zoe, "drift")) == 20


def many(team: Team, like: Article, number: int) -> None:
    """Copies of an article, made by the database."""
    fields = [field.column for field in Article._meta.concrete_fields if not field.generated]
    names = ", ".join(name for name in fields if name not in {"id", "slug"})
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO kb_article (slug, {names}) SELECT 'many-' || n, {names} FROM kb_article, "
            "generate_series(1, %s) AS n WHERE kb_article.id = %s",
            [number, like.pk],
        )
