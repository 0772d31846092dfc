"""Running checks in the real sandbox, and what is stored of them."""

from __future__ import annotations

import io
import os
import pickle
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from governance import actions as governing
from governance.models import Approval, Event, Notification
from registry import actions, checking
from registry.checks import CHECKS, Issue
from registry.engines import engine_of
from registry.models import CheckResult, Finding, Severity, Version
from registry.pickles import names
from registry.sandbox import Report
from tests import factories

pytestmark = pytest.mark.django_db


class Hostile:
    def __reduce__(self):
        return os.system, ("true",)


def state(version: Version) -> str:
    return Version.objects.with_state().get(pk=version.pk).state


def lose(version: Version) -> tuple[Path, Path]:
    """Take the only file's sealed bytes out of the store: where they were, and where they are now."""
    name = version.files.get().blob.name
    here = Path(settings.BLOBS.removeprefix("file://"), name[:2], name[2:4], name)
    return here, here.rename(here.with_suffix(".away"))


def test_a_version_is_checking_until_every_check_has_run(waiting):
    before = state(waiting)

    checking.run(waiting.pk)

    assert (before, state(waiting)) == ("checking", "ready")


def test_plain_values_and_prose_yield_nothing_above_low(artifact, author):
    files = {
        "model.pkl": pickle.dumps({"weights": [1, 2]}),
        "README.md": b"# Scorer\n",
        "notes.txt": b"Words.\n",
    }

    version = factories.checked(artifact, author, files)

    assert [found for found in version.findings.all() if found.severity > Severity.LOW] == []


def test_a_known_dangerous_callable_is_critical_and_named(artifact, author):
    version = factories.checked(artifact, author, {"model.pkl": pickle.dumps(Hostile())})

    finding = version.findings.get(severity=Severity.CRITICAL)
    assert (finding.name, finding.path, version.state) == ("posix.system", "model.pkl", "blocked")


def test_an_archive_whose_names_have_no_flag_for_unicode_is_read(artifact, author):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("schema.json", b"{}")

    version = factories.checked(artifact, author, {"model.skops": stream.getvalue()})

    assert {result.outcome for result in version.results.all()} == {"done"}


def test_the_same_run_twice_changes_nothing(artifact, author):
    version = factories.checked(artifact, author, {"model.pkl": pickle.dumps(Hostile())})
    rows = Finding.objects.values("pk", "opened_at", "closed_at")
    before = list(rows), Event.objects.count()

    checking.run(version.pk)

    assert (list(rows.all()), Event.objects.count()) == before


def test_a_recheck_that_finds_the_same_voids_nothing(artifact, author, steward):
    version = factories.checked(artifact, author, {"model.pkl": pickle.dumps([1])})
    factories.approved(version, steward, asker=author)

    actions.recheck(version, by=author)
    checking.run(version.pk)

    assert Approval.objects.get().state == "approved"


def test_a_finding_that_is_gone_is_closed(waiting, author):
    Finding.objects.create(
        version=waiting, check_name="file_type", path="notes.txt", name="old", severity=1, message="Old."
    )

    checking.run(waiting.pk)

    assert Finding.objects.get(name="old").closed_at is not None


def test_a_result_says_which_code_and_which_lists_judged(waiting):
    checking.run(waiting.pk)

    judged = CheckResult.objects.filter(check_name__in=["file_type", "pickle_imports"]).order_by("check_name")
    engines = [engine_of(CHECKS[name]) for name in ("file_type", "pickle_imports")]
    assert list(judged.values_list("engine_version", "list_version")) == [
        (engines[0], ""),
        (engines[1], names.VERSION),
    ]


def test_a_finding_that_comes_voids_the_approval(waiting, author):
    checking.run(waiting.pk)
    governing.request_approval(waiting.label, alias="production", by=author)
    report = Report("file_type", "done", [Issue("low", "Something new.", "new")], None, "", 0.1)
    result = CheckResult.objects.get(check_name="file_type")

    checking.store(waiting, waiting.files.get(), [(result, report)])

    assert Approval.objects.get().state == "void"
    assert Event.objects.filter(action="approval.void").count() == 1


def test_bytes_that_cannot_be_opened_are_a_finding_and_not_a_pass(waiting):
    lose(waiting)

    checking.run(waiting.pk)

    assert state(waiting) == "blocked"
    assert {result.outcome for result in CheckResult.objects.all()} == {"failed"}


def test_a_failure_is_cured_by_the_next_run(waiting):
    bytes_of, away = lose(waiting)
    checking.run(waiting.pk)
    away.rename(bytes_of)

    checking.run(waiting.pk)

    assert state(waiting) == "ready"
    assert Finding.objects.filter(closed_at=None).count() == 0


def test_a_failure_takes_nothing_back_of_what_the_last_finished_run_said(artifact, author):
    version = factories.checked(artifact, author, {"model.pkl": pickle.dumps(Hostile())})
    CheckResult.objects.filter(check_name="pickle_imports").update(fact={"calls": 1})
    before = CheckResult.objects.get(check_name="pickle_imports")
    lose(version)
    actions.recheck(version, by=author)

    checking.run(version.pk)

    names = version.findings.filter(check_name="pickle_imports", closed_at=None).values_list(
        "name", flat=True
    )
    after = CheckResult.objects.get(check_name="pickle_imports")
    assert set(names) == {"posix.system", checking.FAILURE}
    assert (after.outcome, after.fact, after.done_at) == ("failed", {"calls": 1}, before.finished_at)


def test_a_failure_says_whether_it_is_tried_again(waiting):
    lose(waiting)
    CheckResult.objects.update(asked_at=waiting.submitted_at - timedelta(minutes=1))
    ends = []

    for _ in range(4):
        checking.run(waiting.pk)
        message = Finding.objects.get(check_name="file_type").message
        ends.append((message.partition("are missing. ")[2], checking.overdue(limit=1)))

    again = "It is tried again by itself; if this stays, tell who runs this server."
    over = "It was tried 3 times: check the version again; if this stays, tell who runs this server."
    assert ends == [(again, [waiting.pk])] * 2 + [(over, [])] * 2


@pytest.mark.parametrize("part", ["key", "store"])
def test_what_is_away_is_waited_for_however_long(waiting, part):
    CheckResult.objects.update(asked_at=waiting.submitted_at - timedelta(minutes=1))
    here = settings.MASTER_KEYS_FILE if part == "key" else Path(settings.BLOBS.removeprefix("file://"))
    away = here.rename(here.with_suffix(".away"))
    before = Event.objects.count()

    for _ in range(5):
        checking.run(waiting.pk)

    results = CheckResult.objects.values_list("outcome", "attempts", "started_at").distinct()
    assert (state(waiting), list(results)) == ("checking", [("", 0, None)])
    assert (Finding.objects.count(), Event.objects.count()) == (0, before)
    away.rename(here)
    assert checking.overdue(limit=1) == [waiting.pk]
    checking.run(waiting.pk)
    assert state(waiting) == "ready"


def test_what_is_away_is_named_where_the_checks_wait(waiting):
    settings.MASTER_KEYS_FILE.rename(settings.MASTER_KEYS_FILE.with_suffix(".away"))

    checking.run(waiting.pk)

    said = "The master key file is missing. Put it back; until then no file can be opened."
    assert set(CheckResult.objects.values_list("error", flat=True)) == {said}


def test_a_run_whose_worker_was_killed_is_a_finding_and_runs_again(waiting):
    CheckResult.objects.filter(check_name="file_type").update(started_at=waiting.submitted_at, attempts=1)

    checking.run(waiting.pk)

    finding = Finding.objects.get(name=checking.FAILURE)
    assert finding.message.startswith("file_type was cut off: its worker was killed.")
    assert finding.closed_at is not None
    assert state(waiting) == "ready"


def test_a_run_of_a_check_that_no_longer_exists_is_left_alone(waiting):
    old = {"check_name": "long_gone", "started_at": waiting.submitted_at, "attempts": 1}
    CheckResult.objects.create(version=waiting, file=waiting.files.get(), **old)

    checking.run(waiting.pk)

    assert state(waiting) == "ready"
    assert CheckResult.objects.filter(**old, outcome="").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_one_version_do_not_meet():
    seen = []

    def second() -> None:
        with checking.alone(checking.SPACE, 7) as mine:
            seen.append(mine)
        connections.close_all()

    with checking.alone(checking.SPACE, 7) as mine:
        seen.append(mine)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    assert seen == [True, False]


def test_damaged_bytes_are_not_a_pass(waiting):
    for path in Path(settings.BLOBS.removeprefix("file://")).rglob("*"):
        if path.is_file():
            content = bytearray(path.read_bytes())
            content[-1] ^= 1
            path.write_bytes(content)

    checking.run(waiting.pk)

    assert state(waiting) == "blocked"


# ------------------------------------------------------------------ telling


def told(person):
    found = Notification.objects.filter(user=person, kind="finding-blocking").order_by("pk")
    return [notification.sentence for notification in found]


def hostile(artifact, author):
    return factories.checked(artifact, author, {"model.pkl": pickle.dumps(Hostile())})


def test_author_and_owner_hear_once_that_a_version_is_blocked(team, steward, author):
    version = hostile(factories.artifact(team, steward, name="scorer"), author)

    number = version.findings.blocking().count()
    sentence = f"Version 1 of scorer is blocked: {number} finding{'' if number == 1 else 's'}."
    assert (told(author), told(steward)) == ([sentence], [sentence])
    assert Notification.objects.count() == 2


def test_nobody_else_hears_of_it(artifact, author, steward):
    hostile(artifact, author)

    assert told(steward) == []


def test_a_clean_version_is_no_news(artifact, author):
    factories.checked(artifact, author)

    assert told(author) == []


def test_a_recheck_that_finds_the_same_is_no_news(artifact, author):
    version = hostile(artifact, author)

    actions.recheck(version, by=author)
    checking.run(version.pk)

    assert len(told(author)) == 1


def test_a_recheck_that_finds_more_is_news(artifact, author):
    version = hostile(artifact, author)
    Finding.objects.filter(severity=Severity.CRITICAL).delete()  # as if a newer revision found it now

    actions.recheck(version, by=author)
    checking.run(version.pk)

    assert len(told(author)) == 2


def test_a_failure_is_told_when_it_is_not_tried_again(waiting, author):
    lose(waiting)

    heard = []
    for _ in range(checking.MOST_ATTEMPTS):
        checking.run(waiting.pk)
        heard.append(len(told(author)))

    assert heard == [0, 0, 1]


@pytest.mark.django_db(transaction=True)
def test_the_verdict_is_in_the_transaction_of_the_last_report(artifact, author):
    """Whoever is killed after it has told, and who is killed before it is found by `overdue`."""
    version = factories.submitted(artifact, author, {"a.txt": b"words", "b.txt": b"words"})

    checking.run(version.pk)

    results = transactions("registry_checkresult ORDER BY finished_at")
    assert transactions("governance_event WHERE action = 'version.check'") == results[-1:]
    assert 2 <= len(set(results)) < len(results)  # those of one child that come at once are stored together


def transactions(rows):
    """In which transaction each of these rows was written last."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text FROM {rows}")
        return [xmin for (xmin,) in cursor.fetchall()]
