"""A prepared query answers as one that is written anew, whoever asks and with whatever values."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from governance import prepared as preparing
from governance import tokens
from governance.models import Membership, Team, Token, User
from governance.prepared import prepared
from tests import factories

pytestmark = pytest.mark.django_db


@prepared
def slugs(person: User, *, slug: Any) -> QuerySet[Team, str]:
    return Team.objects.visible_to(person).filter(slug=slug).values_list("slug", flat=True)


@prepared
def members(*, keys: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(team__in=keys).select_related("user").order_by("pk")


def test_each_question_has_its_own_values() -> None:
    admin = factories.admin()
    factories.team("fraud")
    factories.team("risk")

    answers = [slugs(admin, slug=slug) for slug in ("fraud", "risk", "nobody")]

    assert answers == [["fraud"], ["risk"], []]


def test_the_query_is_written_once() -> None:
    written = []

    @prepared
    def teams(*, slug: Any) -> QuerySet[Team]:
        written.append(slug)
        return Team.objects.filter(slug=slug)

    teams(slug="fraud")
    teams(slug="risk")

    assert len(written) == 1


def test_nobody_gets_what_was_prepared_for_another_person() -> None:
    team = factories.team("fraud")
    member, stranger = factories.member(team, "reader"), factories.person()

    answers = [slugs(member, slug="fraud"), slugs(stranger, slug="fraud")]

    assert answers == [["fraud"], []]


def test_a_role_withdrawn_is_gone_at_the_next_request() -> None:
    team = factories.team("fraud")
    member = factories.member(team, "reader")
    before = slugs(member, slug="fraud")

    member.memberships.all().delete()

    assert (before, slugs(User.objects.get(pk=member.pk), slug="fraud")) == (["fraud"], [])


def test_objects_come_with_what_was_selected_along(django_assert_num_queries: Any) -> None:
    team = factories.team()
    factories.member(team, "reader", username="mara")
    factories.member(team, "steward", username="jonas")
    members(keys=[0])

    with django_assert_num_queries(1):
        names = [each.user.username for each in members(keys=[team.pk])]

    assert names == ["mara", "jonas"]


def test_an_empty_list_of_keys_finds_nothing() -> None:
    factories.member(factories.team(), "reader")

    assert members(keys=[]) == []


def test_a_moment_may_not_be_kept() -> None:
    @prepared
    def late() -> QuerySet[Token]:
        return Token.objects.filter(expires_at__lt=timezone.now())

    with pytest.raises(TypeError) as refused:
        late()

    assert str(refused.value) == "The moment of the first question would be kept for all others: say Now()."


def test_a_token_that_expires_after_the_first_question_is_refused() -> None:
    text = tokens.make()
    Token.objects.create(
        user=factories.person(),
        name="ci",
        digest=tokens.digest(text),
        expires_at=timezone.now().replace(year=2999),
    )
    before = tokens.recognise(text)

    Token.objects.update(expires_at=timezone.now())

    assert (before is not None, tokens.recognise(text)) == (True, None)


def test_no_more_shapes_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "MOST", 2)
    factories.team("fraud")

    @prepared
    def teams(number: int, *, slug: Any) -> QuerySet[Team, str]:
        return Team.objects.filter(slug=slug).values_list("slug", flat=True)

    answers = [teams(number, slug="fraud") for number in range(5)]

    assert answers == [["fraud"]] * 5
