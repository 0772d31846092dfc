"""What is archived stays in use, takes nothing new, and is listed only when one asks for it."""

from __future__ import annotations

import pytest

from governance.models import Event
from registry import actions
from registry.models import Artifact, Version
from tests import factories
from tests.governance.api.caller import Caller, rows
from tests.pages import said as words
from tests.registry.doors import BOTH, send

pytestmark = pytest.mark.django_db

ARCHIVE, UNARCHIVE = "models/fraud/scorer/archive/", "models/fraud/scorer/unarchive/"
CLOSED = "scorer is archived: it is used as it is, and nothing new comes."


@pytest.fixture
def archived(clean, author, operator) -> Version:
    """It is staging."""
    actions.promote(clean, "staging", by=operator)
    actions.archive(clean.artifact, by=author)
    return clean


def is_archived() -> bool:
    return Artifact.objects.get(name="scorer").archived_at is not None


@BOTH
@pytest.mark.parametrize("who", ["author", "steward"])
def test_owner_and_stewards_archive_and_take_out(artifact, request, door, who):
    person = request.getfixturevalue(who)

    done = [(send(door, person, address)[0], is_archived()) for address in (ARCHIVE, UNARCHIVE)]

    assert done == [(200, True), (200, False)]
    events = Event.objects.filter(subject=artifact.label).order_by("pk").values_list("action", flat=True)
    assert list(events) == ["artifact.add", "artifact.archive", "artifact.unarchive"]


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("colleague", 403, "Only mara, who owns it, or a steward may do this."),
        ("operator", 403, "Your roles in fraud do not allow this"),
        ("stranger", 404, ""),
    ],
)
def test_others_do_not(archived, request, stranger, door, who, status, sentence):
    person = request.getfixturevalue(who)

    answers = [send(door, person, address) for address in (ARCHIVE, UNARCHIVE)]

    assert ([got for got, _ in answers], is_archived()) == ([status, status], True)
    assert all(sentence in text for _, text in answers)


@BOTH
def test_twice_is_said(artifact, author, door):
    statuses = [send(door, author, address)[0] for address in (ARCHIVE, ARCHIVE, UNARCHIVE, UNARCHIVE)]

    assert statuses == [200, 409, 200, 409]


def test_nothing_new_comes(archived, artifact, author, operator):
    draft = Version.objects.create(artifact=artifact, number=9, added_by=author)
    mara, priya = Caller(author), Caller(operator)

    answers = [
        mara.post("models/fraud/scorer/versions/", {}),
        mara.put(f"{draft.label}/files/notes.txt", b"words"),
        mara.patch("models/fraud/scorer", {"description": "New."}),
        mara.put("models/fraud/scorer/aliases/nightly", {"version": 1}),
        priya.put("models/fraud/scorer/aliases/production", {"version": 1}),
        priya.post("approvals/", {"subject": archived.label, "alias": "production"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 6
    assert all(CLOSED in answer.json()["detail"] for answer in answers)


def test_it_stays_in_use(archived, reader):
    rita = Caller(reader)

    assert rita.get("models/fraud/scorer/aliases/staging/files/notes.txt").body == b"plain words\n"


def test_going_back_stays_open(clean, artifact, author, operator):
    newer = factories.submitted(artifact, author, {"notes.txt": b"newer"})
    newer.results.update(outcome="done")
    for version in (clean, newer):
        actions.promote(version, "staging", by=operator)
    actions.archive(artifact, by=author)

    assert actions.roll_back(clean, "staging", reason="It drifts.", by=operator).version == clean


@pytest.mark.parametrize(("query", "names"), [("", ["other"]), ("?state=archived", ["scorer"])])
def test_lists_leave_it_out_unless_one_asks_for_it(archived, author, signed_in, query, names):
    factories.artifact(archived.team, author, name="other")

    text = words(signed_in(author).get(f"/models/{query}"))

    assert rows(Caller(author).get(f"models/{query}"), "name") == names
    assert [name in text for name in ("other", "scorer")] == [name in names for name in ("other", "scorer")]


def test_other_states_leave_it_out_too(archived, author):
    assert rows(Caller(author).get("models/?state=ready"), "name") == []


def test_its_page_says_so_and_leads_out(archived, author, colleague, signed_in):
    seen = {who: words(signed_in(who).get("/models/fraud/scorer/")) for who in (author, colleague)}

    assert "it is used as it is, and nothing new comes. Take it out" in seen[author]
    assert "Take it out" not in seen[colleague]
    assert "New version" not in seen[author]
    assert Caller(author).get("models/fraud/scorer").json()["archived_at"] is not None
