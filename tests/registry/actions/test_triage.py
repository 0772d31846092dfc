"""The board: each finding once, who looks after it, until when; several changed at once, at both doors."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from governance import actions as governing
from governance.errors import Denied, Invalid
from governance.models import Event, Notification
from registry import actions
from registry.checks.pickle_imports import ELSEWHERE
from registry.models import Finding, Severity, Triage, Waiver
from registry.presenting import board
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.pages import queries, told
from tests.pages import said as words
from tests.registry.conftest import found
from tests.registry.schemas import SARIF, faults
from tests.registry.views.conftest import signed_in, stranger  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db

BOARD = "/findings/"


@pytest.fixture
def bad(clean):
    return found(clean, Severity.HIGH, "strange.Name")


def shown(person, **filters: str) -> list[Finding]:
    return list(board.listed(person, filters).order_by("pk"))


def states(person) -> dict[str, str]:
    return {each.name: each.stands for each in board.listed(person, {"state": "all"})}


# ------------------------------------------------------------------ what stands on it


def test_a_finding_stands_once_in_the_newest_version_that_has_it(bad, artifact, author, steward):
    Finding.objects.filter(pk=bad.pk).update(opened_at=timezone.now() - timedelta(days=3))
    later = factories.checked(artifact, author)
    again = found(later, Severity.HIGH, "strange.Name")

    (only,) = shown(steward)

    assert (only.pk, only.since.date()) == (again.pk, (timezone.now() - timedelta(days=3)).date())


@pytest.mark.parametrize("days", [6, 8])
def test_its_time_runs_from_the_first_version_that_had_it(bad, artifact, author, steward, days):
    Finding.objects.filter(pk=bad.pk).update(opened_at=timezone.now() - timedelta(days=days))
    again = found(factories.checked(artifact, author), Severity.HIGH, "strange.Name")

    assert shown(steward, state="overdue") == [again] * (days > 7)


def test_what_was_only_observed_is_no_work(clean, steward):
    found(clean, Severity.INFO, "seen")

    assert shown(steward, state="all") == []


def test_what_a_later_version_does_without_is_resolved_unless_it_is_in_use(
    clean, artifact, author, steward, operator
):
    factories.approved(clean, steward, author)
    actions.promote(clean, "production", by=operator)
    late = found(clean, Severity.MEDIUM, "late.Name")
    factories.checked(artifact, author)
    in_use = states(steward)
    newest = factories.checked(artifact, author)
    factories.approved(newest, steward, author)
    actions.promote(newest, "production", by=operator)

    assert (in_use, states(steward)) == ({late.name: "open"}, {late.name: "resolved"})


def test_what_is_waived_or_closed_is_not_to_be_done(clean, steward):
    waived, closed = found(clean, Severity.HIGH, "a.A"), found(clean, Severity.HIGH, "b.B")
    actions.waive(waived, reason="Known.", expires=timezone.now() + timedelta(days=3), by=steward)
    Finding.objects.filter(pk=closed.pk).update(closed_at=timezone.now())

    assert (shown(steward), states(steward)) == ([], {"a.A": "waived", "b.B": "resolved"})


@pytest.mark.parametrize(
    ("severity", "days", "late"),
    [
        (Severity.CRITICAL, 2, True),
        (Severity.HIGH, 2, False),
        (Severity.HIGH, 8, True),
        (Severity.MEDIUM, 29, False),
        (Severity.LOW, 91, True),
    ],
)
def test_each_severity_has_its_time(clean, steward, severity, days, late):
    finding = found(clean, severity, "a.A")
    Finding.objects.filter(pk=finding.pk).update(opened_at=timezone.now() - timedelta(days=days))

    assert [card.late for card in board.cards(shown(steward))] == [late]
    assert bool(shown(steward, state="overdue")) == late


def test_it_is_kept_when_a_check_sees_it_again_and_in_a_later_version(bad, artifact, author, steward):
    actions.triage([bad], state="in-triage", assignee=author, by=steward)
    Finding.objects.filter(pk=bad.pk).update(closed_at=timezone.now())
    Finding.objects.filter(pk=bad.pk).update(closed_at=None)
    found(factories.checked(artifact, author), Severity.HIGH, "strange.Name")

    (card,) = board.cards(shown(steward))

    assert (card.state, card.finding.assignee_name) == ("in-triage", "mara")


def test_a_false_positive_still_closes_the_gate(bad, steward):
    actions.triage([bad], state="false-positive", by=steward)

    assert (shown(steward), Finding.objects.blocking().count()) == ([], 1)


def test_filters_narrow_it_down(bad, clean, steward, author):
    low = found(clean, Severity.LOW, "low.Name")
    actions.triage([low], assignee=author, by=steward)

    assert [
        shown(steward, severity="high"),
        shown(steward, assignee="mara"),
        shown(steward, team="pricing"),
        shown(steward, search="low.name scorer"),
        shown(steward, check="file_type"),
    ] == [[bad], [low], [], [low], []]


def test_what_any_alias_points_at_is_still_to_be_done(bad, clean, artifact, author, steward):
    actions.move_alias(clean, "champion", by=author)
    factories.checked(artifact, author)

    assert states(steward) == {bad.name: "open"}


def test_a_reader_learns_nothing_of_what_is_not_released(clean, artifact, author, steward, operator, reader):
    factories.approved(clean, steward, author)
    actions.promote(clean, "production", by=operator)
    late = found(clean, Severity.MEDIUM, "late.Name")
    actions.triage([late], state="false-positive", assignee=author, note="Ours.", by=steward)
    again = found(factories.checked(artifact, author), Severity.MEDIUM, "late.Name")
    Finding.objects.filter(pk=again.pk).update(opened_at=timezone.now() - timedelta(days=3))

    (card,) = board.cards(shown(reader))

    assert (card.finding, card.state, card.finding.since) == (late, "open", late.opened_at)
    assert (card.finding.assignee_name, card.finding.note) == (None, "")


def test_what_an_archived_team_has_is_shown_to_who_asks_for_it(bad, team, steward):
    governing.archive_team(team, by=steward)

    assert (shown(steward), shown(steward, team="fraud")) == ([], [bad])


# ------------------------------------------------------------------ changing


def test_it_is_on_the_record_and_who_is_asked_is_told(bad, clean, steward, author):
    actions.triage([bad], state="in-triage", assignee=author, note="Whose is it?", by=steward)

    event = Event.objects.get(action="finding.triage")
    assert (event.subject, event.reason, event.before, event.after["state"], event.after["assignee"]) == (
        clean.label,
        "Whose is it?",
        {"state": "open", "assignee": None, "note": ""},
        "in-triage",
        "mara",
    )
    assert [*Notification.objects.values_list("user__username", "kind")] == [("mara", "finding-assigned")]


def test_the_same_again_changes_nothing(bad, steward):
    for _ in range(2):
        actions.triage([bad], state="in-triage", by=steward)

    assert Event.objects.filter(action="finding.triage").count() == 1


def test_another_note_is_on_the_record_too(bad, author, steward):
    actions.triage([bad], note="It is ours.", by=steward)
    actions.triage([bad], note="It is not.", by=author)

    changes = Event.objects.filter(action="finding.triage").order_by("pk")
    assert [(event.actor, event.before["note"], event.after["note"]) for event in changes] == [
        ("jonas", "", "It is ours."),
        ("mara", "It is ours.", "It is not."),
    ]


def test_people_at_once_take_the_same_things_in_the_same_order(clean, artifact, author, steward):
    second = factories.checked(artifact, author)
    first = [found(clean, Severity.HIGH, "a.A"), found(clean, Severity.HIGH, "b.B")]
    again = [found(second, Severity.HIGH, "b.B"), found(second, Severity.HIGH, "a.A")]

    taken = [actions.triage(findings, state="in-triage", by=steward) for findings in (first, again)]

    assert [[each.name for each in rows] for rows in taken] == [["a.A", "b.B"], ["a.A", "b.B"]]


def test_of_several_all_or_none_change(bad, steward, stranger):  # noqa: F811
    other_team = factories.team("pricing2")
    theirs = factories.member(other_team, "data-scientist")
    other = found(factories.checked(factories.artifact(other_team, theirs), theirs), Severity.HIGH, "x.X")

    with pytest.raises(Denied):
        actions.triage([bad, other], state="in-triage", by=steward)

    assert Triage.objects.count() == 0


def test_nobody_is_asked_who_may_not_see_it(bad, steward, stranger):  # noqa: F811
    with pytest.raises(Invalid, match="may not see"):
        actions.triage([bad], assignee=stranger, by=steward)

    assert Triage.objects.count() == 0


def test_an_auditor_changes_nothing(bad, team):
    with pytest.raises(Denied, match="it takes data-engineer or data-scientist"):
        actions.triage([bad], state="in-triage", by=factories.member(team, "auditor"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Say what becomes of them"),
        ({"note": "a\u202eb"}, "cannot be seen"),
    ],
)
def test_what_says_nothing_is_refused(bad, steward, given, sentence):
    with pytest.raises(Invalid, match=sentence):
        actions.triage([bad], by=steward, **given)


# ------------------------------------------------------------------ both doors


def test_several_are_changed_at_the_page(bad, clean, steward, signed_in):  # noqa: F811
    other = found(clean, Severity.LOW, "low.Name")
    client = signed_in(steward)

    before = words(client.get(BOARD))
    answer = client.post(BOARD, {"findings": [bad.pk, other.pk], "state": "in-triage", "who": "me"})
    after = words(client.get(f"{BOARD}?assignee=jonas"))

    assert "2 findings" in before
    assert told(answer) == ["2 findings changed."]
    assert after.count("In triage jonas") == 2


def test_nothing_chosen_is_said(bad, steward, signed_in):  # noqa: F811
    answer = signed_in(steward).post(BOARD, {"state": "in-triage"})

    assert (answer.status_code, "Choose at least one finding." in words(answer)) == (400, True)


def test_a_stranger_sees_an_empty_board(bad, stranger, signed_in):  # noqa: F811
    assert "Nothing is to be done" in words(signed_in(stranger).get(BOARD))


def test_several_are_changed_by_programs(bad, author, steward):
    caller = Caller(steward)

    done = caller.post("triage/", {"findings": [bad.pk], "state": "in-triage", "assignee": "mara"})
    (card,) = caller.get("triage/").json()["results"]
    taken = caller.post("triage/", {"findings": [bad.pk], "assignee": None})

    assert (done.status_code, done.json(), card["state"], card["assignee"]) == (
        200,
        {"changed": 1},
        "in-triage",
        "mara",
    )
    assert (taken.status_code, caller.get("triage/").json()["results"][0]["assignee"]) == (200, None)


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"findings": [0], "state": "in-triage"}, (404, "There is no such finding that you may see.")),
        ({"findings": [], "state": "in-triage"}, (400, "Choose at least one finding.")),
        ({"findings": [], "state": "gone"}, (400, 'state: "gone" is not a valid choice.')),
    ],
)
def test_malformed_requests_are_refused(bad, steward, body, answer):
    assert said(Caller(steward).post("triage/", body)) == answer


def test_whether_a_stranger_has_an_account_is_not_told(bad, steward, stranger):  # noqa: F811
    caller = Caller(steward)
    answers = [
        said(caller.post("triage/", {"findings": [bad.pk], "assignee": name}))
        for name in (stranger.username, "nobody-at-all")
    ]

    assert [(status, text.replace(stranger.username, "…")) for status, text in answers] == [
        (400, "There is nobody called … whom you may see."),
        (400, "There is nobody called nobody-at-all whom you may see."),
    ]


def test_the_board_is_saved_as_sarif(bad, clean, steward, signed_in):  # noqa: F811
    by_program = Caller(steward).get("triage/sarif").json()
    by_page = signed_in(steward).get("/findings/sarif")

    assert faults(by_program, SARIF) == []
    (result,) = by_program["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert (result["ruleId"], result["level"], place) == (
        "pickle_imports",
        "error",
        f"{clean.label}/files/notes.txt",
    )
    assert (json.loads(by_page.content), by_page["Content-Disposition"]) == (
        by_program,
        'attachment; filename="findings.sarif"',
    )


def test_the_board_is_saved_as_json(bad, clean, steward, signed_in):  # noqa: F811
    listed = Caller(steward).get("triage/").json()["results"]

    by_page = signed_in(steward).get("/findings/json")

    (saved,) = json.loads(by_page.content)["findings"]
    times = {"since", "due"}  # here to the millisecond
    assert [saved[key] for key in saved if key not in times] == [
        value for key, value in listed[0].items() if key not in times
    ]
    assert by_page["Content-Disposition"] == 'attachment; filename="findings.json"'
    assert Caller(steward).get("triage/json").json() == {"findings": listed}


# ------------------------------------------------------------------ found by several engines


@pytest.fixture
def alike(bad) -> Finding:
    """Another check says the same of the same path, and milder."""
    Finding.objects.filter(pk=bad.pk).update(message=f"It names strange.Name{ELSEWHERE}.")
    twin = found(bad.version, Severity.MEDIUM, "other")
    Finding.objects.filter(pk=twin.pk).update(check_name="configs", name="strange.Name")
    return Finding.objects.get(pk=twin.pk)


def test_what_several_engines_say_is_one_finding_with_credit_to_each(bad, alike, steward, signed_in):  # noqa: F811
    (listed,) = Caller(steward).get("triage/").json()["results"]
    (result,) = Caller(steward).get("triage/sarif").json()["runs"][0]["results"]

    engines = ["pickle_imports", "configs", "picklescan"]
    assert (listed["id"], listed["found_by"]) == (bad.pk, engines)
    assert (result["ruleId"], result["properties"]["foundBy"]) == ("pickle_imports", engines)
    assert "notes.txt, pickle_imports and configs and picklescan" in words(signed_in(steward).get(BOARD))


def test_who_asks_for_one_check_is_shown_what_it_says(bad, alike, steward):
    assert [each.pk for each in shown(steward, check="configs")] == [alike.pk]


def test_what_was_decided_of_one_alone_hides_no_other(bad, alike, steward):
    Triage.objects.create(
        artifact=bad.version.artifact,
        check_name=bad.check_name,
        path=bad.path,
        name=bad.name,
        state=Triage.State.FALSE_POSITIVE,
        by=steward,
    )

    assert [each.pk for each in shown(steward)] == [alike.pk]


def test_what_becomes_of_one_becomes_of_the_others(bad, alike, steward):
    done = actions.triage([bad], state="in-triage", by=steward)

    assert [(each.check_name, each.state) for each in Triage.objects.order_by("check_name")] == [
        ("configs", "in-triage"),
        ("pickle_imports", "in-triage"),
    ]
    assert [each.check_name for each in done] == ["pickle_imports"]


def test_waived_from_the_board_they_are_waived_together(bad, alike, steward):
    made = waive_all([bad], steward)

    assert [each.check_name for each in made] == ["pickle_imports"]
    assert states(steward) == {"strange.Name": "waived"}
    assert shown(steward) == []


def test_what_checks_of_quality_say_of_one_column_stays_two_things(clean, steward):
    outlying, personal = (found(clean, Severity.MEDIUM, check) for check in ("outliers", "pii_scan"))
    for finding in (outlying, personal):
        Finding.objects.filter(pk=finding.pk).update(check_name=finding.name, name="column:age")
        finding.refresh_from_db()

    assert [each.check_name for each in shown(steward)] == ["outliers", "pii_scan"]
    waive_all([outlying], steward)
    assert [each.check_name for each in shown(steward)] == ["pii_scan"]


def test_what_did_not_end_is_told_of_each_check(clean, steward):
    for check in ("configs", "tensors"):
        failed = found(clean, Severity.CRITICAL, check)
        Finding.objects.filter(pk=failed.pk).update(check_name=check, name=Finding.NOT_FINISHED)

    assert [each.check_name for each in shown(steward)] == ["configs", "tensors"]


def test_three_findings_cost_as_much_as_one(bad, clean, steward, signed_in):  # noqa: F811
    client = signed_in(steward)
    with_one = queries(client, BOARD)
    found(clean, Severity.LOW, "a.A")
    found(clean, Severity.LOW, "b.B")

    assert queries(client, BOARD) == with_one


# ------------------------------------------------------------------ waived together

UNTIL = timedelta(days=3)
ALONE = "Someone other than the author must do this."


@pytest.fixture
def others(artifact, author) -> list[Finding]:
    """Two findings in one version, and one of them again in a later one."""
    first, later = (factories.submitted(artifact, author) for _ in range(2))
    return [
        found(first, Severity.HIGH, "a.A"),
        found(first, Severity.HIGH, "b.B"),
        found(later, Severity.HIGH, "a.A"),
    ]


def waive_all(findings, by, days: timedelta = UNTIL):
    return actions.waive_all(findings, reason="Known.", expires=timezone.now() + days, by=by)


def test_several_are_waived_with_one_reason_and_one_end(others, steward):
    made = waive_all(others, steward)

    assert [(each.name, each.reason) for each in made] == [("a.A", "Known."), ("b.B", "Known.")]
    assert [finding.waived for finding in others] == [True, True, True]
    assert Event.objects.filter(action="finding.waive", actor="jonas").count() == 2


def test_one_of_ones_own_refuses_them_all_and_says_which(others, artifact, steward, author):
    own = found(factories.submitted(artifact, steward), Severity.HIGH, "c.C")

    with pytest.raises(Denied) as refused:
        waive_all([*others, own], steward)

    assert refused.value.sentence == (
        f"None was waived. scorer 3, c.C: {ALONE} Nothing objects to the other 2."
    )
    assert [each.sentence for each in refused.value.details["objections"]] == [f"scorer 3, c.C: {ALONE}"]
    assert Waiver.objects.count() == 0
    event = Event.objects.get(action="finding.waive")
    assert (event.outcome, event.subject) == ("refused", own.version.label)


def test_each_refusal_is_told_up_to_five(clean, author, steward):
    author.memberships.create(team=clean.team, role="steward", granted_by=steward)
    findings = [found(clean, Severity.HIGH, f"a.N{number}") for number in range(7)]

    with pytest.raises(Denied) as refused:
        waive_all(findings, author)

    assert (refused.value.sentence.count(ALONE), refused.value.sentence[-11:]) == (5, "And 2 more.")
    assert len(refused.value.details["objections"]) == 7


def test_an_end_that_is_too_late_for_one_is_too_late_for_all(clean, steward):
    findings = [found(clean, Severity.LOW, "a.A"), found(clean, Severity.CRITICAL, "b.B")]

    with pytest.raises(Invalid, match=r"None was waived\. scorer 1, b\.B: A waiver of a critical finding"):
        waive_all(findings, steward, timedelta(days=30))

    assert Waiver.objects.count() == 0


def test_waived_together_at_the_page(others, steward, signed_in):  # noqa: F811
    client = signed_in(steward)
    until = (timezone.now() + UNTIL).date().isoformat()
    keys = [each.pk for each in others]

    empty = client.post(BOARD, {"act": "waive", "findings": keys, "reason": "", "expires": until})
    done = client.post(BOARD, {"act": "waive", "findings": keys, "reason": "Known.", "expires": until})

    assert (empty.status_code, Waiver.objects.count()) == (400, 2)
    assert f'value="{others[2].pk}" checked' in empty.content.decode()
    assert told(done) == ["2 findings waived."]


def test_waived_together_by_programs(others, author, steward):
    sent = {
        "findings": [each.pk for each in others],
        "reason": "Known.",
        "expires": (timezone.now() + UNTIL).date().isoformat(),
    }

    refused = Caller(author).post("triage/waive", sent)
    done = Caller(steward).post("triage/waive", sent)
    again = Caller(steward).post("triage/waive", sent)

    assert (refused.status_code, done.status_code, done.json()) == (403, 200, {"waived": 2})
    assert (again.status_code, "This finding is waived already." in said(again)[1]) == (409, True)


def test_who_waives_nothing_is_offered_nothing(bad, author, steward, signed_in):  # noqa: F811
    shown = [words(signed_in(person).get(BOARD)) for person in (author, steward)]

    assert ["Waive the chosen ones" in page for page in shown] == [False, True]
