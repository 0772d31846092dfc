"""Who leaves a team hands over what is theirs there; what they asked for is withdrawn."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from governance import actions
from governance.models import Approval, Event, Team, User
from registry import actions as registry
from registry import gate
from registry.models import Artifact, Gate, Version
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said
from tests.registry.actions.meeting import beside, until_somebody_waits
from tests.registry.api.conftest import passed

DOORS = pytest.mark.parametrize("door", ["page", "program"])
OWNS = "mara owns models/fraud/scorer: say who of fraud takes it over."
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
def tomas(team: Team) -> User:
    return factories.member(team, "data-engineer", username="tomas")


@pytest.fixture
def rita(team: Team) -> User:
    return factories.member(team, "reader", username="rita")


@pytest.fixture
def scorer(team: Team, mara: User) -> Artifact:
    return factories.artifact(team, mara, name="scorer")


@pytest.fixture
def version(scorer: Artifact, mara: User) -> Version:
    return passed(factories.submitted(scorer, mara))


def remove(door: str, by: User, username: str, to: str = "") -> tuple[int, str]:
    """The status, and what is said against it."""
    if door == "page":
        client = Client()
        client.force_login(by)
        answer = client.post(f"/teams/fraud/members/{username}/remove", {"hand_over_to": to})
        return answer.status_code, said(answer) if answer.status_code >= 400 else ""
    answer = Caller(by).delete(f"teams/fraud/members/{username}{f'?hand_over_to={to}' if to else ''}")
    return answer.status_code, answer.json()["detail"] if answer.status_code >= 400 else ""


def members(team: Team) -> set[str]:
    return set(team.memberships.values_list("user__username", flat=True))


# ------------------------------------------------------------------ what is theirs


@pytest.mark.django_db
@DOORS
def test_what_is_theirs_is_handed_over_first(team, jonas, tomas, scorer, door):
    refused = remove(door, jonas, "mara")

    done = remove(door, jonas, "mara", "tomas")

    scorer.refresh_from_db()
    missing = {"page": (400, "Say who takes over what is theirs."), "program": (409, OWNS)}[door]
    assert (refused[0], missing[1] in refused[1]) == (missing[0], True)
    assert done[0] in {204, 302}
    assert (scorer.owner, members(team)) == (tomas, {"jonas", "tomas"})


@pytest.mark.django_db
def test_handing_over_is_an_event_for_each_thing(jonas, tomas, scorer):
    remove("program", jonas, "mara", "tomas")

    event = Event.objects.get(action="artifact.edit")
    assert (event.subject, event.before["owner"], event.after["owner"]) == (scorer.label, "mara", "tomas")


@pytest.mark.django_db
@DOORS
@pytest.mark.parametrize(
    ("who", "status", "sentence"), [("rita", 403, NOT_STEWARD), ("zoe", 404, ""), ("jonas", 2, "")]
)
def test_stewards_remove_others_do_not(team, jonas, rita, tomas, scorer, door, who, status, sentence):
    people = {"rita": rita, "jonas": jonas, "zoe": factories.member(factories.team("pricing"), "steward")}

    code, answer = remove(door, people[who], "mara", "tomas")

    assert code in {204, 302} if status == 2 else code == status
    assert sentence in answer
    assert ("mara" in members(team)) == (status != 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("to", "status", "sentence"),
    [
        ("rita", 400, "rita may not push in fraud, so cannot own this."),
        ("mara", 400, "mara is nobody of fraud who could take it over."),
        ("zoe", 400, "zoe is nobody of fraud who could take it over."),
        ("nobody", 404, "There is nobody called nobody."),
    ],
)
def test_who_cannot_own_it_gets_nothing(team, jonas, rita, scorer, mara, to, status, sentence):
    factories.person("zoe")

    assert remove("program", jonas, "mara", to) == (status, sentence)

    scorer.refresh_from_db()
    assert (scorer.owner, "mara" in members(team)) == (mara, True)


@pytest.mark.django_db
def test_the_page_says_what_is_handed_over_and_to_whom_it_can_be(jonas, rita, tomas, scorer, client):
    client.force_login(jonas)

    words = said(client.get("/teams/fraud/members/mara/remove"))

    assert "They own models/fraud/scorer: somebody else has to take that over." in words
    assert "Choose somebody jonas tomas" in words
    assert "rita" not in words


@pytest.mark.django_db
def test_the_administrator_reads_how_much_it_is_and_no_name(jonas, tomas, scorer, client):
    admin = factories.admin()
    client.force_login(admin)

    words = said(client.get("/teams/fraud/members/mara/remove"))

    assert "They own 1 thing: somebody else" in words
    assert "scorer" not in words + remove("program", admin, "mara")[1]
    assert remove("program", admin, "mara", "tomas")[0] == 204


@pytest.mark.django_db
def test_service_accounts_are_handed_over_too(team, jonas, mara, tomas):
    account = actions.add_service(team, "ci", roles=["data-engineer"], answered_by=mara, by=jonas)

    refused = remove("program", jonas, "mara")
    remove("program", jonas, "mara", "tomas")

    account.refresh_from_db()
    assert refused == (409, "mara owns users/ci: say who of fraud takes it over.")
    assert account.answered_by == tomas


@pytest.mark.django_db
def test_whoever_owns_nothing_just_leaves(team, jonas, tomas):
    assert remove("program", jonas, "tomas")[0] == 204


@pytest.mark.django_db
def test_other_roles_need_nobody_to_take_over(team, jonas, mara, scorer):
    answer = Caller(jonas).put("teams/fraud/members/mara", {"roles": ["data-engineer", "auditor"]})

    assert answer.status_code == 200


# ------------------------------------------------------------------ what they asked for, and said


@pytest.mark.django_db
def test_what_they_asked_for_is_withdrawn(team, jonas, mara, tomas, version):
    approval = actions.request_approval(version.label, alias="production", by=mara)

    remove("program", jonas, "mara", "tomas")

    approval = Approval.objects.get(pk=approval.pk)
    event = Event.objects.get(action="approval.withdraw")
    assert (approval.state, event.subject, event.after["asked"]) == ("withdrawn", version.label, "mara")
    answer = Caller(jonas).post(f"approvals/{approval.pk}/approve")
    assert answer.json()["detail"] == "This request is closed already: withdrawn."


@pytest.mark.django_db
def test_a_withdrawn_request_says_so_on_every_page(jonas, mara, tomas, version, client):
    approval = actions.request_approval(version.label, alias="production", by=mara)
    remove("program", jonas, "mara", "tomas")
    client.force_login(jonas)

    pages = [said(client.get(f"/approvals/{approval.pk}/")), said(client.get("/approvals/?show=decided"))]
    of_version = said(client.get(f"/{version.label}/"))

    assert "mara left before this was decided" in pages[0]
    assert "Withdrawn" in pages[1]
    assert "Withdrawn" in of_version


@pytest.mark.django_db
def test_a_change_of_gates_that_they_asked_for_is_withdrawn(team, jonas):
    leila = factories.member(team, "steward", username="leila")
    gates = {"staging": Gate(approvals=1), "production": Gate(approvals=2)}
    asked = registry.request_gates(team, gates, by=leila)

    remove("program", jonas, "leila")

    asked.refresh_from_db()
    assert (asked.state, asked.closed_by) == ("void", jonas)
    assert Event.objects.filter(action="gate.withdraw", after__asked="leila").count() == 1


@pytest.mark.django_db
def test_a_yes_of_who_left_does_not_count(team, jonas, mara, version):
    leila = factories.member(team, "steward", username="leila")
    approval = actions.request_approval(version.label, alias="production", by=mara)
    actions.approve(approval, by=leila)
    before = len(gate.counting(approval, version))

    remove("program", jonas, "leila")

    assert (before, gate.counting(approval, version)) == (1, [])


# ------------------------------------------------------------------ the last steward


@pytest.mark.django_db
@DOORS
def test_the_last_steward_cannot_leave(team, jonas, door):
    code, answer = remove(door, jonas, "jonas")

    assert code == 409
    assert "jonas is the last steward of fraud: name another one first." in answer


@pytest.mark.django_db
def test_a_steward_with_a_closed_account_is_no_other_one(team, jonas):
    gone = factories.member(team, "steward")
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert remove("program", jonas, "jonas")[0] == 409


@pytest.mark.django_db
def test_who_has_a_closed_account_can_be_removed(team, jonas, tomas):
    User.objects.filter(pk=tomas.pk).update(is_active=False)

    assert remove("program", jonas, "tomas")[0] == 204


@pytest.mark.django_db(transaction=True)
def test_two_last_stewards_do_not_remove_each_other(team, jonas):
    leila = factories.member(team, "steward", username="leila")

    with transaction.atomic():
        actions.set_roles(team, leila, [], by=jonas)
        thread, came = beside(lambda: actions.set_roles(team, jonas, [], by=leila))
        until_somebody_waits()
    thread.join()

    assert [str(outcome) for outcome in came] == [NOT_STEWARD]
    assert list(team.memberships.values_list("user__username", "role")) == [("jonas", "steward")]
