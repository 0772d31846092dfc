"""A team's webhook by page and by API."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance import actions
from governance.models import Delivery, Event, Webhook
from tests import factories
from tests.governance.api.caller import Caller, rows
from tests.governance.api.caller import said as answered
from tests.pages import queries, said, told

pytestmark = pytest.mark.django_db
ADDRESS = "/teams/fraud/webhook/"
API = "teams/fraud/webhook"
THERE = "https://hooks.example/steward"
NO_ROLE = "Your roles in fraud do not allow this: it takes steward."


@pytest.fixture
def hook(team, steward):
    made, _ = actions.set_webhook(team, THERE, by=steward)
    return made


def failed(hook):
    Delivery.objects.filter(webhook=hook).update(state="failed", tries=3, last_error="It answered 500.")
    return Delivery.objects.get()


# ------------------------------------------------------------------ looking


def test_a_team_without_one_is_asked_for_an_address(team, steward, signed_in):
    words = said(signed_in(steward).get(ADDRESS))

    assert "Each message is one signed POST." in words
    assert "Send messages there" in words


def test_a_hook_shows_where_it_leads_and_how_it_went(hook, steward, signed_in):
    failed(hook)

    page = signed_in(steward).get(ADDRESS)

    assert f'value="{THERE}"' in page.content.decode()
    assert "hello teams/fraud Given up It answered 500." in said(page)
    assert "3 times" in said(page)


def test_its_secret_is_on_no_page(team, steward, signed_in):
    _, secret = actions.set_webhook(team, THERE, by=steward)

    assert secret not in signed_in(steward).get(ADDRESS).content.decode()


def test_a_paused_hook_can_be_resumed(hook, steward, signed_in):
    Webhook.objects.update(paused_at=timezone.now())

    words = said(signed_in(steward).get(ADDRESS))

    assert "Paused" in words
    assert "Resume it" in words


def test_three_deliveries_cost_as_much_as_one(hook, steward, signed_in):
    client, caller = signed_in(steward), Caller(steward)
    with_one = queries(client, ADDRESS), caller.queries(f"{API}/deliveries/")
    for _ in range(2):
        actions.set_webhook(hook.team, THERE, by=steward)

    assert (queries(client, ADDRESS), caller.queries(f"{API}/deliveries/")) == with_one


def test_the_api_shows_the_same(hook, steward):
    caller = Caller(steward)

    assert caller.get(API).json()["address"] == THERE
    assert rows(caller.get(f"{API}/deliveries/"), "kind") == ["hello"]
    assert "secret" not in caller.get(API).json()


@pytest.mark.parametrize("role", ["reader", "data-scientist", "devops-engineer", "auditor"])
def test_nobody_but_stewards_looks(hook, team, signed_in, role):
    member = factories.member(team, role)

    assert signed_in(member).get(ADDRESS).status_code == 403
    assert answered(Caller(member).get(API)) == (403, NO_ROLE)
    assert answered(Caller(member).get(f"{API}/deliveries/")) == (403, NO_ROLE)


def test_strangers_find_nothing(hook, stranger, signed_in):
    assert signed_in(stranger).get(ADDRESS).status_code == 404
    assert Caller(stranger).get(API).status_code == 404


def test_a_steward_finds_it_on_the_page_of_the_team(team, steward, author, signed_in):
    assert ADDRESS in signed_in(steward).get("/teams/fraud/").content.decode()
    assert ADDRESS not in signed_in(author).get("/teams/fraud/").content.decode()


# ------------------------------------------------------------------ setting


def test_by_page_its_secret_is_shown_once(team, steward, signed_in):
    answer = signed_in(steward).post(ADDRESS, {"address": THERE})

    assert "whs_" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert Webhook.objects.get().address == THERE


def test_by_api_its_secret_is_shown_once(team, steward):
    caller = Caller(steward)

    first = caller.put(API, {"address": THERE}).json()
    second = caller.put(API, {"address": f"{THERE}/other"}).json()

    assert (first["secret"][:4], second["secret"]) == ("whs_", "")


def test_another_address_keeps_the_secret(hook, steward, signed_in):
    answer = signed_in(steward).post(ADDRESS, {"address": f"{THERE}/other"})

    assert told(answer) == ["Messages of fraud are sent to the new address from now on."]


@pytest.mark.parametrize("address", ["", "http://example.org/", "https://10.0.0.1/", "nonsense"])
def test_an_address_that_cannot_be_is_refused_at_both_doors(team, steward, signed_in, address):
    assert signed_in(steward).post(ADDRESS, {"address": address}).status_code == 400
    assert Caller(steward).put(API, {"address": address}).status_code == 400
    assert Webhook.objects.count() == 0


def test_who_may_not_is_refused_at_both_doors(team, author, signed_in):
    assert signed_in(author).post(ADDRESS, {"address": THERE}).status_code == 403
    assert answered(Caller(author).put(API, {"address": THERE})) == (403, NO_ROLE)
    assert Event.objects.filter(action="webhook.set", outcome="refused").count() == 2


# ------------------------------------------------------------------ buttons


@pytest.mark.parametrize(
    ("page", "api"),
    [
        ("secret", ("POST", f"{API}/secret")),
        ("remove", ("DELETE", API)),
        ("resume", ("POST", f"{API}/resume")),
        ("deliveries/{pk}/again", ("POST", f"{API}/deliveries/{{pk}}/again")),
    ],
)
def test_every_button_is_for_stewards_alone(hook, author, stranger, signed_in, page, api):
    pk = failed(hook).pk
    method, path = api

    assert signed_in(author).post(f"{ADDRESS}{page.format(pk=pk)}").status_code == 403
    assert answered(Caller(author).ask(method, path.format(pk=pk))) == (403, NO_ROLE)
    assert signed_in(stranger).post(f"{ADDRESS}{page.format(pk=pk)}").status_code == 404
    assert Caller(stranger).ask(method, path.format(pk=pk)).status_code == 404


def test_a_new_secret_is_asked_about_first_and_shown_once(hook, steward, signed_in):
    client = signed_in(steward)
    before = bytes(Webhook.objects.get().secret)

    asked = said(client.get(f"{ADDRESS}secret"))
    answer = client.post(f"{ADDRESS}secret")

    assert "Make a new secret for the webhook of fraud?" in asked
    assert "whs_" in answer.content.decode()
    assert bytes(Webhook.objects.get().secret) != before


def test_a_new_secret_by_api(hook, steward):
    assert Caller(steward).post(f"{API}/secret").json()["secret"].startswith("whs_")


def test_removing_is_asked_about_first(hook, steward, signed_in):
    client = signed_in(steward)

    asked = said(client.get(f"{ADDRESS}remove"))
    answer = client.post(f"{ADDRESS}remove")

    assert "Remove the webhook of fraud?" in asked
    assert told(answer) == ["The webhook of fraud is removed. Nothing more is sent."]
    assert Webhook.objects.count() == 0


def test_removing_by_api(hook, steward):
    caller = Caller(steward)

    assert caller.delete(API).status_code == 204
    assert answered(caller.get(API)) == (404, "fraud has no webhook.")


def test_resuming_at_both_doors(hook, steward, signed_in):
    Webhook.objects.update(paused_at=timezone.now())
    signed_in(steward).post(f"{ADDRESS}resume")
    first = Webhook.objects.get().paused_at
    Webhook.objects.update(paused_at=timezone.now())

    second = Caller(steward).post(f"{API}/resume").json()["paused_at"]

    assert (first, second) == (None, None)
    assert answered(Caller(steward).post(f"{API}/resume")) == (409, "This webhook is not paused.")


def test_sending_again_at_both_doors(hook, steward, signed_in):
    pk = failed(hook).pk
    signed_in(steward).post(f"{ADDRESS}deliveries/{pk}/again")
    first = Delivery.objects.get().state
    failed(hook)

    second = Caller(steward).post(f"{API}/deliveries/{pk}/again").json()["state"]

    assert (first, second) == ("waiting", "waiting")
    assert Event.objects.filter(action="webhook.resend").count() == 2


def test_deliveries_of_other_teams_are_not_sent_again(hook, signed_in):
    other = factories.team("pricing")
    steward = factories.member(other, "steward")
    actions.set_webhook(other, THERE, by=steward)
    foreign = Delivery.objects.get(webhook=hook).pk

    assert signed_in(steward).post(f"/teams/pricing/webhook/deliveries/{foreign}/again").status_code == 404
    assert Caller(steward).post(f"teams/pricing/webhook/deliveries/{foreign}/again").status_code == 404
