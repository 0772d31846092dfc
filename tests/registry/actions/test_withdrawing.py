"""A withdrawn version is out of use at once, whatever was agreed, until another steward reinstates it."""

from __future__ import annotations

import pytest
from django.db import transaction

from governance.actions import request_approval
from governance.errors import Conflict
from governance.models import Event, Notification
from registry import actions
from registry.models import Version
from registry.waiting import decisions
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.pages import said as words
from tests.registry.actions.meeting import beside, until_somebody_waits
from tests.registry.api.conftest import passed
from tests.registry.doors import BOTH, send

pytestmark = pytest.mark.django_db

ONE = "models/fraud/scorer/versions/1"
WITHDRAW, REINSTATE = f"{ONE}/withdraw/", f"{ONE}/reinstate/"
WHY = {"reason": "It leaks."}
LEAKS = "It leaks."


@pytest.fixture
def staged(clean, operator) -> Version:
    actions.promote(clean, "staging", by=operator)
    return clean


@pytest.fixture
def out(clean, steward) -> Version:
    return actions.withdraw(clean, reason=LEAKS, by=steward)


def reason(version: Version) -> str:
    return Version.objects.get(pk=version.pk).withdrawn_reason


def sentence(version: Version) -> str:
    at = Version.objects.get(pk=version.pk).withdrawn_at
    return f"Version 1 was withdrawn on {at:%-d %B %Y}: It leaks."


# ------------------------------------------------------------------ withdrawing


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("who", ["author", "steward"])
def test_owner_and_stewards_withdraw_with_a_reason(clean, request, door, who):
    status, _ = send(door, request.getfixturevalue(who), WITHDRAW, WHY)

    assert (status, reason(clean)) == (200, LEAKS)
    event = Event.objects.get(action="version.withdraw")
    assert (event.subject, event.reason, event.after) == (ONE, LEAKS, {"aliases": []})


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize(
    ("who", "sent", "status", "sentence"),
    [
        ("colleague", WHY, 403, "Only mara, who owns it, or a steward may do this."),
        ("operator", WHY, 403, "Your roles in fraud do not allow this"),
        ("stranger", WHY, 404, ""),
        ("steward", {"reason": " "}, 400, ""),
    ],
)
def test_others_and_reasons_that_say_nothing_are_refused(
    clean, request, stranger, door, who, sent, status, sentence
):
    got, text = send(door, request.getfixturevalue(who), WITHDRAW, sent)

    assert (got, reason(clean)) == (status, "")
    assert sentence in text


@pytest.mark.slow
@BOTH
def test_what_a_protected_alias_points_at_takes_a_second_word(staged, steward, door):
    first, text = send(door, steward, WITHDRAW, WHY)
    yes = "on" if door == "page" else True
    second, _ = send(door, steward, WITHDRAW, {**WHY, "also": yes})

    assert (first, second, reason(staged)) == (409, 200, LEAKS)
    assert "Staging points at version 1: whoever fetches it so gets nothing from then on." in text
    assert Event.objects.get(action="version.withdraw").after == {"aliases": ["staging"]}


@BOTH
def test_a_draft_is_not_withdrawn(artifact, author, door):
    factories.draft(artifact, author)

    status, text = send(door, author, WITHDRAW, WHY)

    assert status == 409
    assert "Version 1 is a draft: it is deleted, not withdrawn." in text


@pytest.mark.slow
@BOTH
def test_twice_is_said(clean, author, leila, door):
    answers = [
        send(door, who, address, WHY)[0]
        for who, address in [(author, WITHDRAW), (author, WITHDRAW), (leila, REINSTATE), (leila, REINSTATE)]
    ]

    assert answers == [200, 409, 200, 409]


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_beside_a_promotion_comes_first_or_second(clean, steward, operator):
    with transaction.atomic():
        actions.withdraw(clean, reason=LEAKS, by=steward)
        thread, came = beside(lambda: actions.promote(clean, "staging", by=operator))
        until_somebody_waits()
    thread.join()

    assert [LEAKS in str(each) for each in came] == [True]
    assert clean.aliases.count() == 0


# ------------------------------------------------------------------ out of use


def test_nobody_fetches_it_by_number_or_alias(staged, steward, reader, operator):
    actions.withdraw(staged, reason=LEAKS, also=True, by=steward)

    paths = [f"{ONE}/files/notes.txt", "models/fraud/scorer/aliases/staging/files/notes.txt"]
    answers = [Caller(who).get(path) for who in (reader, operator) for path in [*paths, f"{ONE}/archive.tar"]]

    assert [said(answer) for answer in answers] == [(403, sentence(staged))] * 6


def test_author_and_stewards_fetch_it_knowingly(out, author, steward, signed_in):
    asked = [Caller(who).get(f"{ONE}/files/notes.txt").status_code for who in (author, steward)]
    knowing = [Caller(who).get(f"{ONE}/files/notes.txt?acknowledge=1").body for who in (author, steward)]

    assert (asked, knowing) == ([403, 403], [b"plain words\n"] * 2)
    event = Event.objects.filter(action="version.download", outcome="done").first()
    assert event.after["acknowledged"] == ["withdrawn: It leaks."]
    assert sentence(out) in words(signed_in(author).get(f"/{ONE}/files/notes.txt"))


def test_it_is_neither_pointed_at_nor_asked_about_nor_gone_back_to(staged, author, steward, operator):
    second = passed(factories.submitted(staged.artifact, author))
    actions.promote(second, "staging", by=operator)
    actions.withdraw(staged, reason=LEAKS, by=steward)
    mara, priya = Caller(author), Caller(operator)

    answers = [
        priya.put("models/fraud/scorer/aliases/staging", {"version": 1}),
        mara.put("models/fraud/scorer/aliases/nightly", {"version": 1}),
        priya.post("models/fraud/scorer/aliases/staging/rollback", {"version": 1, "reason": "x"}),
        priya.post("approvals/", {"subject": ONE, "alias": "production"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert all(sentence(staged) in answer.json()["detail"] for answer in answers)


def test_what_was_approved_before_is_not_promoted(clean, author, steward, operator):
    factories.approved(clean, steward, asker=author)
    actions.withdraw(clean, reason=LEAKS, by=steward)

    answer = Caller(operator).put("models/fraud/scorer/aliases/production", {"version": 1})

    assert answer.status_code == 403
    assert sentence(clean) in answer.json()["detail"]


def test_what_was_asked_about_it_waits_for_nobody_any_more(clean, author, steward, leila):
    asked = request_approval(ONE, alias="production", by=author)

    actions.withdraw(clean, reason=LEAKS, by=steward)

    asked.refresh_from_db()
    told = Notification.objects.get(kind="approval-decided", user=author).sentence
    assert (asked.outcome, decisions(leila)) == ("withdrawn", [])
    assert told == "Your request for scorer 1 for production was closed: jonas withdrew what it is about."
    assert Event.objects.filter(action="approval.withdraw", subject=ONE).count() == 1


def test_the_team_does_not_get_its_bytes_by_their_digest(out, colleague):
    draft = factories.draft(out.artifact, colleague, {"mine.txt": b"mine"})
    file = out.files.get()
    wanted = [("notes.txt", file.size, file.sha256)]

    assert actions.add_held_files(draft, wanted, by=colleague) == []


@pytest.mark.slow
def test_pages_and_programs_say_so(out, author, colleague, signed_in):
    page = signed_in(colleague)

    answer = Caller(colleague).get(ONE).json()

    assert (answer["state"], answer["withdrawn"]["reason"]) == ("blocked", LEAKS)
    assert "Version 1 was withdrawn" in words(page.get(f"/{ONE}/"))
    assert sentence(out) in words(page.get(f"/{ONE}/"))
    assert "Withdrawn" in words(page.get("/models/fraud/scorer/"))
    assert "Withdrawn" in words(page.get("/models/"))
    assert sentence(out) in words(signed_in(author).get("/"))


def test_what_comes_from_it_says_so(out, author, signed_in):
    other = factories.artifact(out.team, author, name="child")
    child = factories.submitted(other, author, parents=[(out, "trained-on")])

    page = words(signed_in(author).get(f"/{child.label}/"))
    parents = Caller(author).get(f"{child.label}/lineage").json()["parents"]

    said = sentence(out).removeprefix("Version 1 was ")
    assert f"It was trained on scorer 1, which was {said}" in page
    assert "trained on, model of fraud, withdrawn" in page
    assert [parent["withdrawn"] for parent in parents] == [True]


def test_whom_it_concerns_is_told(clean, author, steward, leila, colleague):
    other = factories.artifact(clean.team, colleague, name="child")
    child = factories.submitted(other, colleague, parents=[(clean, "trained-on")])

    actions.withdraw(clean, reason=LEAKS, by=steward)

    told = Notification.objects.filter(kind="withdrawn").values_list("user__username", "subject", "sentence")
    assert set(told) == {
        ("mara", ONE, "jonas withdrew scorer 1: It leaks."),
        ("leila", ONE, "jonas withdrew scorer 1: It leaks."),
        ("tom", child.label, "child 1 was trained on a version that is withdrawn."),
    }


# ------------------------------------------------------------------ and back


@BOTH
def test_another_steward_reinstates_it(out, leila, operator, door):
    status, _ = send(door, leila, REINSTATE, {"reason": "A false alarm."})

    assert (status, reason(out)) == (200, "")
    event = Event.objects.get(action="version.reinstate")
    assert (event.reason, event.before["reason"]) == ("A false alarm.", LEAKS)
    assert Caller(operator).put("models/fraud/scorer/aliases/staging", {"version": 1}).status_code == 200


@BOTH
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("steward", 403, "Someone other than jonas, and whom jonas did not make, must do this."),
        ("author", 403, "Your roles in fraud do not allow this: it takes steward."),
        ("stranger", 404, ""),
    ],
)
def test_who_withdrew_it_and_others_do_not(out, leila, request, stranger, door, who, status, sentence):
    got, text = send(door, request.getfixturevalue(who), REINSTATE, WHY)

    assert (got, reason(out)) == (status, LEAKS)
    assert sentence in text


@BOTH
def test_nor_does_a_steward_who_put_something_into_it(artifact, leila, steward, door):
    version = actions.withdraw(factories.submitted(artifact, leila), reason=LEAKS, by=steward)

    got, text = send(door, leila, REINSTATE, WHY)

    assert (got, reason(version)) == (403, LEAKS)
    assert "Someone other than the author must do this." in text


def test_the_way_back_is_on_its_page(out, leila, steward, signed_in):
    seen = [words(signed_in(who).get(f"/{ONE}/")) for who in (leila, steward)]

    closed = "Reinstate it, closed: Someone other than jonas, and whom jonas did not make"
    assert [("Reinstate it" in each, closed in each) for each in seen] == [(True, False), (True, True)]


def test_a_conflict_changes_nothing(staged, steward):
    with pytest.raises(Conflict):
        actions.withdraw(staged, reason=LEAKS, by=steward)

    assert reason(staged) == ""
