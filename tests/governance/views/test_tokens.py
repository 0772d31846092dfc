"""Tokens: made, shown once, listed and revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from governance import actions, tokens
from governance.models import Token
from tests import factories
from tests.pages import queries, said, told

pytestmark = pytest.mark.django_db
ADDRESS = "/account/tokens/"


def test_a_new_token_is_shown_once_and_works(author, signed_in):
    client = signed_in(author)

    answer = client.post(ADDRESS, {"name": "nightly", "days": "30", "team": "fraud"})

    text = re.search(r"stw_[\w-]{43}", said(answer))
    assert text is not None
    assert tokens.recognise(text[0]).user == author
    assert text[0] not in said(client.get(ADDRESS))


def test_the_answer_that_shows_a_token_is_not_kept(author, signed_in):
    answer = signed_in(author).post(ADDRESS, {"name": "nightly", "days": "30", "team": "fraud"})

    assert "no-store" in answer["Cache-Control"]


def test_the_answer_says_how_to_use_it(author, signed_in):
    answer = signed_in(author).post(ADDRESS, {"name": "nightly", "days": "30", "team": "fraud"})

    assert 'curl -H "Authorization: Bearer stw_' in said(answer)
    assert "http://testserver/api/v1/models/" in said(answer)


def test_a_token_uses_and_pushes_in_one_team_unless_more_is_ticked(author, signed_in):
    client = signed_in(author)
    page = client.get(ADDRESS).content.decode()

    client.post(ADDRESS, {"name": "nightly", "days": "30", "team": "fraud"})

    assert '<option value="fraud" selected>' in page
    assert "checked" not in page
    assert Token.objects.get().reach == {"team": "fraud", "approve": False, "waive": False, "manage": False}


def test_a_token_reaches_as_far_as_is_ticked(author, signed_in):
    answer = signed_in(author).post(
        ADDRESS, {"name": "nightly", "days": "30", "team": "*", "approve": "on", "manage": "on"}
    )

    assert Token.objects.get().reach == {"team": None, "approve": True, "waive": False, "manage": True}
    assert "Acts as mara in every team May use, push, approve, manage" in said(answer)


def test_who_is_in_several_teams_chooses_one(author, signed_in):
    factories.team("pricing").memberships.create(user=author, role="reader", granted_by=author)

    words = said(signed_in(author).get(ADDRESS))

    assert "Choose a team fraud pricing Every team of mine" in words


def test_a_token_lasts_ninety_days_unless_said(author, signed_in):
    assert b'name="days" value="90"' in signed_in(author).get(ADDRESS).content


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 81}, "Ensure this value has at most 80 characters (it has 81)."),
        ({"name": "a\u202eb"}, "This text holds a character that cannot be seen, such as a direction mark."),
        ({"days": "0"}, "A token lasts 1 to 366 days."),
        ({"days": "367"}, "A token lasts 1 to 366 days."),
        ({"days": "for ever"}, "Give a whole number of days, 1 to 366."),
        ({"days": ""}, "This field is required."),
        ({"team": ""}, "Choose a team, or every team of yours."),
        ({"team": "elsewhere"}, "You are in no team of this name."),
    ],
)
def test_a_malformed_token_says_what_is_wrong(author, signed_in, sent, sentence):
    answer = signed_in(author).post(ADDRESS, {"name": "nightly", "days": "90", "team": "fraud", **sent})

    assert answer.status_code == 400
    assert sentence in said(answer)
    assert Token.objects.count() == 0


def test_the_list_says_how_each_stands(author, signed_in):
    actions.add_token(author, name="used up", by=author)
    actions.add_token(author, name="in use", by=author)
    Token.objects.filter(name="used up").update(expires_at=timezone.now() - timedelta(days=30))

    words = said(signed_in(author).get(ADDRESS))

    assert re.search(
        r"in use stw_[\w-]{4}… made just now use, push, approve, waive, manage in every team Usable never",
        words,
    )
    assert re.search(
        r"used up stw_[\w-]{4}… made just now use, push, approve, waive, manage in every team Expired never",
        words,
    )


def test_nobody_sees_the_tokens_of_others(author, steward, signed_in):
    actions.add_token(author, name="nightly", by=author)

    assert "You have no token yet" in said(signed_in(steward).get(ADDRESS))


def test_three_tokens_cost_as_much_as_one(author, signed_in):
    actions.add_token(author, name="one", by=author)
    client = signed_in(author)
    with_one = queries(client, ADDRESS)
    actions.add_token(author, name="two", by=author)
    actions.add_token(author, name="three", by=author)

    assert queries(client, ADDRESS) == with_one


# ------------------------------------------------------------------ revoking


def test_revoking_asks_first(author, signed_in):
    token, _ = actions.add_token(author, name="nightly", by=author)

    words = said(signed_in(author).get(f"{ADDRESS}{token.pk}/revoke"))

    token.refresh_from_db()
    assert "Revoke the token “nightly”?" in words
    assert token.state == "usable"


def test_a_revoked_token_opens_nothing(author, signed_in):
    token, text = actions.add_token(author, name="nightly", by=author)

    answer = signed_in(author).post(f"{ADDRESS}{token.pk}/revoke")

    assert tokens.recognise(text) is None
    assert told(answer) == ["The token “nightly” is revoked: no program gets in with it any more."]


def test_nothing_is_revoked_twice(author, signed_in):
    token, _ = actions.add_token(author, name="nightly", by=author)
    client = signed_in(author)
    client.post(f"{ADDRESS}{token.pk}/revoke")

    answer = client.post(f"{ADDRESS}{token.pk}/revoke")

    assert answer.status_code == 409
    assert "This token is revoked already." in said(answer)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_revokes_the_tokens_of_others(author, steward, signed_in, method):
    token, _ = actions.add_token(author, name="nightly", by=author)

    assert getattr(signed_in(steward), method)(f"{ADDRESS}{token.pk}/revoke").status_code == 404


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}1/revoke"])
def test_nobody_is_sent_to_sign_in(client, address):
    assert client.get(address)["Location"] == f"/account/login/?next={address}"
