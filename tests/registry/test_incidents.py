"""A blocking finding on what a protected alias points at is an incident, until it is over."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from governance.models import Event, Notification
from registry import actions, checking
from registry.checks import Issue
from registry.models import CheckResult, Finding, Incident, Severity, Version
from registry.sandbox import Report
from registry.waiting import waiting as waits
from tests import factories
from tests.governance.api.caller import Caller, rows
from tests.pages import said as words
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

PAGE = "/models/fraud/scorer/versions/1/"
SAID = "staging points at scorer 1, which is blocked: 1 finding."


@pytest.fixture
def used(clean, steward, operator) -> Version:
    actions.promote(clean, "staging", by=operator)
    return clean


@pytest.fixture
def incident(used) -> Incident:
    check_says(used, Issue("high", "It names strange.Name.", "strange.Name"))
    return Incident.objects.get()


def check_says(version: Version, *issues: Issue, outcome: str = "done") -> None:
    """As when a check has run again."""
    result = CheckResult.objects.get(version=version, check_name="pickle_imports")
    report = Report("pickle_imports", outcome, list(issues), None, "", 0.1)
    checking.store(version, version.files.get(), [(result, report)])


def events() -> list[tuple[str, str, object]]:
    found = Event.objects.filter(action__startswith="incident.").order_by("pk")
    return [(event.action, event.subject, event.after) for event in found]


def told() -> list[str]:
    found = Notification.objects.filter(kind="incident").select_related("user")
    return sorted(message.user.username for message in found)


# ------------------------------------------------------------------ opening


def test_a_recheck_that_finds_something_in_use_opens_one(incident, used, author, steward, operator):
    assert (incident.version, incident.alias, incident.findings) == (used, "staging", ["strange.Name"])
    after = {"alias": "staging", "findings": ["strange.Name"]}
    assert events() == [("incident.open", used.label, after)]
    assert told() == ["jonas", "mara", "priya"]
    assert set(Notification.objects.filter(kind="incident").values_list("sentence", flat=True)) == {SAID}


def test_the_same_again_opens_nothing_and_tells_nobody(incident, used):
    before = (events(), Notification.objects.count())

    check_says(used, Issue("high", "It names strange.Name.", "strange.Name"))

    assert (events(), Notification.objects.count()) == before


def test_what_is_found_besides_changes_it_and_is_told(incident, used, author, steward, operator):
    check_says(used, Issue("high", "A name.", "strange.Name"), Issue("critical", "A call.", "os.system"))

    assert Incident.objects.get().findings == ["os.system", "strange.Name"]
    assert events()[-1][0] == "incident.change"
    assert told() == ["jonas", "jonas", "mara", "mara", "priya", "priya"]


def test_whose_it_is_is_not_told_twice_of_one_thing(incident, used):
    checking.finish(used)

    assert not Notification.objects.filter(kind="finding-blocking").exists()


@pytest.mark.parametrize("severity", ["medium", "low", "info"])
def test_what_does_not_block_is_none(used, severity):
    check_says(used, Issue(severity, "Something.", "some.Thing"))

    assert not Incident.objects.exists()


def test_a_check_that_fails_is_none(used):
    check_says(used, outcome="failed")

    assert Finding.objects.get().name == "not_finished"
    assert not Incident.objects.exists()


def test_an_alias_without_a_gate_has_none(clean, author):
    actions.move_alias(clean, "nightly", by=author)

    check_says(clean, Issue("critical", "A call.", "os.system"))

    assert not Incident.objects.exists()


# ------------------------------------------------------------------ closing


def cured(incident, steward, operator):
    check_says(incident.version)


def waived(incident, steward, operator):
    until = timezone.now() + timedelta(days=30)
    actions.waive(Finding.objects.get(), reason="Read.", expires=until, by=steward)


def withdrawn(incident, steward, operator):
    actions.withdraw(incident.version, reason="It leaks.", also=True, by=steward)


def moved(incident, steward, operator):
    artifact = incident.version.artifact
    later = factories.submitted(artifact, artifact.owner)
    CheckResult.objects.filter(version=later).update(outcome="done", finished_at=later.submitted_at)
    actions.promote(later, "staging", by=operator)


@pytest.mark.parametrize("end", [cured, waived, withdrawn, moved])
def test_it_closes_by_itself_and_says_how(incident, steward, operator, end):
    end(incident, steward, operator)

    over = Incident.objects.get()
    assert (over.how, over.closed_at is not None) == (end.__name__, True)
    action, subject, after = events()[-1]
    assert (action, subject) == ("incident.close", "models/fraud/scorer/versions/1")
    assert after == {"alias": "staging", "how": over.get_how_display()}
    assert not Notification.objects.filter(kind="incident").unread().exists()


def test_going_back_to_what_blocks_opens_another_one(incident, steward, operator):
    moved(incident, steward, operator)

    actions.roll_back(incident.version, "staging", reason="Better this.", by=operator)

    assert list(Incident.objects.values_list("how", flat=True)) == ["", "moved"]


@pytest.mark.django_db(transaction=True)
def test_beside_itself_it_opens_one(used):
    found(used, Severity.HIGH)
    together, changed = threading.Barrier(4), []

    def worker() -> None:
        together.wait(5)
        changed.append(actions.derive_incidents(used.artifact_id))
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert (sorted(changed), len(events())) == ([0, 0, 0, 1], 1)


# ------------------------------------------------------------------ shown


@pytest.mark.parametrize("address", [PAGE, "/models/fraud/scorer/"])
def test_the_version_and_its_artifact_say_so(incident, author, client, address):
    client.force_login(author)

    assert SAID in words(client.get(address))


def test_the_board_shows_what_is_in_use_though_a_later_version_has_it(incident, author, client):
    later = factories.submitted(incident.version.artifact, author)
    found(later, Severity.HIGH)
    found(later, Severity.HIGH, "other.Name")
    client.force_login(author)

    shown = words(client.get("/findings/?state=incident"))

    assert ("strange.Name" in shown, "other.Name" in shown) == (True, False)
    assert rows(Caller(author).get("triage/?state=incident"), "name") == ["strange.Name"]


def test_it_waits_for_whose_it_is_and_who_could_roll_back(incident, author, steward, operator, reader):
    colleague = factories.member(incident.team, "data-scientist")

    first = [[each.what for each in waits(who)][:1] for who in (author, steward, operator)]
    others = [each.what for who in (reader, colleague) for each in waits(who)]

    assert first == [[SAID]] * 3
    assert others == []


# ------------------------------------------------------------------ by programs


def test_programs_list_them_and_others_see_none(incident, author):
    stranger = factories.member(factories.team("elsewhere"), "steward")

    answer = Caller(author).get("incidents/")

    (row,) = answer.json()["results"]
    assert row == {
        "id": incident.pk,
        "version": "models/fraud/scorer/versions/1",
        "alias": "staging",
        "findings": ["strange.Name"],
        "open": True,
        "opened_at": row["opened_at"],
        "closed_at": None,
        "how": "",
    }
    assert rows(Caller(stranger).get("incidents/"), "id") == []


@pytest.mark.parametrize(
    ("query", "alias"), [("open=true", ["production"]), ("open=false", ["staging"]), ("team=x", [])]
)
def test_the_list_is_narrowed(used, author, query, alias):
    closed = {"closed_at": timezone.now(), "how": "cured"}
    Incident.objects.create(version=used, alias="staging", findings=["a.B"], **closed)
    Incident.objects.create(version=used, alias="production", findings=["a.B"])

    assert rows(Caller(author).get(f"incidents/?{query}"), "alias") == alias


def test_the_list_takes_the_same_few_queries_however_long(used, author):
    mara = Caller(author)
    Incident.objects.create(version=used, alias="staging", findings=["a.B"])
    one = mara.queries("incidents/")
    for alias in ("production", "other"):
        Incident.objects.create(version=used, alias=alias, findings=["a.B"])

    assert mara.queries("incidents/") == one <= 4
