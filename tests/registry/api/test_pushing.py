"""Pushing by the API: the same again is the same version, and what is held need not be sent."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import Event, Membership, Team, User
from registry import actions
from registry.actions.pushing import MOST_ASKED
from registry.jobs.sweep_blobs import sweep
from registry.models import Artifact, Blob, File, Kind, Severity, Version
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

VERSIONS = "models/fraud/scorer/versions/"
WORDS = b"plain words\n"
OTHER = "The files are not those that were announced when version 1 was begun: begin another one."


def named(path: str, content: bytes = WORDS) -> dict[str, object]:
    return {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def digest(*files: dict[str, object]) -> str:
    rows = sorted([file["path"], file["size"], file["sha256"]] for file in files)
    return hashlib.sha256(json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


NOTES = named("notes.txt")


def begin(who: Caller, *files: dict[str, object], **facts: object) -> tuple[int, int]:
    """The status and the number."""
    answer = who.post(VERSIONS, {"digest": digest(*files), **facts})
    return answer.status_code, answer.json()["number"]


def submitted(who: Caller, number: int = 1) -> HttpResponse:
    who.put(f"{VERSIONS}{number}/files/notes.txt", WORDS)
    return who.post(f"{VERSIONS}{number}/submit")


# ------------------------------------------------------------------ the same again


def test_a_draft_of_the_same_goes_on(mara: Caller, artifact: Artifact) -> None:
    first = begin(mara, NOTES, metrics={"auc": 0.9})
    again = begin(mara, NOTES, metrics={"auc": 0.9})

    assert (first, again) == ((201, 1), (200, 1))
    assert Event.objects.filter(action="version.add").count() == 1


def test_what_was_submitted_last_is_answered_again(mara: Caller, artifact: Artifact) -> None:
    begin(mara, NOTES)
    frozen = submitted(mara).json()

    again = mara.post(VERSIONS, {"digest": digest(NOTES)})

    assert (frozen["digest"], frozen["files"]) == (digest(NOTES), [NOTES])
    assert (again.status_code, again.json()["number"], again.json()["digest"]) == (200, 1, digest(NOTES))


def test_what_was_submitted_before_the_last_is_a_new_version(mara: Caller, artifact: Artifact) -> None:
    begin(mara, NOTES)
    submitted(mara)
    begin(mara, named("other.txt"))
    mara.put(f"{VERSIONS}2/files/other.txt", WORDS)
    mara.post(f"{VERSIONS}2/submit")

    assert begin(mara, NOTES) == (201, 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "other",
    [{"metrics": {"auc": 0.8}}, {"notes": "second"}, {"parameters": {"depth": 3}}, {"parents": []}],
)
def test_other_facts_are_another_version(
    mara: Caller, artifact: Artifact, team: Team, author: User, other: dict[str, object]
) -> None:
    factories.submitted(factories.artifact(team, author, Kind.DATASET, name="wine"), author)
    wine = {"kind": "dataset", "team": "fraud", "name": "wine", "version": 1, "relation": "trained-on"}
    facts = {"metrics": {"auc": 0.9}, "notes": "first", "parameters": {"depth": 2}, "parents": [wine]}
    begin(mara, NOTES, **facts)

    assert begin(mara, NOTES, **facts) == (200, 1)
    assert begin(mara, NOTES, **{**facts, **other}) == (201, 2)


def test_a_draft_of_somebody_else_is_not_taken_over(mara: Caller, jonas: Caller, artifact: Artifact) -> None:
    assert (begin(mara, NOTES), begin(jonas, NOTES)) == ((201, 1), (201, 2))


def test_a_draft_is_frozen_under_no_other_digest_than_announced(mara: Caller, artifact: Artifact) -> None:
    begin(mara, NOTES)
    mara.put(f"{VERSIONS}1/files/notes.txt", b"other words")

    refused = mara.post(f"{VERSIONS}1/submit")

    assert (said(refused), Version.objects.get().is_draft) == ((409, OTHER), True)
    assert submitted(mara).status_code == 202


def test_what_was_announced_may_be_submitted_twice(mara: Caller, jonas: Caller, artifact: Artifact) -> None:
    begin(mara, NOTES)
    first = submitted(mara)
    events = Event.objects.filter(outcome="done").count()

    again = mara.post(f"{VERSIONS}1/submit")

    assert (again.status_code, again.json()["submitted_at"]) == (202, first.json()["submitted_at"])
    assert Event.objects.filter(outcome="done").count() == events
    assert jonas.post(f"{VERSIONS}1/submit").status_code == 403


@pytest.mark.parametrize("text", ["", "x", "0" * 63, "G" * 64, "A" * 64])
def test_what_is_no_digest_is_refused(mara: Caller, artifact: Artifact, text: str) -> None:
    answer = mara.post(VERSIONS, {"digest": text})

    assert (answer.status_code, Version.objects.count()) == (400, 0)


def test_who_does_not_push_begins_nothing(
    priya: Caller, rita: Caller, sven: Caller, nobody: Caller, artifact: Artifact
) -> None:
    callers = (priya, rita, sven, nobody)

    statuses = [who.post(VERSIONS, {"digest": digest(NOTES)}).status_code for who in callers]

    assert statuses == [403, 404, 404, 401]


# ------------------------------------------------------------------ held already


def held(who: Caller, *files: dict[str, object]) -> list[object]:
    """Begin a draft, name files, and say which of them need not be sent."""
    number = who.post(VERSIONS, {}).json()["number"]
    answer = who.post(f"{VERSIONS}{number}/files/", {"files": list(files)})
    assert answer.status_code == 200
    kept = [*File.objects.filter(version__number=number, version__artifact__name="scorer")]
    assert [file.path for file in kept] == [file["path"] for file in answer.json()["files"]]
    return answer.json()["files"]


def test_bytes_of_a_version_that_one_may_fetch_are_not_sent_again(mara: Caller, clean: Version) -> None:
    other = named("elsewhere/copy.txt")

    assert held(mara, other, named("new.txt", b"new")) == [other]
    assert Blob.objects.count() == 1
    event = Event.objects.filter(action="version.add_file").order_by("-pk").first()
    assert (event.subject, event.after) == ("models/fraud/scorer/versions/2", other)


def test_bytes_of_somebody_elses_clean_version_are_not_sent_either(jonas: Caller, clean: Version) -> None:
    assert held(jonas, NOTES) == [NOTES]


def test_bytes_of_ones_own_draft_are_not_sent_again(mara: Caller, artifact: Artifact) -> None:
    begin(mara, NOTES)
    mara.put(f"{VERSIONS}1/files/notes.txt", WORDS)

    assert held(mara, NOTES) == [NOTES]


def test_bytes_of_somebody_elses_draft_have_to_be_sent(
    mara: Caller, jonas: Caller, artifact: Artifact
) -> None:
    begin(mara, NOTES)
    mara.put(f"{VERSIONS}1/files/notes.txt", WORDS)

    assert held(jonas, NOTES) == []


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.HIGH])
def test_bytes_of_a_blocked_version_have_to_be_sent(mara: Caller, clean: Version, severity: Severity) -> None:
    found(clean, severity)

    assert held(mara, NOTES) == []


def test_bytes_that_are_being_checked_have_to_be_sent(mara: Caller, waiting: Version) -> None:
    assert held(mara, NOTES) == []


def test_bytes_of_another_team_have_to_be_sent(mara: Caller, clean: Version, author: User) -> None:
    pricing = factories.team("pricing")
    Membership.objects.create(team=pricing, user=author, role="data-scientist", granted_by=author)
    factories.artifact(pricing, author, name="premium")
    mara.post("models/pricing/premium/versions/", {})

    answer = mara.post("models/pricing/premium/versions/1/files/", {"files": [NOTES]})

    assert (answer.status_code, answer.json()) == (200, {"files": []})


def test_not_held_and_not_yours_are_the_same_answer(jonas: Caller, waiting: Version) -> None:
    jonas.post(VERSIONS, {})

    answers = [
        jonas.post(f"{VERSIONS}2/files/", {"files": [file]})
        for file in (NOTES, named("notes.txt", b"nobody has these"))
    ]

    assert [(answer.status_code, answer.body) for answer in answers] == [(200, b'{"files":[]}')] * 2


def test_a_size_that_is_not_the_files_finds_nothing(mara: Caller, clean: Version) -> None:
    assert held(mara, {**NOTES, "size": 1}) == []


def test_a_file_that_is_there_is_replaced(mara: Caller, clean: Version) -> None:
    mara.post(VERSIONS, {})
    mara.put(f"{VERSIONS}2/files/notes.txt", b"other words")

    mara.post(f"{VERSIONS}2/files/", {"files": [NOTES]})

    assert [file.sha256 for file in File.objects.filter(version__number=2)] == [NOTES["sha256"]]


def test_only_who_began_the_draft_names_files(
    mara: Caller, jonas: Caller, rita: Caller, sven: Caller, nobody: Caller, clean: Version
) -> None:
    mara.post(VERSIONS, {})

    statuses = [
        who.post(f"{VERSIONS}2/files/", {"files": [NOTES]}).status_code for who in (jonas, rita, sven, nobody)
    ]

    assert (statuses, File.objects.count()) == ([403, 404, 404, 401], 1)


def test_a_frozen_version_takes_no_names(mara: Caller, clean: Version) -> None:
    answer = mara.post(f"{VERSIONS}1/files/", {"files": [named("more.txt")]})

    assert said(answer) == (409, "Version 1 is frozen: begin a new one to change anything.")


@pytest.mark.slow
@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a//b", "a\\b", ""])
def test_a_path_that_misleads_is_refused(mara: Caller, clean: Version, path: str) -> None:
    mara.post(VERSIONS, {})

    answer = mara.post(f"{VERSIONS}2/files/", {"files": [NOTES, {**NOTES, "path": path}]})

    assert (answer.status_code, File.objects.count()) == (400, 1)


def test_two_files_with_one_path_are_refused(mara: Caller, clean: Version) -> None:
    mara.post(VERSIONS, {})

    answer = mara.post(f"{VERSIONS}2/files/", {"files": [NOTES, named("notes.txt", b"other words")]})

    assert said(answer) == (400, "Two files are called notes.txt.")


@pytest.mark.slow
def test_only_the_newest_versions_are_asked(
    mara: Caller, artifact: Artifact, author: User, clean: Version
) -> None:
    for _ in range(MOST_ASKED):
        factories.submitted(artifact, author)

    assert held(mara, NOTES) == []


def test_files_that_are_not_held_cost_no_query_each(artifact: Artifact, author: User, clean: Version) -> None:
    draft = actions.add_version(artifact, by=author)

    def queries(number: int) -> int:
        wanted = [(f"{each}.txt", each, f"{each:064x}") for each in range(number)]
        with CaptureQueriesContext(connection) as captured:
            assert actions.add_held_files(draft, wanted, by=author) == []
        return len(captured)

    assert queries(1) == queries(50)


def test_bytes_that_drafts_gave_up_are_kept_once_they_are_named(
    mara: Caller, artifact: Artifact, author: User
) -> None:
    begin(mara, NOTES)
    mara.put(f"{VERSIONS}1/files/notes.txt", WORDS)
    held(mara, NOTES)
    mara.delete(f"{VERSIONS}1/files/notes.txt")

    sweep(timezone.now())

    assert Blob.objects.count() == 1
