"""Datasets are restricted and opened; people ask to read them, and others decide: at both doors."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from governance import actions as governing
from governance.errors import Conflict, Denied, Invalid
from governance.models import Event, Notification
from governance.models.people import Membership
from registry import actions, reading, waiting
from registry.models import Grant, Restriction
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.pages import queries
from tests.pages import said as words
from tests.registry.granting import PURPOSE, WHY, asked, dataset, days, filled, granted, left, restricted

pytestmark = pytest.mark.django_db

PAGE, API = "/datasets/fraud/wine/", "datasets/fraud/wine/"
OWNER = "Only mara, who owns wine, or a steward may do this."
ASKED = "Someone other than the person who asked must do this."


@pytest.fixture
def nora(team):
    return factories.member(team, "data-scientist", username="nora")


@pytest.fixture
def leila(team):
    return factories.member(team, "steward", username="leila")


@pytest.fixture
def wine(team, author):
    return restricted(team, author)


class Page:
    """What a person does and is told at pages."""

    def __init__(self, person, sign_in) -> None:
        self.client = sign_in(person)

    def restrict(self, reason):
        return self.sent("restrict/", reason=reason)

    def open(self, reason):
        return self.sent("open/", reason=reason)

    def ask(self, purpose, until):
        return self.sent("grants/", purpose=purpose, until=until)

    def approve(self, grant):
        return self.sent(f"grants/{grant.pk}/", decision="approve", note="Go on.")

    def reject(self, grant):
        return self.sent(f"grants/{grant.pk}/", decision="reject", note="Not for that.")

    def end(self, grant, reason):
        return self.sent(f"grants/{grant.pk}/end/", reason=reason)

    def sent(self, below, **fields):
        answer = self.client.post(f"{PAGE}{below}", fields)
        return (200, "") if answer.status_code == 302 else (answer.status_code, words(answer))


class Program:
    """The same for a program."""

    def __init__(self, person, sign_in) -> None:
        self.caller = Caller(person)

    def restrict(self, reason):
        return self.sent("restrict", reason=reason)

    def open(self, reason):
        return self.sent("open", reason=reason)

    def ask(self, purpose, until):
        return self.sent("grants/", purpose=purpose, until=until)

    def approve(self, grant):
        return self.sent(f"grants/{grant.pk}/approve", note="Go on.")

    def reject(self, grant):
        return self.sent(f"grants/{grant.pk}/reject", note="Not for that.")

    def end(self, grant, reason):
        return self.sent(f"grants/{grant.pk}/end", reason=reason)

    def sent(self, below, **fields):
        answer = self.caller.post(f"{API}{below}", fields)
        return (200, "") if answer.status_code < 300 else said(answer)


DOORS = pytest.mark.parametrize("door", [Page, Program])


def day(number: int) -> str:
    return (datetime.now(UTC) + timedelta(days=number)).date().isoformat()


def events(action: str) -> list[tuple[str, str, str]]:
    found = Event.objects.filter(action=action).order_by("pk")
    return list(found.values_list("actor", "outcome", "reason"))


def told(kind: str) -> list[tuple[str, str]]:
    found = Notification.objects.filter(kind=kind).order_by("user__username", "pk")
    return list(found.values_list("user__username", "sentence"))


# ------------------------------------------------------------------ restricted and opened


@DOORS
@pytest.mark.parametrize("who", ["author", "steward"])
def test_its_owner_or_a_steward_restricts_and_opens_it(team, author, steward, request, signed_in, door, who):
    artifact, person = dataset(team, author), request.getfixturevalue(who)
    told_other = {"author": "jonas", "steward": "mara"}[who]

    assert door(person, signed_in).restrict(WHY) == (200, "")
    artifact.refresh_from_db()
    assert artifact.restricted
    assert door(person, signed_in).open("It is public.") == (200, "")

    artifact.refresh_from_db()
    period = Restriction.objects.get()
    assert (artifact.restricted, period.reason, period.opened_because) == (False, WHY, "It is public.")
    assert (period.by, period.opened_by) == (person, person)
    assert events("dataset.restrict") == [(person.username, "done", WHY)]
    assert events("dataset.open") == [(person.username, "done", "It is public.")]
    assert told("restriction") == [
        (told_other, f"{person} restricted wine."),
        (told_other, f"{person} opened wine."),
    ]


@DOORS
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("nora", 403, OWNER),
        ("operator", 403, "Your roles in fraud do not allow this"),
        ("reader", 404, "that you may see."),
        ("stranger", 404, "that you may see."),
    ],
)
def test_nobody_else_does(team, author, request, signed_in, door, who, status, sentence):
    artifact = dataset(team, author)

    given, text = door(request.getfixturevalue(who), signed_in).restrict(WHY)
    actions.restrict(artifact, reason=WHY, by=author)
    opened, _ = door(request.getfixturevalue(who), signed_in).open(WHY)

    artifact.refresh_from_db()
    assert (given, sentence in text, opened, artifact.restricted) == (status, True, status, True)


@DOORS
def test_neither_happens_twice_nor_without_a_reason(team, author, signed_in, door):
    dataset(team, author)
    by = door(author, signed_in)

    empty, _, twice = by.restrict(" "), by.restrict(WHY), by.restrict(WHY)
    opened_empty, _, opened_twice = by.open(" "), by.open(WHY), by.open(WHY)

    assert [answer[0] for answer in (empty, twice, opened_empty, opened_twice)] == [400, 409, 400, 409]
    assert "wine is restricted already." in twice[1]
    assert "wine is not restricted." in opened_twice[1]


def test_only_datasets_are_restricted(artifact, author):
    with pytest.raises(Conflict, match="Only datasets can be restricted, and scorer is none"):
        actions.restrict(artifact, reason=WHY, by=author)


def test_the_page_asks_before_it_restricts_or_opens(team, author, signed_in):
    artifact, client = dataset(team, author), signed_in(author)

    restricting = words(client.get(f"{PAGE}restrict/"))
    actions.restrict(artifact, reason=WHY, by=author)
    opening = words(client.get(f"{PAGE}open/"))

    assert "Restrict wine?" in restricting
    assert "Whoever else fetches it today is cut off." in restricting
    assert "Open wine to all who see it?" in opening


def test_opening_voids_what_waits_and_keeps_what_was_granted(wine, author, nora, operator):
    granted(wine, nora)
    waits = asked(wine, operator)

    actions.open_dataset(wine, reason="It is public.", by=author)

    waits.refresh_from_db()
    assert (waits.state, wine.grants.live().count()) == ("void", 1)
    assert ("priya", "wine is open: you read it without a grant.") in told("grant-decided")


# ------------------------------------------------------------------ asked for


@DOORS
def test_a_member_asks_and_those_who_decide_are_told(wine, author, steward, operator, signed_in, door):
    assert door(operator, signed_in).ask(PURPOSE, day(30)) == (200, "")

    grant = Grant.objects.get()
    until = grant.ends_at
    sentence = f"priya asks to read wine until {until:%-d %B %Y}: {PURPOSE}"
    assert (grant.person, grant.purpose, grant.state) == (operator, PURPOSE, "waiting")
    assert until.date().isoformat() == day(30)
    assert told("grant-asked") == [("jonas", sentence), ("mara", sentence)]
    assert events("grant.request") == [("priya", "done", PURPOSE)]
    assert not reading.reads(operator, wine)


@DOORS
@pytest.mark.parametrize(
    ("purpose", "until", "sentence"),
    [
        (PURPOSE, 367, "A grant lasts at most 365 days: up to"),
        (PURPOSE, -1, "Choose a later day."),
        (" ", 30, ""),
        ("a\u202eb", 30, "This text holds a character that cannot be seen"),
        (PURPOSE, "never", ""),
        (PURPOSE, "", ""),
    ],
)
def test_terms_that_are_none_are_refused(wine, operator, signed_in, door, purpose, until, sentence):
    given, text = door(operator, signed_in).ask(purpose, day(until) if isinstance(until, int) else until)

    in_words = sentence in text or (
        sentence == "Choose a later day." and "A grant ends in the future." in text
    )
    assert (given, in_words, Grant.objects.count()) == (400, True, 0)


@DOORS
def test_who_needs_no_grant_or_has_asked_already_is_told_so(wine, author, nora, operator, signed_in, door):
    asked(wine, operator)
    own = door(author, signed_in).ask(PURPOSE, day(30))
    again = door(operator, signed_in).ask(PURPOSE, day(30))
    actions.open_dataset(wine, reason="It is public.", by=author)
    needless = door(nora, signed_in).ask(PURPOSE, day(30))

    assert [answer[0] for answer in (own, again, needless)] == [409, 409, 409]
    assert "You own wine: you read it without a grant." in own[1]
    assert f"You have asked already: request {Grant.objects.get().pk} waits for a decision." in again[1]
    assert "wine is not restricted: you read it without a grant." in needless[1]


@DOORS
@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_who_does_not_see_it_does_not_ask(wine, request, signed_in, door, who):
    assert door(request.getfixturevalue(who), signed_in).ask(PURPOSE, day(30))[0] == 404


def test_the_database_holds_that_a_grant_ends_and_nobody_grants_to_themselves(wine, operator):
    grant = asked(wine, operator)
    rows, now = Grant.objects.filter(pk=grant.pk), timezone.now()
    by_self = {"outcome": "granted", "decided_by": operator, "decided_at": now}

    for change, name in [
        ({"ends_at": days(400)}, "a_grant_ends_within_a_year"),
        (by_self, "nobody_grants_to_themselves"),
        ({"outcome": "granted"}, "a_grant_is_decided_by_somebody"),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(ends_at=None)


# ------------------------------------------------------------------ decided


@DOORS
@pytest.mark.parametrize("who", ["author", "steward"])
def test_its_owner_or_a_steward_grants_it(wine, operator, request, signed_in, door, who):
    grant, person = asked(wine, operator), request.getfixturevalue(who)

    assert door(person, signed_in).approve(grant) == (200, "")

    grant.refresh_from_db()
    assert (grant.state, grant.decided_by, grant.note) == ("live", person, "Go on.")
    assert reading.reads(operator, wine)
    assert not reading.reads(factories.member(wine.team, "steward"), wine)
    assert events("grant.approve") == [(person.username, "done", "Go on.")]
    sentence = f"{person} lets you read wine until {grant.ends_at:%-d %B %Y}."
    assert told("grant-decided") == [("priya", sentence)]
    assert Notification.objects.filter(kind="grant-asked").unread().count() == 0


@DOORS
def test_a_steward_rejects_it_with_a_note(wine, operator, steward, signed_in, door):
    grant = asked(wine, operator)

    assert door(steward, signed_in).reject(grant) == (200, "")

    grant.refresh_from_db()
    assert (grant.state, reading.reads(operator, wine)) == ("rejected", False)
    assert told("grant-decided") == [("priya", "jonas rejected your request to read wine: Not for that.")]


@DOORS
def test_a_steward_does_not_decide_on_an_own_request_and_another_does(wine, steward, leila, signed_in, door):
    grant = asked(wine, steward)

    given, text = door(steward, signed_in).approve(grant)

    assert (given, ASKED in text, reading.reads(steward, wine)) == (403, True, False)
    assert events("grant.approve") == [("jonas", "refused", ASKED)]
    assert door(leila, signed_in).approve(grant) == (200, "")
    assert reading.reads(steward, wine)


@DOORS
@pytest.mark.parametrize(
    ("who", "status"), [("nora", 404), ("reader", 404), ("stranger", 404), ("auditor", 403)]
)
def test_nobody_else_decides(wine, operator, request, signed_in, door, who, status):
    grant = asked(wine, operator)
    person = factories.member(wine.team, "auditor") if who == "auditor" else request.getfixturevalue(who)

    answers = [act(grant)[0] for act in (door(person, signed_in).approve, door(person, signed_in).reject)]

    assert (answers, Grant.objects.get().state) == ([status, status], "waiting")


@DOORS
def test_what_is_decided_is_decided(wine, operator, steward, signed_in, door):
    grant = asked(wine, operator)
    by = door(steward, signed_in)
    by.reject(grant)

    given, text = by.approve(grant)

    assert (given, "This request is closed already: rejected." in text) == (409, True)


def test_a_request_whose_time_is_over_is_not_granted(wine, operator, steward):
    grant = asked(wine, operator)
    Grant.objects.update(ends_at=days(-1))

    with pytest.raises(Conflict, match="The time that was asked for is over"):
        actions.approve_grant(grant, by=steward)


def test_a_new_grant_takes_the_place_of_the_one_before(wine, operator):
    first = granted(wine, operator)

    second = granted(wine, operator, until=90)

    first.refresh_from_db()
    assert (first.state, first.end_reason) == ("ended", f"Grant {second.pk} took its place.")
    assert list(wine.grants.live()) == [second]


def test_a_new_grant_follows_one_whose_end_is_not_on_the_record_yet(wine, operator):
    first = granted(wine, operator)
    left(first, seconds=-1)

    second = granted(wine, operator)

    assert list(wine.grants.live()) == [second]


def test_a_request_waits_for_its_owner_and_other_stewards(wine, author, steward, leila, nora):
    grant = asked(wine, steward)

    what = f"Decide whether {steward} reads wine"
    waits = {person.username: [each.what for each in waiting.waiting(person)] for person in (author, leila)}
    assert waits == {"mara": [what], "leila": [what]}
    assert [waiting.waiting(person) for person in (steward, nora)] == [[], []]
    Membership.objects.filter(user=leila).update(granted_by=grant.person)
    assert waiting.waiting(leila) == []


@pytest.mark.django_db(transaction=True)
def test_two_stewards_at_once_decide_once(wine, operator, steward, leila):
    grant = asked(wine, operator)
    together, came = threading.Barrier(2), []

    def decide(act, by) -> None:
        together.wait(5)
        try:
            came.append(act(grant, by=by).outcome)
        except Conflict as conflict:
            came.append(type(conflict).__name__)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=args)
        for args in ((actions.approve_grant, steward), (actions.reject_grant, leila))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(came) in (["Conflict", "granted"], ["Conflict", "rejected"])


# ------------------------------------------------------------------ ended early


@DOORS
@pytest.mark.parametrize("who", ["operator", "author", "steward"])
def test_whose_it_is_the_owner_and_stewards_end_it(wine, operator, request, signed_in, door, who):
    grant, person = granted(wine, operator), request.getfixturevalue(who)

    assert door(person, signed_in).end(grant, "The work is done.") == (200, "")

    grant.refresh_from_db()
    assert (grant.state, grant.ended_by, reading.reads(operator, wine)) == ("ended", person, False)
    assert events("grant.end") == [(person.username, "done", "The work is done.")]


@DOORS
def test_others_do_not_end_it_nor_is_it_ended_twice_or_without_a_reason(
    wine, operator, nora, author, signed_in, door
):
    grant, by = granted(wine, operator), door(author, signed_in)

    other, empty = door(nora, signed_in).end(grant, WHY), by.end(grant, " ")
    by.end(grant, WHY)
    twice = by.end(grant, WHY)

    assert [answer[0] for answer in (other, empty, twice)] == [404, 400, 409]
    assert "There is nothing to end: this grant is ended." in twice[1]


@DOORS
def test_who_asked_takes_it_back(wine, operator, signed_in, door):
    grant = asked(wine, operator)

    assert door(operator, signed_in).end(grant, "") == (200, "")

    grant.refresh_from_db()
    assert grant.state == "void"
    assert asked(wine, operator).state == "waiting"


# ------------------------------------------------------------------ accounts, and who leaves


def service(team, owner):
    return governing.add_service(team, "ci", roles=["data-engineer"], answered_by=owner, by=factories.admin())


def test_an_account_reads_by_a_grant_that_who_answers_for_it_does_not_give(wine, author, nora, steward):
    account = service(wine.team, author)
    grant = actions.request_grant(wine, purpose=PURPOSE, until=days(30), by=account)
    governing.hand_over_service(account, to=nora, by=steward)

    with pytest.raises(Denied, match=ASKED):
        actions.approve_grant(grant, by=author)
    actions.approve_grant(grant, by=steward)

    assert reading.reads(account, wine)
    assert [each.what for each in waiting.grants(author)] == []


def test_who_takes_over_an_account_does_not_decide_on_what_it_asked_before(wine, author, steward):
    account = service(wine.team, author)
    grant = actions.request_grant(wine, purpose=PURPOSE, until=days(30), by=account)
    governing.hand_over_service(account, to=steward, by=steward)

    with pytest.raises(Denied, match=ASKED):
        actions.approve_grant(grant, by=steward)
    assert [each.what for each in waiting.grants(steward)] == []


def test_an_account_decides_nothing(team, author, operator):
    account = service(team, author)
    owned = restricted(team, author)
    owned.owner = account
    owned.save()

    with pytest.raises(Denied, match="A service account decides nothing"):
        actions.approve_grant(asked(owned, operator), by=account)


def test_who_leaves_the_team_waits_no_longer_and_may_ask_again_when_back(wine, nora, steward):
    grant = asked(wine, nora)

    governing.set_roles(wine.team, nora, [], by=steward)

    grant.refresh_from_db()
    assert (grant.state, grant.decided_by) == ("void", steward)
    assert waiting.grants(steward) == []


def test_who_removes_its_owner_does_not_become_its_owner(wine, author, nora, steward):
    with pytest.raises(Invalid, match="wine is restricted: nobody makes themself its owner"):
        governing.set_roles(wine.team, author, [], hand_over_to=steward, by=steward)

    governing.set_roles(wine.team, author, [], hand_over_to=nora, by=steward)

    wine.refresh_from_db()
    assert wine.owner == nora


def test_a_narrow_token_decides_as_far_as_it_was_ticked(wine, steward, operator):
    grant = asked(wine, operator)
    _, narrow = governing.add_token(
        steward, name="narrow", approve=False, waive=True, manage=True, by=steward
    )
    _, deciding = governing.add_token(
        steward, name="deciding", approve=True, waive=False, manage=False, by=steward
    )

    answers = [Caller(token=text).post(f"{API}grants/{grant.pk}/approve", {}) for text in (narrow, deciding)]

    assert [answer.status_code for answer in answers] == [403, 200]


# ------------------------------------------------------------------ seen, now and then


def test_everybody_sees_their_own_and_those_who_answer_for_it_all(wine, author, steward, nora, operator):
    auditor = factories.member(wine.team, "auditor")
    for person in (nora, operator):
        asked(wine, person)

    seen = {
        person.username: sorted(
            row["person"] for row in Caller(person).get(f"{API}grants/").json()["results"]
        )
        for person in (author, steward, auditor, nora)
    }

    everybody = ["nora", "priya"]
    assert seen == {"mara": everybody, "jonas": everybody, auditor.username: everybody, "nora": ["nora"]}


def test_a_program_is_told_how_it_stands(wine, author, operator):
    grant = granted(wine, operator)

    told = Caller(author).get(f"{API}grants/").json()

    (row,) = told["results"]
    assert (told["restricted"], told["owners"]) == (True, ["mara"])
    assert [(each["by"], each["reason"], each["until"]) for each in told["restrictions"]] == [
        ("mara", WHY, None)
    ]
    assert (row["id"], row["person"], row["state"], row["purpose"], row["decided_by"]) == (
        grant.pk,
        "priya",
        "live",
        PURPOSE,
        "mara",
    )
    assert row == Caller(author).get(f"{API}grants/{grant.pk}/").json()


def at(artifact, *names: str, **moments: datetime) -> None:
    """As if everything so far had happened at these moments."""
    Restriction.objects.update(since=moments["since"])
    type(artifact).objects.update(created_at=moments["made"])


@pytest.fixture
def past(wine, operator, nora):
    """Made 100 days ago, restricted 90 days ago; priya read it from 60 to 30 days ago, nora from 40 on."""
    at(wine, made=days(-100), since=days(-90))
    early, late = granted(wine, operator), granted(wine, nora)
    Grant.objects.filter(pk=early.pk).update(
        requested_at=days(-61), decided_at=days(-60), ends_at=days(200), ended_at=days(-30),
        ended_by=wine.owner, end_reason="Done.",
    )  # fmt: skip
    Grant.objects.filter(pk=late.pk).update(requested_at=days(-41), decided_at=days(-40))
    return wine


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ago", "people", "restricted", "owners", "sentence"),
    [
        (120, [], False, [], "wine was not there yet."),
        (95, [], False, ["mara"], "wine was open to all who see it."),
        (70, [], True, ["mara"], "wine was restricted: mara owned it"),
        (50, ["priya"], True, ["mara"], "wine was restricted: mara owned it"),
        (35, ["nora", "priya"], True, ["mara"], "wine was restricted: mara owned it"),
        (20, ["nora"], True, ["mara"], "wine was restricted: mara owned it"),
    ],
)
def test_who_could_read_it_on_a_day(past, steward, signed_in, ago, people, restricted, owners, sentence):
    query = f"grants/?on={day(-ago)}"

    told, page = Caller(steward).get(f"{API}{query}").json(), words(signed_in(steward).get(f"{PAGE}{query}"))

    assert sorted(row["person"] for row in told["results"]) == people
    assert (told["restricted"], told["owners"]) == (restricted, owners)
    assert sentence in page
    assert [name for name in ("nora", "priya") if f"{name} {PURPOSE}" in page] == people


def test_who_could_read_it_at_a_moment(past, steward):
    grant = Grant.objects.get(person__username="priya")
    moments = (grant.decided_at - timedelta(seconds=1), grant.decided_at, grant.ended_at)

    answers = [
        Caller(steward).get(f"{API}grants/?on={moment.isoformat().replace('+00:00', 'Z')}").json()["results"]
        for moment in moments
    ]

    assert [len([row for row in found if row["person"] == "priya"]) for found in answers] == [0, 1, 0]


def test_a_grant_gave_nothing_after_its_end_whenever_that_was_recorded(past, steward):
    Grant.objects.filter(person__username="nora").update(ends_at=days(-35))

    found = Caller(steward).get(f"{API}grants/?on={day(-20)}").json()["results"]

    assert found == []


def test_it_is_told_that_it_was_opened(past, author, steward, signed_in):
    actions.open_dataset(past, reason="It is public.", by=author)
    Restriction.objects.update(until=days(-10))

    then, after = (Caller(steward).get(f"{API}grants/?on={day(-ago)}").json() for ago in (20, 5))
    partly = words(signed_in(steward).get(f"{PAGE}grants/?on={day(-10)}"))

    assert (then["restricted"], then["restrictions"][0]["opened_because"]) == (True, "It is public.")
    assert (after["restricted"], after["restrictions"]) == (False, [])
    assert "wine was open for a part of that time to all who see it." in partly


def test_the_owner_of_then_is_told(past, author, nora, steward):
    actions.edit_artifact(past, owner=nora, by=author)
    actions.edit_artifact(past, description="Changed.", by=nora)

    then, today, now = (
        Caller(steward).get(f"{API}grants/{query}").json()["owners"]
        for query in (f"?on={day(-20)}", f"?on={day(0)}", "")
    )

    assert (then, today, now) == (["mara"], ["mara", "nora"], ["nora"])


def test_the_owner_of_then_is_told_whatever_it_was_called(past, author, nora, steward):
    actions.edit_artifact(past, owner=nora, by=author)
    actions.rename(past, "port", by=nora)

    told = Caller(steward).get(f"datasets/fraud/port/grants/?on={day(-20)}").json()

    assert told["owners"] == ["mara"]


@pytest.mark.parametrize("query", [f"on={day(2)}", "on=soon", "on=2026-01-31T12:00:00", "on=%00"])
def test_days_that_are_none_are_refused(wine, author, signed_in, query):
    page, program = (
        signed_in(author).get(f"{PAGE}grants/?{query}"),
        Caller(author).get(f"{API}grants/?{query}"),
    )

    assert (page.status_code, program.status_code) == (400, 400)


def test_the_page_says_how_one_stands(wine, author, nora, operator, steward, signed_in):
    granted(wine, nora)
    asked(wine, operator)

    pages = {
        who.username: words(signed_in(who).get(f"{PAGE}grants/")) for who in (author, nora, operator, steward)
    }

    assert "You own it" in pages["mara"]
    assert "You read it until" in pages["nora"]
    assert "waits for a decision." in pages["priya"]
    assert "You do not look into it" in pages["jonas"]
    assert "wine is restricted: mara owns it; else only who is named below reads it." in pages["jonas"]
    assert ("Open it" in pages["jonas"], "Ask to read it" in pages["jonas"]) == (True, True)


def test_a_version_says_that_it_is_restricted_and_who_reads_it(wine, author, signed_in):
    version = filled(wine, author)

    assert "Restricted: Who reads it" in words(signed_in(author).get(f"/{version.label}/"))


def test_nobody_has_to_ask_for_what_cannot_be_restricted(artifact, author, operator, signed_in):
    page = words(signed_in(operator).get(f"/{artifact.label}/grants/"))
    told = Caller(operator).get(f"{artifact.label}/grants/").json()
    asked = Caller(operator).post(f"{artifact.label}/grants/", {"purpose": PURPOSE, "until": day(3)})

    assert "scorer is open to all who see it." in page
    assert ("Restrict it" in page, "What for?" in page) == (False, False)
    assert (told["restricted"], told["owners"], told["restrictions"]) == (False, ["mara"], [])
    assert said(asked) == (409, "scorer is not restricted: you read it without a grant.")


def test_three_cost_as_much_as_one(wine, author, nora, operator, steward, signed_in):
    client, caller = signed_in(author), Caller(author)
    granted(wine, nora)
    asked(wine, factories.member(wine.team, "auditor"))
    one = queries(client, f"{PAGE}grants/"), caller.queries(f"{API}grants/"), queries(signed_in(steward), "/")
    granted(wine, operator)
    asked(wine, factories.member(wine.team, "auditor"))

    assert (queries(client, f"{PAGE}grants/"), caller.queries(f"{API}grants/")) == one[:2]
    assert queries(signed_in(steward), "/") == one[2]
