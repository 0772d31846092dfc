"""After a run: follow-ups with owner and day, its retrospective, and how often it came back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from governance.errors import Conflict, Denied, Invalid
from governance.models import Delivery, Event, Notification, Webhook
from kb import actions
from kb.jobs.follow_ups import follow_ups
from kb.models import Article, Run
from kb.reading import backlinks
from kb.retrospects import repeats
from registry.models import Kind
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.running import (
    artifact,
    author,
    clean,
    operator,
    reader,
    run,
    steward,
    team,
    waiting,
)
from tests.pages import said
from tests.registry.views.conftest import signed_in

__all__ = [
    "artifact",
    "author",
    "clean",
    "operator",
    "reader",
    "run",
    "signed_in",
    "steward",
    "team",
    "waiting",
]

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.now().date()


def over(run: Run, by, outcome: str = "cancelled") -> Run:
    actions.cancel_run(run, reason="It is over.", by=by)
    return Run.objects.get(pk=run.pk)


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_follow_up_is_asked_for_and_done(run, author, operator, signed_in, door):
    sent = {"text": "Pin the lock file.", "owner": "priya", "due_on": today().isoformat()}
    if door == "page":
        client, address = signed_in(author), f"/runs/{run.pk}/after/"
        client.post(address, {"act": "ask", **sent})
        client.post(address, {"act": "done", "follow_up": run.follow_ups.get().pk})
    else:
        caller = Caller(author)
        made = caller.post(f"runs/{run.pk}/follow-ups/", sent).json()
        caller.post(f"runs/{run.pk}/follow-ups/{made['id']}/done")

    found = run.follow_ups.get()
    assert (found.text, found.owner, found.done_by) == ("Pin the lock file.", operator, author)
    assert list(Notification.objects.filter(user=operator, kind="run").values_list("sentence", flat=True))[
        :1
    ] == [f"mara asked you for a follow-up of run {run.pk} until {today():%-d %B}."]
    assert [each.action for each in Event.objects.filter(subject=run.label)[:2]] == [
        "run.followed_up",
        "run.follow_up",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": "  "}, "Say what is to be done."),
        ({"due_on": -1}, "Choose a day from today on, at most 730 days ahead."),
        ({"owner": "rita"}, "rita is nobody who may take part in this run."),
    ],
    ids=["nothing", "yesterday", "a reader"],
)
def test_a_follow_up_is_somebodys_and_has_a_day(run, author, operator, reader, change, sentence):
    given = {"text": "Look.", "owner": operator, "due_on": today()}
    if "owner" in change:
        change = {"owner": reader}
        sentence = sentence.replace("rita", str(reader))
    if "due_on" in change:
        change = {"due_on": today() - timedelta(days=1)}
    given |= change

    with pytest.raises(Invalid) as refused:
        actions.add_follow_up(run, given["text"], owner=given["owner"], due_on=given["due_on"], by=author)

    assert (refused.value.sentence, run.follow_ups.count()) == (sentence, 0)


@pytest.mark.parametrize("owner", [",", "priya,mara"], ids=["nobody", "two"])
def test_programs_name_one_owner(run, author, owner):
    sent = {"text": "Look.", "owner": owner, "due_on": today().isoformat()}
    answer = Caller(author).post(f"runs/{run.pk}/follow-ups/", sent)

    assert (answer.status_code, answer.json()["detail"]) == (400, "Name one person.")
    assert run.follow_ups.count() == 0


def test_nobody_owns_a_follow_up_of_a_run_that_is_kept_from_them(restricted_run, author, operator):
    with pytest.raises(Invalid) as refused:
        actions.add_follow_up(restricted_run, "Look.", owner=operator, due_on=today(), by=author)

    assert refused.value.sentence == f"{operator} is nobody who may take part in this run."


def test_the_retrospective_tells_what_happened_and_links_both_ways(run, author, operator, steward):
    actions.waive_step(
        run, "load", reason="Later.", ends_at=timezone.now() + timedelta(days=2), by=factories.member(
            run.team, "steward", username="leila"
        )
    )  # fmt: skip
    actions.comment(run, "What only the run knows.", by=author)
    actions.add_follow_up(run, "Measure\n\n## it.", owner=operator, due_on=today(), by=author)
    article = actions.write_retrospective(over(run, author), by=author)

    assert "leila let “Load” pass" in article.text
    assert f"- Measure ## it. (priya, until {today():%-d %B %Y})" in article.text
    assert "What only the run knows." not in article.text
    assert f"run:{run.pk} of “Ship it” went, about model:fraud/scorer@1." in article.text
    assert [each.slug for each in backlinks(author, run.label)] == [f"run-{run.pk}-retrospective"]


def test_it_is_begun_once_and_when_the_run_is_over(run, author):
    with pytest.raises(Conflict) as early:
        actions.write_retrospective(run, by=author)
    ended = over(run, author)
    actions.write_retrospective(ended, by=author)
    with pytest.raises(Conflict) as twice:
        actions.write_retrospective(ended, by=author)

    assert early.value.sentence == "This run is not over yet."
    assert twice.value.sentence == (
        f"Its retrospective is there already: articles/fraud/run-{run.pk}-retrospective."
    )
    assert Article.objects.count() == 1


def test_who_writes_no_articles_writes_none(run, author):
    auditor = factories.member(run.team, "auditor")

    with pytest.raises(Denied):
        actions.write_retrospective(over(run, author), by=auditor)


@pytest.fixture
def restricted_run(run, author, team) -> Run:
    """About a dataset into which its owner alone may look."""
    data = factories.submitted(factories.artifact(team, author, Kind.DATASET, name="wine"), author)
    type(data.artifact).objects.filter(pk=data.artifact_id).update(restricted=True)
    Run.objects.update(subject=data.label)
    return Run.objects.get()


def test_no_webhook_tells_of_what_is_restricted(restricted_run, author, operator, steward):
    Webhook.objects.create(
        team=steward.memberships.get().team, address="https://hooks.example", secret=b"", set_by=steward
    )
    actions.add_follow_up(restricted_run, "Drop the grapes.", owner=author, due_on=today(), by=author)
    follow_ups()

    assert Notification.objects.filter(user=author, kind="run-late").exists()
    assert not Delivery.objects.exists()


def test_what_is_restricted_is_not_named_in_it_nor_what_is_to_be_done_about_it(restricted_run, author):
    actions.add_follow_up(restricted_run, "Drop the grapes.", owner=author, due_on=today(), by=author)
    article = actions.write_retrospective(over(restricted_run, author), by=author)

    assert "wine" not in article.text
    assert "grapes" not in article.text


def test_how_often_it_came_back_is_said_on_its_page(run, author, signed_in):
    ended = over(run, author)
    again = actions.start_run(run.team, "PB-90", subject=run.subject, by=author)
    Run.objects.filter(pk=ended.pk).update(closed_at=again.started_at - timedelta(days=10))
    ended.refresh_from_db()
    words = said(signed_in(author).get(f"/runs/{run.pk}/after/"))

    assert repeats(ended).number == 1
    assert "It began 1 time again in 10 days: 3.0 in 30 days." in words
