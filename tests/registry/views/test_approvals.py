"""Asking for an approval at a page."""

from __future__ import annotations

import pytest

from governance import actions as governing
from governance.models import Approval, Event
from registry.models import Severity
from tests.pages import said
from tests.registry.conftest import found
from tests.registry.views.conftest import page

pytestmark = pytest.mark.django_db
ASK = "aliases/production/ask/"


def test_a_member_asks_and_is_led_to_the_request(clean, author, signed_in):
    answer = signed_in(author).post(page(clean, ASK), {"note": "Better on every metric."})

    approval = Approval.objects.get()
    assert answer["Location"] == f"/approvals/{approval.pk}/"
    assert (approval.subject, approval.alias, approval.note) == (
        clean.label,
        "production",
        "Better on every metric.",
    )


def test_the_question_says_what_will_be_bound(clean, author, signed_in):
    words = said(signed_in(author).get(page(clean, ASK)))

    assert "Ask for an approval of scorer 1 for production?" in words
    assert (
        "The approval binds the files, the open findings, the waivers and the rules as they are now" in words
    )


def test_asking_twice_for_the_same_says_so(clean, author, signed_in):
    governing.request_approval(clean.label, alias="production", by=author)

    answer = signed_in(author).post(page(clean, ASK), {"note": ""})

    assert (answer.status_code, Approval.objects.count()) == (409, 1)
    assert "An approval of exactly this has been asked for already." in said(answer)


def test_a_newer_request_makes_the_older_one_void_on_the_record(clean, author, signed_in):
    older = governing.request_approval(clean.label, alias="production", by=author)
    found(clean, Severity.LOW)

    answer = signed_in(author).post(page(clean, ASK), {"note": ""})

    older.refresh_from_db()
    assert (answer.status_code, older.outcome) == (302, "void")
    assert Event.objects.get(action="approval.void").after == {"approval": older.pk, "alias": "production"}


def test_who_may_not_ask_is_told(clean, auditor, signed_in):
    client = signed_in(auditor)

    answers = [client.get(page(clean, ASK)), client.post(page(clean, ASK), {"note": ""})]

    assert ([answer.status_code for answer in answers], Approval.objects.count()) == ([403, 403], 0)
    assert "Your roles in fraud do not allow this" in said(answers[1])


def test_a_draft_is_not_asked_about(draft, author, signed_in):
    answer = signed_in(author).post(page(draft, ASK), {"note": ""})

    assert (answer.status_code, Approval.objects.count()) == (409, 0)
    assert "Version 1 is a draft: submit it first." in said(answer)


def test_an_alias_without_a_gate_is_not_asked_about(clean, author, signed_in):
    answer = signed_in(author).post(page(clean, "aliases/foo/ask/"), {"note": ""})

    assert (answer.status_code, Approval.objects.count()) == (404, 0)


def test_a_note_that_is_too_long_comes_back(clean, author, signed_in):
    answer = signed_in(author).post(page(clean, ASK), {"note": "x" * 2001})

    assert (answer.status_code, Approval.objects.count()) == (400, 0)
