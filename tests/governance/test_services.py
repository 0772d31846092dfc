"""Service accounts: made, used by tokens alone, one with who answers for them, and handed over."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.test import Client

from governance import access, actions, tokens
from governance.errors import Denied
from governance.models import Event, Notification, Team, Token, User
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.pages import said as words
from tests.registry.api.conftest import passed

pytestmark = pytest.mark.django_db

NOT_STEWARD = "Your roles in fraud do not allow this: it takes steward."


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def jonas(team: Team) -> User:
    return factories.member(team, "steward", username="jonas")


@pytest.fixture
def mara(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


@pytest.fixture
def leila(team: Team) -> User:
    return factories.member(team, "data-scientist", "steward", username="leila")


@pytest.fixture
def people(team: Team, jonas: User, mara: User) -> dict[str, User]:
    return {
        "steward": jonas,
        "scientist": mara,
        "administrator": factories.admin(),
        "stranger": factories.member(factories.team("pricing"), "steward"),
    }


def account(team: Team, owner: User, *roles: str, username: str = "ci") -> User:
    """One that the administrator made."""
    wanted = roles or ("data-engineer",)
    return actions.add_service(team, username, roles=wanted, answered_by=owner, by=factories.admin())


def token_of(account: User, by: User) -> str:
    _, text = actions.add_token(account, name="pipeline", by=by)
    return text


def by_page(person: User, address: str, sent: dict[str, object]) -> tuple[int, str]:
    client = Client()
    client.force_login(person)
    answer = client.post(address, sent)
    return answer.status_code, words(answer) if answer.status_code >= 400 else ""


def by_program(person: User, path: str, sent: dict[str, object]) -> tuple[int, str]:
    answer = Caller(person).post(path, sent)
    return answer.status_code, answer.json().get("detail", "")


# ------------------------------------------------------------------ made


def make(door: str, person: User, **changes: object) -> tuple[int, str]:
    sent = {"username": "ci", "answered_by": "mara", "roles": ["data-engineer"], **changes}
    if door == "page":
        return by_page(person, "/teams/fraud/services/", sent)
    return by_program(person, "teams/fraud/services/", sent)


@pytest.mark.parametrize("door", ["page", "program"])
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("steward", 2, ""),
        ("administrator", 2, ""),
        ("scientist", 403, NOT_STEWARD),
        ("stranger", 404, ""),
    ],
)
def test_stewards_and_the_administrator_make_one(people, door, who, status, sentence):
    code, answer = make(door, people[who])

    made = User.objects.filter(username="ci")
    assert code == status if status > 99 else code in {201, 302}
    assert sentence in answer
    assert list(made.values_list("answered_by__username", "team__slug")) == (
        [("mara", "fraud")] if status == 2 else []
    )


@pytest.mark.slow
@pytest.mark.parametrize("door", ["page", "program"])
@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"username": "mara"}, 409, "There is already somebody called mara."),
        ({"username": "a b"}, 400, "Use letters"),
        ({"roles": ["steward"]}, 400, "steward"),
        ({"roles": []}, 400, ""),
        ({"answered_by": "zoe"}, 400, ""),
        (
            {"roles": ["devops-engineer"]},
            409,
            "mara, who answers for ci, may not do all that a devops-engineer of fraud does.",
        ),
    ],
)
def test_bad_input_says_what_is_wrong(people, door, changes, status, sentence):
    code, answer = make(door, people["steward"], **changes)

    assert (code, sentence in answer) == (status, True)
    assert User.objects.filter(answered_by__isnull=False).count() == 0


def test_both_steps_stand_in_the_trail_of_the_team(people, team):
    make("program", people["steward"])

    events = Event.objects.filter(team="fraud", actor="jonas").order_by("pk")
    assert list(events.values_list("action", "subject")) == [
        ("service.add", "users/ci"),
        ("member.set", "teams/fraud/members/ci"),
    ]


def test_whoever_answers_is_told(people, mara):
    make("program", people["steward"])

    assert [note.sentence for note in Notification.objects.filter(user=mara)] == [
        "You answer for the service account ci of fraud, which jonas made."
    ]


def test_the_team_page_says_who_answers(team, jonas, mara, client):
    account(team, mara)
    client.force_login(jonas)

    page = words(client.get("/teams/fraud/"))

    assert "service account, answered for by mara" in page
    assert "Hand over ci" in page


def test_the_api_says_who_answers(team, jonas, mara):
    account(team, mara)
    caller = Caller(jonas)

    assert caller.get("users/ci").json()["answered_by"] == "mara"
    assert caller.get("teams/fraud/members/ci").json()["answered_by"] == "mara"
    assert caller.get("users/mara").json()["answered_by"] is None


# ------------------------------------------------------------------ what it is


def test_nobody_signs_in_by_it(team, mara, client):
    made = account(team, mara)

    answer = client.post("/account/login/", {"login": "ci", "password": made.password})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_database_keeps_it_without_a_password(team, mara):
    made = account(team, mara)

    with pytest.raises(IntegrityError, match="a_service_account_has_a_team_and_no_password"):
        User.objects.filter(pk=made.pk).update(password=factories.hashed())


def test_it_never_becomes_steward(team, jonas, leila):
    made = account(team, leila)

    answer = Caller(jonas).put("teams/fraud/members/ci", {"role": "steward"})

    assert said(answer) == (409, "ci is a service account: only a person can be steward.")
    assert [role for _, role in made.roles_held()] == ["data-engineer"]


def test_it_may_nothing_that_its_owner_may_not_any_more(team, mara):
    made = account(team, mara)
    before = access.can(made, "version.add", team)
    team.memberships.filter(user=mara).delete()
    access.forget(made)

    assert (before, access.can(made, "version.add", team)) == (True, False)


# ------------------------------------------------------------------ its tokens


def test_who_answers_makes_and_revokes_its_tokens_by_the_page(team, mara, client):
    account(team, mara)
    client.force_login(mara)

    sent = {"name": "pipeline", "account": "ci", "team": "fraud", "days": "30"}
    answer = client.post("/account/tokens/", sent)
    token = Token.objects.get(user__username="ci")
    listed = words(client.get("/account/tokens/"))
    client.post(f"/account/tokens/{token.pk}/revoke")

    token.refresh_from_db()
    assert "Acts as ci in fraud" in words(answer)
    assert "acts as ci" in listed
    assert (token.made_by, token.state) == (mara, "revoked")


def test_who_answers_makes_and_revokes_its_tokens_by_the_api(team, mara):
    account(team, mara)
    caller = Caller(mara)

    made = caller.post("tokens/", {"name": "pipeline", "account": "ci"}).json()
    me = Caller(token=made["token"]).get("me/").json()

    assert (made["account"], me["username"]) == ("ci", "ci")
    assert caller.delete(f"tokens/{made['id']}").status_code == 204
    assert Caller(token=made["token"]).get("me/").status_code == 401


def test_others_make_none(team, mara, jonas, client):
    account(team, mara)
    client.force_login(jonas)

    page = client.post("/account/tokens/", {"name": "x", "account": "ci", "team": "fraud", "days": "30"})
    answer = Caller(jonas).post("tokens/", {"name": "x", "account": "ci"})

    assert said(answer) == (404, "You answer for no service account called ci.")
    assert Token.objects.filter(user__username="ci").count() == 0
    assert page.status_code == 200  # a field that this person's form does not have: the token is their own


def test_tokens_stop_while_nobody_active_answers(team, mara, leila):
    made = account(team, mara)
    text = token_of(made, mara)
    User.objects.filter(pk=mara.pk).update(is_active=False)

    stopped = Caller(token=text).get("me/").status_code
    actions.hand_over_service(made, to=leila, by=leila)

    assert (stopped, Caller(token=text).get("me/").status_code) == (401, 200)


def test_tokens_that_a_former_owner_knows_stop_while_that_one_is_there(team, mara, leila):
    made = account(team, mara)
    text = token_of(made, mara)

    actions.hand_over_service(made, to=leila, by=leila)

    made.refresh_from_db()
    assert tokens.recognise(text) is None
    assert Token.objects.get(user=made).state == "stopped"
    assert tokens.recognise(token_of(made, leila)) is not None


# ------------------------------------------------------------------ handed over


def give(door: str, person: User, to: str) -> tuple[int, str]:
    if door == "page":
        return by_page(person, "/teams/fraud/services/ci/hand-over", {"to": to})
    return by_program(person, "teams/fraud/services/ci/hand-over", {"to": to})


@pytest.mark.parametrize("door", ["page", "program"])
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("steward", 2, ""),
        ("administrator", 2, ""),
        ("scientist", 403, NOT_STEWARD),
        ("stranger", 404, ""),
    ],
)
def test_stewards_and_the_administrator_hand_over(people, team, mara, leila, door, who, status, sentence):
    made = account(team, mara)

    code, answer = give(door, people[who], "leila")

    made.refresh_from_db()
    assert code == status if status > 99 else code in {200, 302}
    assert sentence in answer
    assert made.answered_by == (leila if status == 2 else mara)


def test_handing_over_is_an_event_with_both_names(people, team, mara, leila):
    account(team, mara)
    give("program", people["steward"], "leila")

    event = Event.objects.get(action="service.hand_over")
    assert (event.before, event.after, event.team) == ({"answers": "mara"}, {"answers": "leila"}, "fraud")
    assert Notification.objects.filter(user=leila, kind="handed-over").count() == 1


def test_only_a_member_with_an_active_account_answers(people, team, mara, leila):
    made = account(team, mara)
    factories.person("nora")
    steward = people["steward"]

    assert give("program", steward, "nora") == (400, "nora is not in fraud.")
    assert give("program", steward, "ci") == (400, "ci is a service account: a person has to answer.")
    assert give("program", steward, "mara") == (409, "mara answers for ci already.")
    User.objects.filter(pk=leila.pk).update(is_active=False)
    assert give("program", steward, "leila") == (400, "The account of leila is not active.")
    made.refresh_from_db()
    assert made.answered_by == mara


def test_what_an_account_is_told_reaches_who_answers(team, mara, leila):
    made = account(team, mara)
    version = factories.submitted(factories.artifact(team, made), made)
    approval = actions.request_approval(version.label, alias="production", by=made)

    actions.reject(approval, by=leila)

    assert Notification.objects.filter(kind="approval-decided").values_list("user", flat=True)[0] == mara.pk


# ------------------------------------------------------------------ four eyes


def test_who_answers_does_not_approve_what_the_account_pushed(team, leila, jonas):
    made = account(team, leila)
    version = passed(factories.submitted(factories.artifact(team, made), made))
    approval = actions.request_approval(version.label, alias="production", by=jonas)

    with pytest.raises(Denied) as denied:
        actions.approve(approval, by=leila)

    assert denied.value.sentence == "Someone other than the author must do this."


def test_who_answers_does_not_approve_what_the_account_asked_for(team, leila, mara):
    made = account(team, leila)
    version = passed(factories.submitted(factories.artifact(team, mara), mara))
    approval = actions.request_approval(version.label, alias="production", by=made)

    with pytest.raises(Denied) as denied:
        actions.approve(approval, by=leila)

    assert denied.value.sentence == "Someone other than the person who asked must do this."


def test_handing_over_afterwards_changes_no_author(team, leila, jonas, mara):
    made = account(team, leila)
    version = passed(factories.submitted(factories.artifact(team, made), made))
    approval = actions.request_approval(version.label, alias="production", by=made)

    actions.hand_over_service(made, to=mara, by=jonas)

    with pytest.raises(Denied) as denied:
        actions.approve(approval, by=leila)
    assert denied.value.sentence == (
        "Someone other than the person who asked must do this. Someone other than the author must do this."
    )
    assert version.authors == {made.pk, leila.pk}


def test_people_are_named_and_told_and_no_account(team, jonas):
    owner = factories.member(team, "devops-engineer", username="priya")
    made = account(team, owner, "devops-engineer", username="deploy")

    assert access.able(team, "version.promote") == "priya"
    assert made.pk not in access.holders(team, "approval.approve")


def test_another_steward_approves_what_an_account_pushed(team, mara, jonas):
    made = account(team, mara)
    version = passed(factories.submitted(factories.artifact(team, made), made))
    approval = actions.request_approval(version.label, alias="production", by=made)

    assert actions.approve(approval, by=jonas).state == "approved"
