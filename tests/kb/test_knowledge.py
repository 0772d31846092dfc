"""What a team has written down is judged: knowledge_health."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kb import actions, knowledge
from kb.models import Article, Twins
from registry import judging
from registry.checks import Issue
from registry.quality import Knowledge
from registry.quality.knowledge_health import run as knowledge_health
from registry.quality.knowledge_health import upper
from tests.kb.running import artifact, author, steward, team

__all__ = ["artifact", "author", "steward", "team"]

FINE = Knowledge("fraud", (("models/fraud/scorer", True, True),), articles=4, verified=3, assets=2, reused=1)


def found(**what) -> list[str]:
    values = {name: getattr(FINE, name) for name in FINE.__slots__}
    said = knowledge_health(Knowledge(**{**values, **what}))
    return [f"{e.severity} {e.name}" if isinstance(e, Issue) else e.what for e in said]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ({}, []),
        ({"models": (("models/fraud/scorer", False, True),)}, ["medium card"]),
        ({"models": (("models/fraud/scorer", True, False),)}, ["medium article"]),
        ({"broken": 1}, ["medium broken"]),
        ({"stale": 1, "twins": 1, "wanted": 1}, ["low stale", "low twins", "low wanted"]),
        ({"old_playbooks": 1, "unread": 2}, ["low playbooks", "low unread"]),
        ({"ratings": ((0, 5), (1, 4), (3, 6))}, ["low unhelpful"]),
    ],
    ids=["in order", "no card", "no article", "broken", "stale", "unread", "unhelpful"],
)
def test_what_it_finds(what, expected):
    assert found(**what) == [*expected, "info shares"]


def test_nothing_written_and_no_model_is_not_evaluated():
    assert found(models=(), articles=0) == ["a model or an article of the team"]


def test_the_upper_end_is_wilsons():
    assert [round(upper(*each), 4) for each in ((0, 5), (2, 5), (5, 5))] == [0.4345, 0.7693, 1.0]


@pytest.mark.django_db
def test_it_is_worked_out_of_what_is_there(team, artifact, author, steward):
    text = "Of model:fraud/scorer, and of [[gone]] and article:fraud/nowhere and model:fraud/none."
    written = actions.add_article(team, slug="one", title="One", text=text, by=author)
    actions.add_article(team, slug="two", title="Two", text="Alone.", by=author)
    actions.verify_article(written, digest=written.digest, by=author)
    Article.objects.filter(slug="one").update(verified_until=timezone.now() - timedelta(days=1))

    seen = knowledge.look(team)

    assert seen.models == (("models/fraud/scorer", False, True),)
    assert (seen.articles, seen.verified, seen.stale, seen.assets, seen.reused) == (2, 0, 1, 1, 0)
    assert seen.broken == 2
    [said] = [each for each in judging.of_team(team) if each.check.name == "knowledge_health"]
    assert [each.name for each in said.issues] == ["card", "broken", "stale", "shares"]


@pytest.mark.django_db
def test_twins_of_which_somebody_said_that_they_are_not_the_same_are_not_counted(team, author):
    one, other = (actions.add_article(team, slug=slug, title=slug, text="x", by=author) for slug in "ab")
    twins = Twins.objects.create(one=one, other=other, likeness=1)
    before = knowledge.look(team).twins

    actions.part_twins(twins, by=author)

    assert (before, knowledge.look(team).twins) == (1, 0)
