"""An article goes stale when its time is over, or when production of what it names moves on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kb import actions
from kb.models import Article
from kb.staleness import standings
from tests import factories
from tests.kb.conftest import promoted, written

pytestmark = pytest.mark.django_db


def standing(person, article) -> tuple[str, tuple[str, ...]]:
    article = Article.objects.get(pk=article.pk)
    found = standings(person, [article])[article.pk]
    return found.state, found.reasons


def verified(article, by):
    return actions.verify_article(article, digest=article.digest, by=by)


def test_an_article_about_a_version_is_stale_the_moment_production_is_another(
    fraud, mara, jonas, devi, scorer
):
    promoted(scorer, mara, jonas, devi)
    article = verified(written(fraud, mara, text="How model:fraud/scorer@1 is tuned."), mara)
    before = standing(mara, article)

    promoted(scorer, mara, jonas, devi)

    assert before == ("verified", ())
    sentence = "This is about version 1 of fraud/scorer; production is 2 now."
    assert standing(mara, article) == ("stale", (sentence,))


def test_verifying_again_makes_it_hold_of_what_is_in_production(fraud, mara, jonas, devi, scorer):
    promoted(scorer, mara, jonas, devi)
    article = written(fraud, mara, text="Of model:fraud/scorer@7, and of model:fraud/scorer.")

    before = standing(mara, article)

    assert before[0] == "stale"
    assert standing(mara, verified(article, mara)) == ("verified", ())


def test_what_was_in_production_when_it_was_verified_counts_without_a_number(
    fraud, mara, jonas, devi, scorer
):
    article = verified(written(fraud, mara, text="model:fraud/scorer"), mara)

    promoted(scorer, mara, jonas, devi)

    sentence = "Version 1 of fraud/scorer became production after this was verified."
    assert standing(mara, article) == ("stale", (sentence,))


def test_an_article_that_nobody_verified_is_not_stale_by_a_name_alone(fraud, mara, jonas, devi, scorer):
    promoted(scorer, mara, jonas, devi)

    assert standing(mara, written(fraud, mara, text="model:fraud/scorer")) == ("unverified", ())


def test_an_article_is_stale_when_its_time_is_over(fraud, mara):
    article = verified(written(fraud, mara), mara)
    over = timezone.now() - timedelta(days=2)
    Article.objects.filter(pk=article.pk).update(verified_until=over)

    state, (reason,) = standing(mara, article)

    assert (state, reason) == ("stale", "It was verified until 2 days ago.") or (
        state == "stale" and reason.startswith("It was verified until")
    )


def test_what_somebody_may_not_see_makes_nothing_stale_for_them(fraud, mara, jonas, devi, scorer, zoe):
    promoted(scorer, mara, jonas, devi)
    pricing = zoe.memberships.first().team
    article = written(pricing, zoe, text="model:fraud/scorer@9")

    assert standing(zoe, article) == ("unverified", ())


def test_a_released_version_is_seen_by_readers(fraud, mara, jonas, devi, scorer, rita):
    article = written(fraud, mara, text="model:fraud/scorer@9")

    promoted(scorer, mara, jonas, devi)

    assert standing(rita, article)[0] == "stale"


def test_any_number_of_articles_takes_the_same_queries(
    fraud, mara, jonas, devi, scorer, django_assert_max_num_queries
):
    promoted(scorer, mara, jonas, devi)
    other = factories.artifact(fraud, mara, name="other")
    text = f"model:fraud/scorer@3 model:fraud/{other.name}"
    several = [written(fraud, mara, slug=f"a-{number}", text=text) for number in range(4)]

    with django_assert_max_num_queries(5):
        assert {each.state for each in standings(mara, several).values()} == {"stale"}
