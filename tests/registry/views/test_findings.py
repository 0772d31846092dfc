"""Findings at pages: all of them, and accepting one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Event
from registry.models import Severity, Waiver
from tests.pages import queries, said, told
from tests.registry.conftest import found
from tests.registry.views.conftest import page

pytestmark = pytest.mark.django_db


def day(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def waiver_of(finding) -> str:
    return page(finding.version, f"findings/{finding.pk}/waive/")


def test_open_findings_are_listed_with_the_worst_first(clean, author, signed_in):
    found(clean, Severity.LOW, "a.Low", place="line 3")
    found(clean, Severity.CRITICAL, "b.Critical")
    found(clean, Severity.HIGH, "c.Gone", closed_at=timezone.now())

    words = said(signed_in(author).get(page(clean, "findings/")))

    assert "2 open 1 closed by a later run" in words
    assert words.index("b.Critical") < words.index("a.Low")
    assert "line 3" in words


def test_three_findings_cost_as_much_as_one(clean, author, signed_in):
    client = signed_in(author)
    found(clean, Severity.LOW, "a")
    with_one = queries(client, page(clean, "findings/"))
    found(clean, Severity.LOW, "b")
    found(clean, Severity.HIGH, "c")

    assert queries(client, page(clean, "findings/")) == with_one


def test_no_finding_says_so(clean, author, signed_in):
    assert "No finding is open" in said(signed_in(author).get(page(clean, "findings/")))


def test_a_steward_waives_a_finding_until_the_end_of_a_day(clean, steward, signed_in):
    finding = found(clean, Severity.HIGH)

    answer = signed_in(steward).post(
        waiver_of(finding), {"reason": "Known and harmless.", "expires": day(30)}
    )

    waiver = Waiver.objects.get()
    assert answer["Location"] == page(clean)
    assert told(answer) == [f"Finding {finding.pk} is waived. Requests that were open about it are void."]
    assert (waiver.reason, waiver.ends_at.date().isoformat(), waiver.by) == (
        "Known and harmless.",
        day(30),
        steward,
    )


def test_what_is_waived_no_longer_stands_in_the_way(clean, steward, signed_in):
    finding = found(clean, Severity.HIGH)
    client = signed_in(steward)
    client.post(waiver_of(finding), {"reason": "Known.", "expires": day(30)})

    words = said(client.get(page(clean)))

    assert "Version 1 is ready, and needs an approval" in words
    assert "notes.txt 1 waived" in words
    assert "waived until" in words


def test_the_form_begins_with_the_longest_that_is_allowed(clean, steward, signed_in):
    finding = found(clean, Severity.HIGH)

    answer = signed_in(steward).get(waiver_of(finding))

    assert f'value="{day(90)}"' in answer.content.decode()
    assert "A waiver of a high finding lasts at most 90 days: up to" in said(answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"reason": "Known.", "expires": day(200)},
            "A waiver of a high finding lasts at most 90 days: up to",
        ),
        ({"reason": "Known.", "expires": day(-3)}, "Choose a later day."),
        ({"reason": "Known.", "expires": "soon"}, "Enter a valid date."),
        ({"reason": "Known.", "expires": ""}, "This field is required."),
        ({"reason": " ", "expires": day(3)}, "This field is required."),
    ],
)
def test_terms_that_are_not_allowed_come_back_with_the_reason(clean, steward, signed_in, fields, sentence):
    finding = found(clean, Severity.HIGH)

    answer = signed_in(steward).post(waiver_of(finding), fields)

    assert (answer.status_code, Waiver.objects.count()) == (400, 0)
    assert sentence in said(answer)


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("author", "Someone other than the author must do this."),
        ("operator", "Your roles in fraud do not allow this: it takes steward."),
    ],
)
def test_who_may_not_waive_is_told_instead_of_being_shown_the_form(clean, request, signed_in, who, sentence):
    finding = found(clean, Severity.HIGH)
    client = signed_in(request.getfixturevalue(who))

    looked = client.get(waiver_of(finding))
    answer = client.post(waiver_of(finding), {"reason": "Known.", "expires": day(3)})

    assert (looked.status_code, answer.status_code, Waiver.objects.count()) == (403, 403, 0)
    assert sentence in said(looked)
    assert sentence in said(answer)
    assert Event.objects.filter(action="finding.waive", outcome="refused").count() == 1


def test_a_finding_that_is_waived_already_says_so(clean, steward, signed_in):
    finding = found(clean, Severity.HIGH)
    client = signed_in(steward)
    client.post(waiver_of(finding), {"reason": "Known.", "expires": day(30)})

    answer = client.post(waiver_of(finding), {"reason": "Known.", "expires": day(30)})

    assert answer.status_code == 409
    assert "This finding is waived already." in said(answer)


def test_a_finding_of_another_version_is_not_there(clean, waiting, steward, artifact, author, signed_in):
    finding = found(clean, Severity.HIGH)

    assert signed_in(steward).get(page(clean, f"findings/{finding.pk + 1}/waive/")).status_code == 404


def test_a_stranger_does_not_see_it(clean, stranger, signed_in):
    finding = found(clean, Severity.HIGH)

    assert signed_in(stranger).get(waiver_of(finding)).status_code == 404
