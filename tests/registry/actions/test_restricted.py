"""What is in a restricted dataset is seen by its owner and who holds a grant, at any door, by nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance import actions as governing
from governance import subjects, telling
from governance.errors import Denied
from governance.models import Approval, Event, Membership, Notification
from governance.waiting import to_decide
from registry import actions, waiting
from registry.models import Alias, Artifact, Finding, Gate, Record, Severity, Version, Waiver
from registry.presenting import listing
from registry.records import KINDS
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said as words
from tests.registry.conftest import found
from tests.registry.granting import WHY, dataset, filled, granted, left
from tests.registry.test_gates import settings

pytestmark = pytest.mark.django_db

BELOW = ["", "files/", "findings/", "records/", "live"]
API_BELOW = ["", "checks/", "findings/", "records/", "lineage/", "archive.tar", "files/wine.csv"]


@pytest.fixture
def leila(team):
    """A second steward."""
    return factories.member(team, "steward", username="leila")


@pytest.fixture
def nora(team):
    """A data scientist who holds a grant."""
    return factories.member(team, "data-scientist", username="nora")


@pytest.fixture
def otto(team):
    """A data scientist who holds none."""
    return factories.member(team, "data-scientist", username="otto")


@pytest.fixture
def wine(team, author, nora, steward, operator):
    """Restricted, with a version in production, a finding that is waived, a record and an open request."""
    artifact = dataset(team, author)
    version = filled(artifact, author)
    factories.approved(version, steward, asker=operator)
    actions.promote(version, "production", by=operator)
    finding = found(version, Severity.HIGH)
    until = timezone.now() + timedelta(days=9)
    actions.waive(finding, reason="why-it-is-waived", expires=until, by=steward)
    actions.add_record(version, "decision", KINDS["decision"].example, by=author)
    governing.request_approval(version.label, alias="production", note="the-request", by=operator)
    actions.restrict(artifact, reason=WHY, by=author)
    artifact.refresh_from_db()
    granted(artifact, nora)
    return artifact


def inside(person) -> list[int]:
    """How much of it a person sees by each `visible_to`."""
    sets = (Version, Finding, Waiver, Record, Alias, Approval)
    return [found.objects.visible_to(person).count() for found in sets]


@pytest.mark.slow
@pytest.mark.parametrize("who", ["author", "nora"])
def test_its_owner_and_who_holds_a_grant_see_all_of_it(wine, request, who):
    assert inside(request.getfixturevalue(who)) == [1, 1, 1, 1, 1, 2]


@pytest.mark.slow
@pytest.mark.parametrize("who", ["otto", "steward", "operator", "reader", "stranger"])
def test_others_see_nothing_in_it(wine, request, who):
    assert inside(request.getfixturevalue(who)) == [0, 0, 0, 0, 0, 0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "sees"), [("otto", True), ("steward", True), ("reader", True), ("stranger", False)]
)
def test_members_see_that_it_is_there_and_readers_what_was_released(wine, request, signed_in, who, sees):
    person = request.getfixturevalue(who)

    page, program = signed_in(person).get(f"/{wine.label}/"), Caller(person).get(f"{wine.label}/")

    assert (page.status_code, program.status_code) == ((200, 200) if sees else (404, 404))
    if sees:
        text = words(page)
        assert "You see that this dataset is there What is in it is restricted" in text
        assert "Owned by mara" in text
        assert "notes-of-the-wine" not in text
        shown = program.json()
        assert (shown["owner"], shown["restricted"], shown["latest"], shown["aliases"]) == (
            "mara",
            True,
            None,
            {},
        )


def test_a_reader_does_not_see_one_of_which_nothing_was_released(team, author, reader):
    artifact = dataset(team, author)
    filled(artifact, author)
    actions.restrict(artifact, reason=WHY, by=author)

    assert Artifact.objects.visible_to(reader).count() == 0


@pytest.mark.parametrize(
    ("who", "status"), [("author", 200), ("nora", 200), ("otto", 404), ("steward", 404), ("reader", 404)]
)
def test_every_door_below_it_says_the_same(wine, request, signed_in, who, status):
    person = request.getfixturevalue(who)
    client, caller = signed_in(person), Caller(person)
    finding, version = Finding.objects.get(), f"{wine.label}/versions/1/"

    pages = {below: client.get(f"/{version}{below}").status_code for below in BELOW}
    fetched = client.post(f"/{version}files/wine.csv")
    pages["wine.csv"], _ = fetched.status_code, b"".join(fetched)
    programs = {below: caller.get(f"{version}{below}").status_code for below in API_BELOW}
    alias = f"{wine.label}/aliases/production"
    for path in (alias, f"{alias}/files/wine.csv", f"findings/{finding.pk}/"):
        programs[path] = caller.get(path).status_code

    assert (pages, programs) == (dict.fromkeys(pages, status), dict.fromkeys(programs, status))


@pytest.mark.slow
@pytest.mark.parametrize(("who", "number"), [("author", 1), ("nora", 1), ("otto", 0), ("steward", 0)])
def test_lists_of_programs_hold_it_for_who_reads_it(wine, request, who, number):
    caller = Caller(request.getfixturevalue(who))

    lists = (f"{wine.label}/versions/", f"{wine.label}/aliases/", "findings/", "waivers/")

    assert [len(caller.get(path).json()["results"]) for path in lists] == [number] * 4
    assert len(caller.get(f"approvals/?subject={wine.label}").json()["results"]) == 2 * number


def test_the_list_of_datasets_says_restricted_and_no_more(wine, otto, nora, signed_in):
    hidden, shown = (words(signed_in(person).get("/datasets/")) for person in (otto, nora))

    assert ("restricted" in hidden, "In production" in hidden, "version 1" in hidden) == (True, False, False)
    assert ("restricted" in shown, "version 1" in shown) == (False, True)


def test_its_state_is_not_told_by_a_filter(wine, otto, nora):
    asked = {"state": "ready"}

    pages = [listing.page(person, wine.kind, asked, "-updated_at").rows for person in (otto, nora)]

    assert [len(rows) for rows in pages] == [0, 1]


def test_who_has_no_grant_does_not_push_into_it(wine, otto, signed_in):
    answers = (
        signed_in(otto).post(
            f"/{wine.label}/versions/new/", {"parents-TOTAL_FORMS": 0, "parents-INITIAL_FORMS": 0}
        ),
        Caller(otto).post(f"{wine.label}/versions/", {}),
    )

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "wine is restricted, and you hold no grant to read it." in answers[1].json()["detail"]
    assert wine.versions.count() == 1


def test_what_comes_another_way_is_refused_too(wine, otto):
    with pytest.raises(Denied, match="wine is restricted, and you hold no grant to read it"):
        actions.download(wine.versions.get(), "wine.csv", by=otto)

    assert Event.objects.filter(action="version.download", outcome="refused").count() == 1


def test_a_download_names_the_grant_and_the_owner_needs_none(wine, nora, author):
    for person in (nora, author):
        Caller(person).get(f"{wine.label}/versions/1/files/wine.csv")
        Caller(person).get(f"{wine.label}/versions/1/archive.tar")

    grant = wine.grants.get()
    events = Event.objects.filter(action="version.download").order_by("pk")
    assert [(event.actor, (event.after or {}).get("grant")) for event in events] == [
        ("nora", grant.pk),
        ("nora", grant.pk),
        ("mara", None),
        ("mara", None),
    ]


def test_a_grant_that_is_over_gives_nothing_before_its_end_is_on_the_record(wine, nora):
    caller, path = Caller(nora), f"{wine.label}/versions/1/files/wine.csv"
    before = caller.get(path).status_code
    left(wine.grants.get(), seconds=-1)

    assert (before, caller.get(path).status_code, inside(nora)) == (200, 404, [0] * 6)
    assert wine.grants.get().ended_at is None


def test_who_left_the_team_keeps_nothing_by_a_grant(wine, nora):
    nora.memberships.all().delete()
    nora.grants = None

    assert (inside(nora), Artifact.objects.visible_to(nora).count()) == ([0] * 6, 0)


def test_what_is_open_again_is_seen_as_before(wine, author, otto):
    actions.open_dataset(wine, reason="It is public now.", by=author)

    assert inside(otto) == [1, 1, 1, 1, 1, 2]


# ------------------------------------------------------------------ what spans everything


def test_nobody_is_asked_to_decide_on_what_they_may_not_see(wine, steward, leila):
    granted(wine, leila)

    assert [list(to_decide(person)) for person in (steward, leila)] == [
        [],
        [Approval.objects.get(note="the-request")],
    ]


def test_messages_about_it_are_shown_to_who_reads_it(wine, author, otto):
    label = wine.versions.get().label
    telling.tell("finding-blocking", [author, otto], label, "It is blocked.")

    shown = [
        len(Caller(person).get("notifications/?search=blocked").json()["results"])
        for person in (author, otto)
    ]

    assert shown == [1, 0]
    assert [
        subjects.visible(person, [label, f"{label}/findings/1"]) == set() for person in (author, otto)
    ] == [
        False,
        True,
    ]


def test_news_leave_it_out(wine, otto, nora):
    assert [len(waiting.news(person, 10)) for person in (otto, nora)] == [0, 1]


def test_of_a_parent_that_one_may_not_see_one_learns_that_it_is_there(
    wine, otto, author, artifact, signed_in
):
    child = factories.submitted(artifact, author, parents=[(wine.versions.get(), "trained-on")])

    page = words(signed_in(otto).get(f"/{child.label}/"))
    version, lineage = (Caller(otto).get(f"{child.label}/{below}").json() for below in ("", "lineage/"))

    hidden = {
        "relation": "trained-on",
        "label": None,
        "kind": None,
        "team": None,
        "name": None,
        "version": None,
        "withdrawn": None,
    }
    assert "1 version that you may not see" in page
    assert "wine" not in page
    assert (version["parents"], lineage["parents"]) == ([hidden], [hidden])


def test_the_trail_of_another_team_does_not_name_it(wine, author, signed_in):
    other = factories.team("pricing")
    Membership.objects.create(team=other, user=author, role="data-scientist", granted_by=author)
    auditor = factories.member(other, "auditor")
    made = factories.artifact(other, author, name="price")
    child = factories.submitted(made, author, parents=[(wine.versions.get(), "trained-on")])
    event = Event.objects.get(action="version.add", subject=child.label)

    page = words(signed_in(auditor).get("/trail/?team=pricing"))
    program = Caller(auditor).get("events/?action=version.add").json()["results"][0]

    assert ("a version you may not see" in page, "wine" in page) == (True, False)
    assert program["after"]["parents"] == [["trained-on", "a version you may not see"]]
    assert Caller(auditor).get(f"events/{event.pk}/").json() == program
    shown = Caller(author).get(f"events/{event.pk}/").json()["after"]["parents"]
    assert shown == event.after["parents"] == [["trained-on", f"{wine.label}/versions/1"]]


def test_its_bytes_are_not_taken_by_their_digest(wine, otto, artifact):
    file = wine.versions.get().files.get()
    draft = actions.add_version(artifact, by=otto)

    taken = actions.add_held_files(draft, [("wine.csv", file.size, file.sha256)], by=otto)

    assert taken == []


@pytest.mark.slow
def test_gates_tell_of_it_without_its_name(wine, team, steward, author, otto, nora):
    gates = {"staging": {"approvals": 0}, "production": {"approvals": 2}}
    caller = Caller(steward)
    caller.post("teams/fraud/gate/requests/", {"gates": gates})
    caller2 = Caller(factories.member(team, "steward"))
    pk = caller.get("teams/fraud/gate/requests/").json()["results"][0]["id"]
    caller2.post(f"teams/fraud/gate/requests/{pk}/confirm", {})
    looser = {"staging": {"approvals": 0}, "production": {"approvals": 1}}
    pk = caller.post("teams/fraud/gate/requests/", {"gates": looser}).json()["id"]

    path = f"teams/fraud/gate/requests/{pk}/"
    hidden, shown = (Caller(person).get(path).json()["lets_through"] for person in (otto, nora))

    assert hidden == [sentence.replace("wine 1", "one that you may not see") for sentence in shown]
    assert "wine 1" in shown[0]


def test_nothing_is_promoted_in_the_name_of_somebody_whose_grant_has_ended(team, author, operator, steward):
    settings(team, steward, production=Gate(approvals=1, by_itself=True))
    version = filled(dataset(team, author), author)
    actions.restrict(version.artifact, reason=WHY, by=author)
    grant, _ = (granted(version.artifact, person) for person in (operator, steward))
    approval = governing.request_approval(version.label, alias="production", by=operator)
    actions.end_grant(grant, reason="The work is done.", by=author)

    governing.approve(approval, by=steward)

    told = Notification.objects.filter(user=operator, kind="approval-decided").values_list(
        "sentence", flat=True
    )
    assert Alias.objects.count() == 0
    assert [each for each in told if "was not promoted" in each] == [
        "wine 1 is approved for production and was not promoted by itself: "
        "wine is restricted, and you hold no grant to read it."
    ]


# ------------------------------------------------------------------ rows and speed


def test_only_datasets_are_restricted(artifact):
    with pytest.raises(IntegrityError, match="only_datasets_are_restricted"), transaction.atomic():
        Artifact.objects.filter(pk=artifact.pk).update(restricted=True)


def test_what_is_open_costs_no_query_more(team, author, signed_in):
    version = filled(dataset(team, author), author)
    caller = Caller(author)
    path = f"{version.label}/files/wine.csv"
    with CaptureQueriesContext(connection) as captured:
        caller.get(path)

    assert [
        query for query in captured if 'FROM "registry_grant"' in query["sql"].partition("WHERE")[0]
    ] == []


@pytest.mark.slow
def test_many_restricted_datasets_cost_a_list_as_much_as_one(wine, team, author, otto):
    caller = Caller(otto)
    one = caller.queries("datasets/"), caller.queries("findings/"), caller.queries("approvals/")
    for name in ("beer", "milk"):
        other = dataset(team, author, name)
        filled(other, author)
        actions.restrict(other, reason=WHY, by=author)

    assert (caller.queries("datasets/"), caller.queries("findings/"), caller.queries("approvals/")) == one
