"""The inbox by page and by API: what is there, what is read, and how one likes to be told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from governance import actions
from governance.kinds import KINDS
from governance.models import Event, Mail, Membership, Notification, Preference
from governance.telling import tell
from tests import factories
from tests.governance.api.caller import Caller, rows
from tests.governance.api.caller import said as answered
from tests.pages import queries, said, told

pytestmark = pytest.mark.django_db
ADDRESS = "/inbox/"
NOWHERE = (404, "There is no such message for you.")


def say(about, *people, sentence="Something is blocked.", kind="finding-blocking"):
    tell(kind, people, about, sentence)
    return Notification.objects.latest("pk")


def unread(person):
    return [found.sentence for found in Notification.objects.unread().filter(user=person).order_by("pk")]


# ------------------------------------------------------------------ looking


def test_what_one_was_told_leads_to_its_page(steward, approval, signed_in):
    page = signed_in(steward).get(ADDRESS)

    assert "priya asks you to approve scorer 1 for production." in said(page)
    assert f'href="/approvals/{approval.pk}/"' in page.content.decode()


def test_it_hangs_under_its_day(team, steward, signed_in):
    say(team, steward, sentence="Of today.")
    say(team, steward, sentence="Of yesterday.")
    Notification.objects.filter(sentence="Of yesterday.").update(at=timezone.now() - timedelta(days=1))

    words = said(signed_in(steward).get(ADDRESS))

    assert re.search(r"Yesterday .* Of yesterday\. .* Today .* Of today\.", words)


def test_what_is_read_is_under_all(team, steward, signed_in):
    say(team, steward, sentence="Read.")
    Notification.objects.update(read_at=timezone.now())
    say(team, steward, sentence="New.")
    client = signed_in(steward)

    assert ("Read." in said(client.get(ADDRESS)), "Read." in said(client.get(f"{ADDRESS}?show=all"))) == (
        False,
        True,
    )


def test_what_was_told_of_a_kind_that_is_gone_still_stands_there(team, steward, signed_in):
    say(team, steward)
    Notification.objects.update(kind="gossip")

    assert "Something is blocked." in said(signed_in(steward).get(ADDRESS))


def test_an_empty_inbox_says_so(steward, signed_in):
    client = signed_in(steward)

    assert "You have read everything" in said(client.get(ADDRESS))
    assert "Nobody has told you anything yet" in said(client.get(f"{ADDRESS}?show=all"))


def test_a_list_that_does_not_exist_is_refused(steward, signed_in):
    assert signed_in(steward).get(f"{ADDRESS}?show=archived").status_code == 400


def test_a_sentence_is_no_markup(team, steward, signed_in):
    say(team, steward, sentence="<script>alert(1)</script>")

    assert b"<script>alert" not in signed_in(steward).get(ADDRESS).content


def test_every_page_says_how_many_wait(team, steward, signed_in):
    client = signed_in(steward)
    assert b'aria-label="Inbox"' in client.get("/teams/").content
    say(team, steward)
    say(team, steward)

    assert b'aria-label="Inbox, 2 to read"' in client.get("/teams/").content


def test_three_cost_as_much_as_one(team, steward, signed_in):
    client = signed_in(steward)
    say(team, steward)
    with_one = queries(client, ADDRESS), queries(client, "/teams/")
    for _ in range(2):
        say(team, steward)

    assert (queries(client, ADDRESS), queries(client, "/teams/")) == with_one


def test_the_api_lists_it_with_its_page(team, steward):
    say(team, steward)

    (row,) = Caller(steward).get("notifications/").json()["results"]

    assert (row["kind"], row["subject"], row["link"], row["read_at"]) == (
        "finding-blocking",
        "teams/fraud",
        "/teams/fraud/",
        None,
    )


def test_the_api_lists_what_is_unread(team, steward):
    say(team, steward, sentence="Read.")
    Notification.objects.update(read_at=timezone.now())
    say(team, steward, sentence="New.")
    caller = Caller(steward)

    assert rows(caller.get("notifications/?unread=true"), "sentence") == ["New."]
    assert rows(caller.get("notifications/?unread=false"), "sentence") == ["New.", "Read."]


def test_the_api_goes_from_page_to_page(team, steward):
    for number in range(3):
        say(team, steward, sentence=f"Number {number}.")
    caller = Caller(steward)

    first = caller.get("notifications/?size=2").json()
    second = caller.get(first["next"].removeprefix("http://testserver")).json()

    assert [row["sentence"] for row in [*first["results"], *second["results"]]] == [
        "Number 2.",
        "Number 1.",
        "Number 0.",
    ]


def test_by_the_api_three_cost_as_much_as_one(team, steward):
    caller = Caller(steward)
    say(team, steward)
    with_one = caller.queries("notifications/")
    for _ in range(2):
        say(team, steward)

    assert caller.queries("notifications/") == with_one


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}settings/"])
def test_nobody_is_sent_to_sign_in(client, address):
    assert client.get(address)["Location"] == f"/account/login/?next={address}"


def test_nobody_has_no_messages():
    assert Caller().get("notifications/").status_code == 401


# ------------------------------------------------------------------ one at a time


def test_one_is_marked_as_read_and_back(team, steward, signed_in):
    notification = say(team, steward)
    client = signed_in(steward)

    answer = client.post(f"{ADDRESS}{notification.pk}/read?show=all")
    after = unread(steward)
    page = client.get(answer["Location"])
    undo = re.search(r'name="at" value="([^"]+)"', page.content.decode())
    client.post(f"{ADDRESS}undo?show=all", {"at": undo[1]})

    assert answer["Location"].startswith("/inbox/?show=all&undo=")
    assert "1 message is read. Undo" in said(page)
    assert (after, unread(steward)) == ([], ["Something is blocked."])


def test_one_is_marked_as_unread(team, steward, signed_in):
    notification = say(team, steward)
    Notification.objects.update(read_at=timezone.now())

    answer = signed_in(steward).post(f"{ADDRESS}{notification.pk}/unread?show=all")

    assert (answer["Location"], unread(steward)) == ("/inbox/?show=all", ["Something is blocked."])


def test_with_scripts_only_the_list_and_the_counts_come_back(team, steward, signed_in):
    notification = say(team, steward)
    say(team, steward)

    answer = signed_in(steward).post(f"{ADDRESS}{notification.pk}/read", headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert 'id="bell"' in page
    assert "Inbox, 1 to read" in page


def test_the_api_marks_and_unmarks(team, steward):
    notification = say(team, steward)
    caller = Caller(steward)

    read = caller.post(f"notifications/{notification.pk}/read").json()["read_at"]
    again = caller.post(f"notifications/{notification.pk}/unread").json()["read_at"]

    assert (read is None, again, unread(steward)) == (False, None, ["Something is blocked."])


@pytest.mark.parametrize("word", ["read", "unread"])
def test_messages_of_others_are_not_there(team, steward, author, signed_in, word):
    notification = say(team, steward)

    assert signed_in(author).post(f"{ADDRESS}{notification.pk}/{word}").status_code == 404
    assert answered(Caller(author).post(f"notifications/{notification.pk}/{word}")) == NOWHERE
    assert answered(Caller(author).get(f"notifications/{notification.pk}")) == NOWHERE


def test_what_is_about_a_team_that_one_has_left_is_not_there(team, steward, signed_in):
    notification = say(team, steward, sentence="Secret of fraud.")
    Membership.objects.filter(user=steward).delete()
    client, caller = signed_in(steward), Caller(steward)

    assert "Secret of fraud." not in said(client.get(f"{ADDRESS}?show=all"))
    assert rows(caller.get("notifications/"), "sentence") == []
    assert client.post(f"{ADDRESS}{notification.pk}/read").status_code == 404
    assert answered(caller.post(f"notifications/{notification.pk}/read")) == NOWHERE


def test_looking_marks_nothing(team, steward, signed_in):
    notification = say(team, steward)
    client = signed_in(steward)

    statuses = [
        client.get(f"{ADDRESS}{path}").status_code
        for path in (f"{notification.pk}/read", f"{notification.pk}/unread", "read", "undo")
    ]

    assert (statuses, unread(steward)) == ([405] * 4, ["Something is blocked."])


# ------------------------------------------------------------------ all


def test_all_are_marked_that_were_on_the_page(team, steward, signed_in):
    say(team, steward, sentence="Old.")
    client = signed_in(steward)
    until = re.search(r'name="until" value="(\d+)"', client.get(ADDRESS).content.decode())
    say(team, steward, sentence="Came meanwhile.")

    client.post(f"{ADDRESS}read", {"until": until[1]})

    assert unread(steward) == ["Came meanwhile."]


def test_the_api_marks_all(team, steward, author):
    say(team, steward, author)
    say(team, steward)

    answer = Caller(steward).post("notifications/read")

    assert (answer.json(), unread(steward), unread(author)) == ({"read": 2}, [], ["Something is blocked."])


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 30])
def test_a_page_that_nobody_has_seen_is_refused(steward, signed_in, until):
    assert signed_in(steward).post(f"{ADDRESS}read", {"until": until}).status_code == 400


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-40T99:00:00+00:00", "2026-11-27T09:00:00"])
def test_what_is_no_moment_takes_nothing_back(steward, signed_in, at):
    assert signed_in(steward).post(f"{ADDRESS}undo", {"at": at}).status_code == 400


# ------------------------------------------------------------------ how one is told


@pytest.fixture
def ways():
    return {name: kind.usual for name, kind in KINDS.items() if not kind.site}


def test_the_usual_way_is_ticked(steward, signed_in):
    page = signed_in(steward).get(f"{ADDRESS}settings/").content.decode()

    ticked = re.findall(r'name="([\w-]+)" value="(\w+)"[^>]* checked', page)
    assert dict(ticked)["approval-asked"] == "once"
    assert dict(ticked)["approval-decided"] == "daily"


def test_a_way_is_chosen_by_page(steward, signed_in, ways):
    answer = signed_in(steward).post(f"{ADDRESS}settings/", {**ways, "review": "inbox"})

    assert told(answer) == ["From now on you are told like this."]
    assert list(Preference.objects.values_list("user__username", "kind", "way")) == [
        ("jonas", "review", "inbox")
    ]
    assert Event.objects.get(action="notification.set").after == {"review": "inbox"}


def test_a_way_is_chosen_by_api(steward):
    caller = Caller(steward)

    answer = caller.put("notifications/settings", {"review": "inbox"})

    assert answer.json()["review"] == "inbox"
    assert caller.get("notifications/settings").json()["review"] == "inbox"


def test_a_way_that_does_not_exist_is_refused_at_both_doors(steward, signed_in, ways):
    assert signed_in(steward).post(f"{ADDRESS}settings/", {**ways, "review": "pigeon"}).status_code == 400
    assert Caller(steward).put("notifications/settings", {"review": "pigeon"}).status_code == 400
    assert Caller(steward).put("notifications/settings", {"gossip": "once"}).status_code == 400
    assert Preference.objects.count() == 0


def test_only_administrators_choose_how_to_hear_of_jobs(steward, admin, signed_in):
    assert "Jobs that failed" not in said(signed_in(steward).get(f"{ADDRESS}settings/"))
    assert "Jobs that failed" in said(signed_in(admin).get(f"{ADDRESS}settings/"))


def test_who_has_no_address_is_told_so(steward, signed_in):
    words = said(signed_in(steward).get(f"{ADDRESS}settings/"))

    assert "your account has none, so nothing is mailed to you." in words


def test_what_is_wrong_with_the_last_mail_is_said(steward, signed_in):
    Mail.objects.create(user=steward, tries=1, last_error="The mail server refused the recipient: 550.")

    words = said(signed_in(steward).get(f"{ADDRESS}settings/"))

    assert "The last mail to you: The mail server refused the recipient: 550." in words


def test_the_link_of_a_mail_leads_to_sign_in_and_then_to_the_decision(client, approval, steward):
    """Nothing is decided by following a link."""
    address = f"/approvals/{approval.pk}/"
    sent = client.get(address)["Location"]

    client.post(sent, {"login": "jonas", "password": factories.PASSWORD})
    page = client.get(address)

    assert sent == f"/account/login/?next={address}"
    assert "Your decision" in said(page)
    assert not approval.votes.exists()
    actions.approve(approval, by=steward)
