"""Two requests at once, in transactions of their own: each outcome is one that could have come in turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse

from governance.models import Event, User, Vote
from registry.digests import digest_of
from registry.models import Alias, Artifact, File, Move, Version
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.api.conftest import passed

pytestmark = pytest.mark.django_db(transaction=True)

VERSIONS = "models/fraud/scorer/versions"
ALIASES = "models/fraud/scorer/aliases"


def at_once(*requests: Callable[[], HttpResponse]) -> list[HttpResponse]:
    """Run all of them at the same moment, each on a connection of its own."""
    start, answers = threading.Barrier(len(requests)), {}

    def run(place: int, request: Callable[[], HttpResponse]) -> None:
        start.wait()
        try:
            answers[place] = request()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[place] for place in range(len(requests))]


def statuses(answers: list[HttpResponse]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def twins(caller: Caller, count: int = 2) -> list[Caller]:
    """The same person from several programs at once."""
    return [Caller(token=caller.token) for _ in range(count)]


def test_version_is_submitted_once(mara: Caller, artifact: Artifact, author: User) -> None:
    version = factories.draft(artifact, author)

    answers = at_once(*[lambda c=c: c.post(f"{VERSIONS}/1/submit") for c in twins(mara, 4)])

    assert statuses(answers) == [202, 409, 409, 409]
    assert Event.objects.filter(action="version.submit", outcome="done").count() == 1
    version.refresh_from_db()
    assert version.digest == digest_of(version)


def test_drafts_get_numbers_of_their_own(mara: Caller, artifact: Artifact) -> None:
    answers = at_once(*[lambda c=c: c.post(f"{VERSIONS}/") for c in twins(mara, 4)])

    assert sorted(answer.json()["number"] for answer in answers) == [1, 2, 3, 4]


def test_name_is_given_once(mara: Caller) -> None:
    names = ["churn", "Churn", "CHURN"]

    answers = at_once(
        *[
            lambda c=c, name=name: c.post("models/", {"team": "fraud", "name": name})
            for c, name in zip(twins(mara, 3), names, strict=True)
        ]
    )

    assert statuses(answers) == [201, 409, 409]


def test_two_promotions_of_one_version_are_one(priya: Caller, clean: Version) -> None:
    answers = at_once(*[lambda c=c: c.put(f"{ALIASES}/staging", {"version": 1}) for c in twins(priya, 3)])

    assert statuses(answers) == [200, 200, 200]
    assert (Alias.objects.count(), Move.objects.count()) == (1, 1)
    assert Event.objects.filter(action="version.promote").count() == 1


def test_two_promotions_of_two_versions_happen_in_turn(
    priya: Caller, artifact: Artifact, clean: Version, author: User
) -> None:
    passed(factories.submitted(artifact, author))
    one, two = twins(priya)

    answers = at_once(
        lambda: one.put(f"{ALIASES}/staging", {"version": 1}),
        lambda: two.put(f"{ALIASES}/staging", {"version": 2}),
    )

    first, last = Move.objects.order_by("pk")
    assert statuses(answers) == [200, 200]
    assert (first.before, last.before) == (None, first.version)
    assert Alias.objects.get().version == last.version


def test_approval_is_used_once_by_one_version(
    mara: Caller, jonas: Caller, priya: Caller, artifact: Artifact, clean: Version, author: User
) -> None:
    second = passed(factories.submitted(artifact, author))
    asked = mara.post("approvals/", {"subject": second.label, "alias": "production"}).json()
    jonas.post(f"approvals/{asked['id']}/approve")
    one, two = twins(priya)

    answers = at_once(
        lambda: one.put(f"{ALIASES}/production", {"version": 1}),
        lambda: two.put(f"{ALIASES}/production", {"version": 2}),
    )

    assert [answer.status_code for answer in answers] == [403, 200]


def test_person_votes_once(mara: Caller, jonas: Caller, clean: Version) -> None:
    asked = mara.post("approvals/", {"subject": clean.label, "alias": "production"}).json()["id"]

    answers = at_once(*[lambda c=c: c.post(f"approvals/{asked}/approve") for c in twins(jonas, 3)])

    assert statuses(answers) == [200, 409, 409]
    assert Vote.objects.count() == 1


def test_same_is_asked_once(mara: Caller, clean: Version) -> None:
    body = {"subject": clean.label, "alias": "production"}

    answers = at_once(*[lambda c=c: c.post("approvals/", body) for c in twins(mara, 3)])

    assert statuses(answers) == [201, 409, 409]


def test_file_put_while_a_version_is_submitted_is_in_it_or_refused(
    mara: Caller, artifact: Artifact, author: User
) -> None:
    version = factories.draft(artifact, author)
    one, two = twins(mara)

    put, submitted = at_once(
        lambda: one.put(f"{VERSIONS}/1/files/late.txt", b"late"),
        lambda: two.post(f"{VERSIONS}/1/submit"),
    )

    version.refresh_from_db()
    assert (put.status_code, submitted.status_code) in {(201, 202), (409, 202)}
    assert version.digest == digest_of(version)
    assert version.files.filter(path="late.txt").exists() == (put.status_code == 201)


def test_same_path_put_twice_leaves_one_file_and_its_bytes(mara: Caller, artifact: Artifact) -> None:
    mara.post(f"{VERSIONS}/")

    answers = at_once(
        *[
            lambda c=c, n=n: c.put(f"{VERSIONS}/1/files/a", b"same" if n < 2 else b"other")
            for n, c in enumerate(twins(mara, 3))
        ]
    )

    assert set(statuses(answers)) <= {200, 201}
    assert File.objects.count() == 1
    kept = [path for path in Path(settings.BLOBS.removeprefix("file://")).rglob("*") if path.is_file()]
    assert len(kept) == 2  # "same" once, and "other", which a sweep removes when no file uses it
