"""People are invited into a team, by a link that works once."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client

from governance import actions, inviting, mailing
from governance.errors import Conflict
from governance.models import Event, Invitation, Mail, Membership, User
from governance.policies.other_person import kept_out
from tests import factories
from tests.governance.api.caller import Caller
from tests.governance.told import letters, text
from tests.pages import queries, said, told

DOORS = pytest.mark.parametrize("door", ["page", "program"])
pytestmark = pytest.mark.django_db

PASSWORD = "another horse battery 8"
TYPED = {"username": "noor", "password": PASSWORD, "again": PASSWORD}


def page(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def invite(door: str, by: User, **given: object) -> int:
    sent = {"email": "noor@example.org", "roles": ["reader", "auditor"], **given}
    if door == "page":
        return page(by).post("/teams/fraud/invitations/new", sent).status_code
    return Caller(by).post("teams/fraud/invitations/", sent).status_code


def path(invitation: Invitation) -> str:
    return inviting.link(invitation).removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def invitation(team, jonas) -> Invitation:
    return actions.add_invitation(team, "noor@example.org", roles=["reader", "auditor"], by=jonas)


# ------------------------------------------------------------------ inviting


@DOORS
@pytest.mark.parametrize(("who", "done"), [("steward", True), ("admin", True), ("mara", False)])
def test_stewards_and_the_administrator_invite_on_the_record(team, jonas, mara, door, who, done):
    by = {"steward": jonas, "admin": factories.admin(), "mara": mara}[who]

    status = invite(door, by)

    events = Event.objects.filter(action="invitation.add", team="fraud")
    assert status == (403 if not done else 302 if door == "page" else 201)
    assert [event.outcome for event in events] == ["done" if done else "refused"]
    assert Invitation.objects.count() == done
    assert "noor@" not in str(list(Event.objects.values("before", "after", "subject", "reason")))


@DOORS
@pytest.mark.parametrize(
    ("given", "status"),
    [({"email": "nowhere"}, 400), ({"roles": []}, 400), ({"roles": ["king"]}, 400), ({"email": ""}, 400)],
)
def test_a_bad_invitation_says_so(team, jonas, door, given, status):
    assert (invite(door, jonas, **given), Invitation.objects.count()) == (status, 0)


@DOORS
def test_nobody_is_invited_twice_at_a_time(invitation, jonas, door):
    assert (invite(door, jonas, email="NOOR@example.org"), Invitation.objects.count()) == (409, 1)


def test_the_link_is_mailed_and_lies_in_no_row(server, invitation):
    mailing.send_due()

    (letter,) = letters(server)
    assert letter["To"] == "noor@example.org"
    (key,) = re.findall(r"https://steward\.example/account/join/(\S+)/", text(letter))
    assert inviting.find(key) == invitation  # a link made now has another second in it
    assert key not in str([*Mail.objects.values(), *Invitation.objects.values()])


def test_what_was_taken_back_is_not_mailed(server, invitation, jonas):
    actions.revoke_invitation(invitation, by=jonas)

    mailing.send_due()

    assert (letters(server), Mail.objects.get().state) == ([], "needless")


def test_the_list_has_its_link_while_it_works(invitation, jonas):
    client = page(jonas)
    first = client.get("/teams/fraud/invitations/").content.decode()
    actions.revoke_invitation(invitation, by=jonas)

    second = client.get("/teams/fraud/invitations/").content.decode()

    assert ("data-copy" in first, "data-copy" in second, "Taken back" in second) == (True, False, True)


def test_three_invitations_cost_as_much_as_one(team, invitation, jonas):
    client = page(jonas)
    with_one = queries(client, "/teams/fraud/invitations/")
    for name in ("x", "y"):
        actions.add_invitation(team, f"{name}@example.org", roles=["reader"], by=jonas)

    assert queries(client, "/teams/fraud/invitations/") == with_one


# ------------------------------------------------------------------ coming in


def test_a_stranger_gets_an_account_with_its_roles(client, team, invitation, jonas):
    answer = client.post(path(invitation), TYPED)

    noor = User.objects.get(username="noor")
    event = Event.objects.get(action="invitation.accept")
    assert (answer.status_code, noor.check_password(PASSWORD), noor.email) == (200, True, "noor@example.org")
    assert sorted(noor.memberships.values_list("role", flat=True)) == ["auditor", "reader"]
    assert (noor.created_by, event.actor, event.team) == (jonas, "noor", "fraud")
    assert event.after == {"username": "noor", "roles": "auditor, reader"}


def test_in_four_eyes_who_was_invited_counts_as_made_by_the_inviter(client, team, invitation, jonas):
    client.post(path(invitation), TYPED)

    class Asked:
        askers, team_id, by_roles = {jonas.pk}, team.pk, ["steward"]

    assert User.objects.get(username="noor").pk in kept_out(Asked())


def test_who_has_an_account_joins_with_it(invitation, mara):
    client = page(mara)
    shown = client.get(path(invitation)).content.decode()

    answer = client.post(path(invitation))

    assert "The invitation was sent to noor@example.org." in shown
    assert answer["Location"] == "/teams/fraud/"
    held = mara.memberships.order_by("role").values_list("role", flat=True)
    assert list(held) == ["auditor", "data-scientist", "reader"]


@pytest.mark.parametrize(
    ("how", "status", "sentence"),
    [
        ("used", 409, "This invitation was used already: it works once."),
        ("revoked", 409, "This invitation was taken back."),
        ("expired", 409, "This invitation has expired: it works for 7 days. jonas can send another one."),
        ("left", 409, "This invitation has expired: it works for 7 days."),
        ("forged", 404, "There is no such invitation. Copy the whole link from the mail."),
        ("former", 409, "Who sent this invitation may not invite any more."),
        ("closed", 409, "Who sent this invitation may not invite any more."),
        ("archived", 409, "Who sent this invitation may not invite any more."),
    ],
)
def test_a_link_that_does_not_work_says_why(client, team, invitation, jonas, how, status, sentence):
    address = path(invitation)
    if how == "used":
        client.post(address, {**TYPED, "username": "first"})
    if how == "revoked":
        actions.revoke_invitation(invitation, by=jonas)
    if how in ("expired", "left"):
        Invitation.objects.update(expires_at=F("expires_at") - timedelta(days=8))
    if how in ("former", "left"):
        Membership.objects.filter(user=jonas).delete()
    if how == "closed":
        User.objects.filter(pk=jonas.pk).update(is_active=False)
    if how == "archived":
        actions.archive_team(team, by=factories.admin())
    address = address.replace("/join/", "/join/x") if how == "forged" else address

    answer = client.post(address, TYPED)

    assert (answer.status_code, sentence in said(answer)) == (status, True)
    assert ("another one" in said(answer)) == (how in ("used", "revoked", "expired"))
    assert User.objects.filter(username="noor").count() == 0


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"username": "MARA"}, 409, "There is already somebody called MARA."),
        ({"username": "a/b"}, 400, "Use letters A to Z"),
        ({"password": "short", "again": "short"}, 400, "Use at least 12 characters: these are 5."),
        ({"again": "different one 12"}, 400, "These are two different passwords."),
    ],
)
def test_a_bad_account_says_so_and_the_link_still_works(client, invitation, mara, typed, status, sentence):
    answer = client.post(path(invitation), {**TYPED, **typed})

    assert (answer.status_code, sentence in said(answer)) == (status, True)
    assert client.post(path(invitation), TYPED).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_who_follow_it_at_once_one_comes_in(invitation, jonas):
    made = []

    def run(name: str) -> None:
        try:
            actions.accept_invitation(invitation, username=name, password=PASSWORD, by=jonas)
            made.append(name)
        except Conflict:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("noor", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(User.objects.filter(username__in=["noor", "eve"]).values_list("username", flat=True)) == made
    assert len(made) == 1


# ------------------------------------------------------------------ taken back


@DOORS
def test_it_is_taken_back_on_the_record(invitation, jonas, door):
    if door == "page":
        answer = page(jonas).post(f"/teams/fraud/invitations/{invitation.pk}/revoke")
        assert told(answer) == ["The invitation of noor@example.org is taken back: its link opens nothing."]
    else:
        assert Caller(jonas).delete(f"teams/fraud/invitations/{invitation.pk}").status_code == 204

    invitation.refresh_from_db()
    assert (invitation.state, Event.objects.get(action="invitation.revoke").actor) == ("revoked", "jonas")


@DOORS
def test_a_stranger_takes_nothing_back(invitation, door):
    stranger = factories.member(factories.team("pricing"), "steward")
    if door == "page":
        status = page(stranger).post(f"/teams/fraud/invitations/{invitation.pk}/revoke").status_code
    else:
        status = Caller(stranger).delete(f"teams/fraud/invitations/{invitation.pk}").status_code

    invitation.refresh_from_db()
    assert (status, invitation.state) == (404, "open")
