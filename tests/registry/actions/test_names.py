"""A team's own names: added from a finding by a steward who is not the author, and taken off."""

from __future__ import annotations

import pytest

from governance import actions as governing
from governance.errors import Conflict, Denied
from governance.models import Approval, Event
from registry import actions
from registry.models import KnownName, Severity, Version
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.pages import queries, told
from tests.pages import said as words
from tests.registry.conftest import found
from tests.registry.views.conftest import page, signed_in, stranger  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db

OURS = {"reason": "Our own scorer."}
AUTHOR = "Someone other than the author must do this."
ROLE = "Your roles in fraud do not allow this: it takes steward."


@pytest.fixture
def unknown(clean):
    return found(clean, Severity.HIGH, "fraud.Scorer")


def state(version: Version) -> str:
    return Version.objects.with_state().get(pk=version.pk).state


def of(finding) -> str:
    return page(finding.version, f"findings/{finding.pk}/name/")


def test_the_name_is_known_and_every_version_is_judged_by_it_at_once(
    unknown, clean, artifact, author, steward
):
    later = factories.checked(artifact, author)
    found(later, Severity.HIGH, "fraud.Scorer")
    found(later, Severity.HIGH, "fraud.Scorer2")
    before = (state(clean), state(later))

    actions.add_name(unknown, **OURS, by=steward)

    assert (before, state(clean), state(later)) == (("blocked", "blocked"), "ready", "blocked")
    event = Event.objects.get(action="name.add")
    assert (event.actor, event.subject, event.after) == (
        "jonas",
        clean.label,
        {"name": "fraud.Scorer", "finding": unknown.pk},
    )


def test_it_holds_for_this_team_alone(unknown, steward):
    other = factories.team("pricing")
    their_author = factories.member(other, "data-scientist")
    theirs = factories.checked(factories.artifact(other, their_author), their_author)
    found(theirs, Severity.HIGH, "fraud.Scorer")

    actions.add_name(unknown, **OURS, by=steward)

    assert state(theirs) == "blocked"


def test_it_covers_nothing_of_who_added_it(unknown, artifact, steward):
    own = factories.checked(artifact, steward)
    found(own, Severity.HIGH, "fraud.Scorer")

    actions.add_name(unknown, **OURS, by=steward)

    assert state(own) == "blocked"


@pytest.mark.parametrize(
    ("severity", "name"),
    [
        (Severity.CRITICAL, "posix.system"),
        (Severity.MEDIUM, "odd.Thing"),
        (Severity.HIGH, "nodots"),
    ],
)
def test_what_is_not_an_unknown_name_cannot_be_known(clean, steward, severity, name):
    with pytest.raises(Conflict, match="Only a name that is unknown can be the team's own"):
        actions.add_name(found(clean, severity, name), **OURS, by=steward)

    assert KnownName.objects.count() == 0


def test_a_known_name_does_not_cover_what_is_critical_later(unknown, clean, steward):
    actions.add_name(unknown, **OURS, by=steward)
    clean.findings.update(severity=Severity.CRITICAL)

    assert state(clean) == "blocked"


def test_requests_that_it_changes_become_void(unknown, clean, author, steward):
    asked = governing.request_approval(clean.label, alias="production", by=author)

    known = actions.add_name(unknown, **OURS, by=steward)
    again = governing.request_approval(clean.label, alias="production", by=author)
    actions.end_name(known, by=steward)

    assert [Approval.objects.get(pk=each.pk).outcome for each in (asked, again)] == ["void", "void"]
    assert again.evidence["names"] == ["fraud.Scorer"]


def test_taking_it_off_holds_the_file_up_again_once(unknown, clean, steward):
    known = actions.add_name(unknown, **OURS, by=steward)

    ended = [actions.end_name(known, by=steward) for _ in range(2)]

    assert (ended, state(clean)) == ([True, False], "blocked")
    assert [*Event.objects.filter(action="name.end").values_list("subject", flat=True)] == [known.label]


def test_it_may_be_added_again_after_it_was_taken_off(unknown, steward):
    actions.end_name(actions.add_name(unknown, **OURS, by=steward), by=steward)

    assert actions.add_name(unknown, **OURS, by=steward).name == "fraud.Scorer"


def test_twice_is_a_conflict(unknown, steward):
    actions.add_name(unknown, **OURS, by=steward)

    with pytest.raises(Conflict, match=r"fraud knows fraud\.Scorer already"):
        actions.add_name(unknown, **OURS, by=steward)


# ------------------------------------------------------------------ both doors


def test_added_and_taken_off_at_pages(unknown, clean, steward, signed_in):  # noqa: F811
    client = signed_in(steward)

    offered = words(client.get(page(clean, "findings/")))
    added = client.post(of(unknown), OURS)
    shown = words(client.get(page(clean, "findings/")))
    listed = words(client.get("/teams/fraud/names/"))
    ended = client.post(f"/teams/fraud/names/{KnownName.objects.get().pk}/end/")

    assert "It is ours" in offered
    assert told(added) == ["fraud knows fraud.Scorer from now on."]
    assert "a name that the team knows" in shown
    assert "fraud.Scorer Our own scorer." in listed
    assert told(ended) == ["fraud.Scorer is unknown again."]
    assert state(clean) == "blocked"


def test_added_and_taken_off_by_programs(unknown, clean, steward):
    caller = Caller(steward)

    added = caller.post(f"findings/{unknown.pk}/name", OURS)
    rows = caller.get("teams/fraud/names/").json()["results"]
    ended = caller.post(f"teams/fraud/names/{added.json()['id']}/end")

    assert (added.status_code, added.json()["name"], rows) == (201, "fraud.Scorer", [added.json()])
    assert (ended.status_code, ended.json()["ended_at"] is None) == (200, False)
    assert caller.get("teams/fraud/names/").json()["results"] == []


@pytest.mark.parametrize("door", ["page", "program"])
def test_refused_with_its_sentence(unknown, author, operator, signed_in, door):  # noqa: F811
    author.memberships.create(team=unknown.team, role="steward", granted_by=author)

    if door == "page":
        answers = [signed_in(who).post(of(unknown), OURS) for who in (author, operator)]
        sentences = [words(answer) for answer in answers]
    else:
        answers = [Caller(who).post(f"findings/{unknown.pk}/name", OURS) for who in (author, operator)]
        sentences = [said(answer)[1] for answer in answers]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (AUTHOR in sentences[0], ROLE in sentences[1], KnownName.objects.count()) == (True, True, 0)


def test_a_stranger_finds_nothing(unknown, steward, stranger, signed_in):  # noqa: F811
    known = actions.add_name(unknown, **OURS, by=steward)
    addresses = [of(unknown), "/teams/fraud/names/", f"/teams/fraud/names/{known.pk}/end/"]

    assert [signed_in(stranger).get(address).status_code for address in addresses] == [404, 404, 404]


def test_a_name_without_a_reason_is_refused(unknown, steward):
    answer = Caller(steward).post(f"findings/{unknown.pk}/name", {"reason": "  "})

    assert (answer.status_code, KnownName.objects.count()) == (400, 0)


def test_three_names_cost_as_much_as_one(clean, steward, signed_in):  # noqa: F811
    client = signed_in(steward)
    actions.add_name(found(clean, Severity.HIGH, "a.A"), **OURS, by=steward)
    with_one = queries(client, "/teams/fraud/names/")
    for name in ("b.B", "c.C"):
        actions.add_name(found(clean, Severity.HIGH, name), **OURS, by=steward)

    assert queries(client, "/teams/fraud/names/") == with_one


def test_who_pushes_may_not(unknown, team):
    with pytest.raises(Denied, match="it takes steward"):
        actions.add_name(unknown, **OURS, by=factories.member(team, "data-engineer"))


def test_it_covers_nothing_that_an_account_of_who_added_it_pushed(unknown, artifact, steward):
    artifact.team.memberships.create(user=steward, role="data-engineer", granted_by=steward)
    account = governing.add_service(
        artifact.team, "ci", roles=["data-engineer"], answered_by=steward, by=steward
    )
    actions.add_name(unknown, **OURS, by=steward)

    finding = found(factories.submitted(artifact, account), Severity.HIGH, "fraud.Scorer")

    assert (unknown.waived, finding.waived) == (True, False)
