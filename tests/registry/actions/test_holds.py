"""Legal holds: set with a reason, released by somebody else, and nothing gets past them."""

from __future__ import annotations

import io

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from governance.errors import Conflict, Denied
from governance.models import Event
from registry import actions, receiving
from registry.models import Artifact
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said as words
from tests.registry.actions.meeting import beside, until_somebody_waits
from tests.registry.doors import BOTH, send

pytestmark = pytest.mark.django_db

WHY = {"reason": "The regulator asks."}
HOLD, RELEASE = "models/fraud/scorer/hold/", "models/fraud/scorer/hold/release/"
ROLE = "Your roles in fraud do not allow this: it takes steward."
STAYS = "scorer is on legal hold: nothing of it may be deleted."


@pytest.fixture
def held(artifact, steward) -> Artifact:
    return actions.hold(artifact, reason="The regulator asks.", by=steward)


def now(artifact: Artifact) -> tuple[str, str]:
    artifact.refresh_from_db()
    return (artifact.held_by.username if artifact.held_by else "", artifact.held_reason)


# ------------------------------------------------------------------ setting and releasing


@BOTH
def test_a_steward_sets_a_hold_with_a_reason(artifact, steward, door):
    status, _ = send(door, steward, HOLD, WHY)

    assert (status, now(artifact)) == (200, ("jonas", "The regulator asks."))
    event = Event.objects.get(action="artifact.hold")
    assert (event.actor, event.subject, event.reason) == ("jonas", artifact.label, "The regulator asks.")


@BOTH
@pytest.mark.parametrize(
    ("who", "sent", "status", "sentence"),
    [
        ("author", WHY, 403, ROLE),
        ("operator", WHY, 403, ROLE),
        ("steward", {"reason": " "}, 400, ""),
        ("steward", {"reason": "It \u202esfird."}, 400, "a character that cannot be seen"),
        ("stranger", WHY, 404, ""),
    ],
)
def test_others_and_reasons_that_say_nothing_are_refused(
    artifact, request, stranger, door, who, sent, status, sentence
):
    got, text = send(door, request.getfixturevalue(who), HOLD, sent)

    assert (got, now(artifact)) == (status, ("", ""))
    assert sentence in text


@BOTH
def test_another_steward_releases_it(held, leila, door):
    status, _ = send(door, leila, RELEASE, {"reason": "The case is closed."})

    assert (status, now(held)) == (200, ("", ""))
    event = Event.objects.get(action="artifact.release_hold")
    assert (event.actor, event.reason, event.before["reason"]) == (
        "leila",
        "The case is closed.",
        "The regulator asks.",
    )


@BOTH
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("steward", 403, "Someone other than jonas, and whom jonas did not make, must do this."),
        ("author", 403, ROLE),
        ("stranger", 404, ""),
    ],
)
def test_who_set_it_and_others_do_not_release_it(held, leila, request, stranger, door, who, status, sentence):
    got, text = send(door, request.getfixturevalue(who), RELEASE, WHY)

    assert (got, now(held)) == (status, ("jonas", "The regulator asks."))
    assert sentence in text


@BOTH
def test_twice_is_said(held, leila, door):
    assert send(door, leila, HOLD, WHY)[0] == 409
    assert send(door, leila, RELEASE, WHY)[0] == 200
    assert send(door, leila, RELEASE, WHY)[0] == 409


@pytest.mark.django_db(transaction=True)
def test_of_two_holds_at_once_one_is_set(artifact, steward, leila):
    with transaction.atomic():
        actions.hold(artifact, reason="First.", by=steward)
        thread, came = beside(lambda: actions.hold(artifact, reason="Second.", by=leila))
        until_somebody_waits()
    thread.join()

    assert [type(each) for each in came] == [Conflict]
    assert now(artifact) == ("jonas", "First.")


# ------------------------------------------------------------------ who sees it


def test_members_see_it_on_its_page_and_readers_do_not(held, clean, operator, leila, reader, signed_in):
    actions.promote(clean, "staging", by=operator)

    seen = {who.username: words(signed_in(who).get("/models/fraud/scorer/")) for who in (leila, reader)}

    assert "by jonas: The regulator asks. Nothing of it can be deleted. Release it" in seen["leila"]
    assert "regulator" not in seen["rita"]


def test_programs_are_told(held, clean, operator, author, reader):
    actions.promote(clean, "staging", by=operator)

    told = [Caller(who).get("models/fraud/scorer").json()["hold"] for who in (author, reader)]

    assert (told[0]["by"], told[0]["reason"], told[1]) == ("jonas", "The regulator asks.", None)


# ------------------------------------------------------------------ nothing gets past it


@pytest.fixture
def draft(held, author):
    return factories.draft(held, author, {"notes.txt": b"words"})


@BOTH
def test_a_file_stays_in_its_draft(draft, author, door):
    page, api = f"{draft.label}/remove?path=notes.txt", f"{draft.label}/files/notes.txt"

    status, text = send(door, author, page if door == "page" else api, method="DELETE")

    assert (status, draft.files.count()) == (403, 1)
    assert STAYS in text


def test_other_bytes_do_not_take_its_place(draft, author):
    with pytest.raises(Denied, match=STAYS):
        receiving.receive(draft, "notes.txt", io.BytesIO(b"other"), 5, by=author)
    receiving.receive(draft, "more.txt", io.BytesIO(b"more"), 4, by=author)

    assert [file.path for file in draft.files.all()] == ["more.txt", "notes.txt"]


def test_a_held_artifact_goes_on(draft, author):
    assert actions.submit(draft, by=author).digest != ""


@pytest.mark.parametrize("table", ["registry_file", "registry_version", "registry_artifact"])
def test_the_database_keeps_it_from_whoever_asks_nobody(draft, table):
    with (
        pytest.raises((InternalError, ProgrammingError), match="What is on legal hold stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")
