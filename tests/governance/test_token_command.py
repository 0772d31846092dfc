"""`manage.py token`: what scripts rely on."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from governance import actions
from governance.models import Token
from tests import factories
from tests.governance.api.caller import Caller

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("token", *words, stdout=out)
    return out.getvalue()


def refused(*words: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        run(*words)
    return error.value.returncode, str(error.value)


def test_it_prints_the_token_alone_and_it_works() -> None:
    factories.person("mara")

    said = run("mara")

    assert said.startswith("stw_")
    assert said.split() == [said.removesuffix("\n")]
    assert Caller(token=said.strip()).get("me/").json()["username"] == "mara"


def test_without_options_it_is_called_command_line_and_lasts_ninety_days() -> None:
    factories.person("mara")

    run("mara")

    token = Token.objects.get()
    left = token.expires_at - timezone.now()
    assert (token.name, left.days) == ("command line", 89)


def test_it_reaches_as_far_as_its_owner() -> None:
    factories.person("mara")

    run("mara")

    assert Token.objects.get().reach == {"team": None, "approve": True, "waive": True, "manage": True}


def test_name_and_days_are_its_options() -> None:
    factories.person("mara")

    run("mara", "--name", "nightly training", "--days", "2")

    token = Token.objects.get()
    left = token.expires_at - timezone.now()
    assert (token.name, timedelta(days=1) < left <= timedelta(days=2)) == ("nightly training", True)


def test_person_is_found_whatever_the_case() -> None:
    mara = factories.person("mara")

    run("Mara")

    assert Token.objects.get().user == mara


def test_nobody_of_that_name_is_said_in_a_sentence() -> None:
    assert refused("zoe") == (1, "There is nobody called zoe with an active account.")
    assert Token.objects.count() == 0


def test_closed_account_gets_none() -> None:
    factories.person("mara", is_active=False)

    assert refused("mara") == (1, "There is nobody called mara with an active account.")
    assert Token.objects.count() == 0


@pytest.mark.parametrize("days", ["0", "367", "-1"])
def test_days_out_of_bounds_are_said_in_a_sentence(days: str) -> None:
    factories.person("mara")

    assert refused("mara", "--days", days) == (1, "A token lasts 1 to 366 days.")
    assert Token.objects.count() == 0


def test_name_with_a_direction_mark_is_said_in_a_sentence() -> None:
    factories.person("mara")

    assert refused("mara", "--name", "\u202egnp") == (
        1,
        "This text holds a character that cannot be seen, such as a direction mark.",
    )
    assert Token.objects.count() == 0


def test_a_service_account_gets_one_that_its_owner_answers_for() -> None:
    team = factories.team("fraud")
    mara = factories.member(team, "data-scientist", username="mara")
    actions.add_service(team, "ci", roles=["data-scientist"], answered_by=mara, by=factories.admin())

    said = run("ci").strip()

    assert Caller(token=said).get("me/").json()["username"] == "ci"
    assert Token.objects.get().made_by == mara
