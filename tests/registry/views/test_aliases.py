"""Aliases at pages: each move is asked for first, with what it changes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.models import Event
from registry import actions
from registry.models import Alias, Gate, Move, Severity
from tests import factories
from tests.pages import said, told
from tests.registry.conftest import found
from tests.registry.test_gates import settings
from tests.registry.views.conftest import page

pytestmark = pytest.mark.django_db
AUTHOR = "Someone other than the author must do this."
PROMOTE, STAGE = "aliases/production/promote/", "aliases/staging/promote/"
BACK = "aliases/production/roll-back/"


@pytest.fixture
def approved(clean, steward, author):
    factories.approved(clean, steward, asker=author)
    return clean


@pytest.fixture
def replaced(approved, artifact, author, steward, operator):
    """Version 1 was production; version 2 is."""
    actions.promote(approved, "production", by=operator)
    newer = factories.submitted(artifact, author, {"notes.txt": b"newer"})
    newer.results.update(outcome="done", finished_at=timezone.now())
    factories.approved(newer, steward, asker=author)
    actions.promote(newer, "production", by=operator)
    return approved


def held(name: str = "production") -> int | None:
    alias = Alias.objects.select_related("version").filter(name=name).first()
    return alias.version.number if alias else None


def test_promotion_names_act_object_and_consequences(approved, operator, signed_in):
    words = said(signed_in(operator).get(page(approved, PROMOTE)))

    assert "Promote scorer 1 to production? Nothing has been production so far." in words
    assert (
        "Whoever fetches scorer by “production” gets version 1 from then on. The approval is used up."
        in words
    )
    assert "Leave it as it is Promote to production" in words


def test_who_may_promotes_what_is_approved(approved, operator, signed_in):
    answer = signed_in(operator).post(page(approved, PROMOTE))

    assert (answer["Location"], held()) == (page(approved), 1)
    assert told(answer) == ["Version 1 is production."]


def test_looking_at_the_question_changes_nothing(approved, operator, signed_in):
    signed_in(operator).get(page(approved, PROMOTE))

    assert held() is None


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("author", AUTHOR),
        ("steward", "Your roles in fraud do not allow this: it takes devops-engineer."),
    ],
)
def test_who_may_not_promote_is_refused_on_the_record(approved, request, signed_in, who, sentence):
    client = signed_in(request.getfixturevalue(who))

    looked, answer = client.get(page(approved, PROMOTE)), client.post(page(approved, PROMOTE))

    assert (looked.status_code, answer.status_code, held()) == (403, 403, None)
    assert sentence in said(looked)
    assert sentence in said(answer)
    assert Event.objects.filter(action="version.promote", outcome="refused").count() == 1


def test_what_is_not_approved_comes_back_with_its_sentence(clean, operator, signed_in):
    answer = signed_in(operator).post(page(clean, PROMOTE))

    assert answer.status_code == 403
    assert "Promote scorer 1 to production?" in said(answer)
    assert "Production needs 1 approval, 0 given." in said(answer)


def test_every_objection_is_said(clean, author, signed_in):
    found(clean, Severity.HIGH)

    words = said(signed_in(author).post(page(clean, PROMOTE)))

    sentences = (AUTHOR, "notes.txt: It names strange.Name.", "Production needs 1 approval, 0 given.")
    assert [sentence in words for sentence in sentences] == [True, True, True]


def test_staging_needs_no_approval_and_takes_its_author(clean, team, author, signed_in):
    team.memberships.create(user=author, role="devops-engineer", granted_by=author)

    answer = signed_in(author).post(page(clean, STAGE))

    assert (answer["Location"], held("staging")) == (page(clean), 1)


def test_the_way_to_staging_is_on_the_page(clean, operator, signed_in):
    assert f'href="{page(clean, STAGE)}"' in signed_in(operator).get(page(clean)).content.decode()


def test_what_blocks_closes_staging_too(clean, operator, signed_in):
    found(clean, Severity.HIGH)

    words = said(signed_in(operator).get(page(clean)))

    assert "Promote to staging, closed: One thing stands in the way." in words


def test_a_draft_is_not_promoted(draft, operator, signed_in):
    answer = signed_in(operator).post(page(draft, PROMOTE))

    assert answer.status_code == 409
    assert "Version 1 is a draft: submit it first." in said(answer)


def test_who_may_not_promote_is_refused_on_the_record_though_it_is_a_draft(draft, author, signed_in):
    answer = signed_in(author).post(page(draft, PROMOTE))

    assert answer.status_code == 403
    assert "Your roles in fraud do not allow this: it takes devops-engineer." in said(answer)
    assert Event.objects.get(action="version.promote").outcome == "refused"


def test_a_rollback_needs_a_reason(replaced, operator, signed_in):
    client = signed_in(operator)

    without = client.post(page(replaced, BACK), {"reason": " "})
    answer = client.post(page(replaced, BACK), {"reason": "Alarms since noon."})

    assert (without.status_code, answer["Location"], held()) == (400, page(replaced), 1)
    assert told(answer) == ["production is back at version 1."]
    assert Move.objects.first().reason == "Alarms since noon."


@pytest.mark.slow
@pytest.mark.parametrize("reason", ["It \u202esfird.", "Alarms\x1b[2J since noon."])
def test_a_rollback_refuses_a_reason_that_cannot_be_seen(replaced, operator, signed_in, reason):
    answer = signed_in(operator).post(page(replaced, BACK), {"reason": reason})

    assert (answer.status_code, held()) == (400, 2)
    assert "This text holds a character that cannot be seen, such as a direction mark." in said(answer)


@pytest.mark.parametrize("number", [1, 2])
def test_the_way_back_is_on_the_page_of_what_was_released_and_of_what_is(
    replaced, artifact, operator, signed_in, number
):
    answer = signed_in(operator).get(page(artifact.versions.get(number=number)))

    assert "Roll back to 1" in said(answer)
    assert f'href="{page(replaced, BACK)}"' in answer.content.decode()


def test_to_what_never_passed_the_gate_no_way_back_is_offered(
    clean, artifact, author, steward, operator, signed_in
):
    actions.move_alias(clean, "canary", by=author)
    settings(clean.team, steward, canary=Gate())
    newer = factories.checked(artifact, author)
    actions.promote(newer, "canary", by=operator)

    assert "Roll back" not in said(signed_in(operator).get(page(newer)))


def test_who_may_not_roll_back_is_offered_no_way_back_from_what_is_in_use(
    replaced, artifact, author, signed_in
):
    answer = signed_in(author).get(page(artifact.versions.get(number=2)))

    assert "Roll back" not in said(answer)


def test_who_may_not_roll_back_is_told(replaced, author, signed_in):
    client = signed_in(author)

    answer = client.post(page(replaced, BACK), {"reason": "Because."})

    assert (answer.status_code, held()) == (403, 2)
    assert "it takes devops-engineer or steward." in said(answer)


def test_a_rollback_to_what_never_held_it_says_so(clean, operator, signed_in):
    answer = signed_in(operator).get(page(clean, BACK))

    assert answer.status_code == 403
    assert "Version 1 never was production: promote it instead." in said(answer)


def test_a_free_name_is_pointed_at_a_version(clean, author, signed_in):
    answer = signed_in(author).post(page(clean, "aliases/"), {"alias": "candidate"})

    assert (answer["Location"], held("candidate")) == (page(clean), 1)


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("production", 409, "production is protected: promote the version."),
        ("Not a slug", 400, "Use small letters a to z, digits and hyphens"),
        ("", 400, "This field is required."),
    ],
)
def test_a_name_that_cannot_be_given_comes_back(clean, author, signed_in, name, status, sentence):
    answer = signed_in(author).post(page(clean, "aliases/"), {"alias": name})

    assert (answer.status_code, Alias.objects.count()) == (status, 0)
    assert sentence in said(answer)


def test_who_does_not_push_moves_no_name(clean, operator, signed_in):
    answer = signed_in(operator).post(page(clean, "aliases/"), {"alias": "candidate"})

    assert (answer.status_code, Alias.objects.count()) == (403, 0)


@pytest.mark.parametrize("more", [PROMOTE, STAGE, BACK, "aliases/", "aliases/production/ask/"])
def test_a_stranger_finds_none_of_it(clean, stranger, signed_in, more):
    client = signed_in(stranger)

    assert [send(page(clean, more)).status_code for send in (client.get, client.post)] == [404, 404]


@pytest.mark.parametrize("more", ["aliases/odd/promote/", "aliases/odd/roll-back/", "aliases/odd/ask/"])
def test_a_name_without_a_gate_has_no_such_page(clean, operator, signed_in, more):
    assert signed_in(operator).get(page(clean, more)).status_code == 404
