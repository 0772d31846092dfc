"""A canary word in all that a confidential run holds is found nowhere else. Every address that there is, for
every kind of person, is tried in tests/test_who_may.py with another such word; here is what is stored, sent
and searched."""

from __future__ import annotations

import io
import logging
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from governance.actions import set_webhook
from governance.following import FOLLOWERS
from governance.models import Event, User
from governance.schedule import JOBS
from kb import actions
from kb.models import Run
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.running import author, operator, steward, team

__all__ = ["author", "operator", "steward", "team"]

pytestmark = pytest.mark.django_db

CANARY = "Quetzalcoatlus"
HELD_IN = {"kb_run", "kb_entry", "kb_followup"}


@pytest.fixture
def conflict(team, author, operator, steward) -> Run:
    """The word is in all that people put into it, and the day has passed on which something was due."""
    leila = factories.member(team, "steward", username="leila")
    set_webhook(team, "https://example.org/hook", by=steward)
    User.objects.update(email="somebody@example.org")
    people = {"facilitator": [operator], "party": [author, leila]}
    run = actions.start_run(team, "PB-17", subject=team.label, people=people, note=CANARY, by=operator)
    actions.put(run, "identify", 0, text="personal", by=operator)
    actions.put(run, "identify", 1, text=f"It began with {CANARY}.", by=operator)
    actions.put(run, "communicate", 0, text=f"I say {CANARY}.", by=author)
    actions.comment(run, f"{CANARY}, again.", by=author)
    today = timezone.now().date()
    actions.add_follow_up(run, f"Talk of {CANARY}.", owner=author, due_on=today, by=operator)
    actions.pause_run(run, reason=f"{CANARY} is away.", by=operator)
    actions.resume_run(run, by=operator)
    Run.objects.update(started_at=run.started_at - timedelta(days=20))
    return run


def all_that_reacts() -> None:
    """Every follower is told of every event, and every job of knowledge takes its turn."""
    for event in Event.objects.filter(outcome="done").order_by("pk"):
        for follower in FOLLOWERS.values():
            if event.action in follower.actions:
                follower.react(event)
    for job in JOBS.values():
        if job.work.__module__.startswith("kb."):
            job.work()


def tables_with(word: str) -> set[str]:
    with connection.cursor() as cursor:
        found = set()
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" t WHERE t::text ILIKE %s)', [f"%{word}%"])
            found |= {table} if cursor.fetchone()[0] else set()
    return found


def test_it_is_stored_in_the_run_alone_whatever_reacts_to_it(conflict, operator, caplog):
    caplog.set_level(logging.DEBUG)
    all_that_reacts()
    actions.cancel_run(conflict, reason=f"{CANARY} has left.", by=operator)
    all_that_reacts()

    assert tables_with(CANARY[:12]) == HELD_IN
    assert not [each for each in mail.outbox if CANARY in each.body + each.subject]
    assert CANARY not in caplog.text


PAGES = [
    f"/{door}={CANARY}"
    for door in (
        "search/?q",
        "search/?kind=run&q",
        "runs/?state=all&q",
        "articles/?q",
        "decisions/?q",
        "trail/?q",
    )
]
LISTS = [f"{door}/?search={CANARY}" for door in ("runs", "events", "notifications", "triggers", "decisions")]
slow = pytest.mark.slow


@pytest.mark.parametrize(
    "kind", ["admin", pytest.param("steward", marks=slow), pytest.param("auditor", marks=slow)]
)
def test_who_asks_for_it_finds_nothing(conflict, team, kind, steward):
    made = {"admin": factories.admin, "steward": lambda: steward}
    person = made.get(kind, lambda: factories.member(team, "auditor"))()
    page, program = Client(headers={"hx-request": "true"}), Caller(person)
    page.force_login(person)

    doors = [page.get(door) for door in PAGES]
    doors += [page.post("/trail/export", {"form": "jsonl"}), program.get(f"search?q={CANARY}")]
    doors += [program.get(door) for door in LISTS]

    bodies = [told(each) for each in doors]
    assert {each.status_code for each in doors} == {200}
    assert [body for body in bodies if "I say" in body or f"runs/{conflict.pk}/" in body] == []


def told(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def test_the_party_that_is_named_finds_it_in_no_search_either(conflict, author):
    found = Caller(author).get(f"search?q={CANARY}").json()

    assert "runs/" not in str(found)
