"""Files that come in pieces: gone on with after a cut, whole at the end, and nobody else's."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from governance.errors import Full
from governance.models import Event, Membership, User
from registry import actions, going_on, storage
from registry.actions import uploading
from registry.jobs.sweep_blobs import sweep_blobs
from registry.models import Artifact, Blob, File, Part, Upload, Version
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.registry.api.test_files import SHAPE, blobs

pytestmark = pytest.mark.django_db

ONE = "models/fraud/scorer/versions/1"
CONTENT = bytes(range(256)) * 12_000  # 3 MB: three segments
WORDS = b"plain words\n"


@pytest.fixture
def draft(artifact: Artifact, author: User) -> Version:
    return actions.add_version(artifact, by=author)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def begin(who: Caller, content: bytes = CONTENT, path: str = "model.bin", **more: object) -> HttpResponse:
    return who.post(f"{ONE}/uploads/", {"path": path, "size": len(content), **more})


def send(who: Caller, answer: HttpResponse, piece: bytes, start: int, **more: str) -> HttpResponse:
    address = f"{ONE}/uploads/{answer.json()['id']}/"
    return who.ask("PATCH", address, piece, HTTP_UPLOAD_OFFSET=str(start), **more)


def cut(draft: Version, person: User, came: bytes, announced: int) -> str:
    """The sentence about a request that broke off."""
    upload = draft.uploads.get()
    with pytest.raises(going_on.Invalid) as refused:
        going_on.go_on(upload, upload.received, io.BytesIO(came), announced, by=person)
    return refused.value.sentence


# ------------------------------------------------------------------ going on


def test_pieces_become_one_file(mara: Caller, draft: Version) -> None:
    begun = begin(mara, sha256=sha256(CONTENT))
    answers = [
        send(mara, begun, CONTENT[start : start + 1_000_000], start)
        for start in range(0, len(CONTENT), 1_000_000)
    ]

    last = {"offset": len(CONTENT), "complete": True, "sha256": sha256(CONTENT)}
    assert (begun.status_code, begun.json()["offset"], begun.json()["complete"]) == (201, 0, False)
    assert [answer["Upload-Offset"] for answer in answers] == ["1000000", "2000000", "3000000", "3072000"]
    assert [answer["Upload-Complete"] for answer in answers] == ["?0", "?0", "?0", "?1"]
    assert answers[-1].json() | last == answers[-1].json()
    assert mara.get(f"{ONE}/files/model.bin?acknowledge=1").body == CONTENT


def test_parts_are_sealed_and_gone_when_they_are_joined(
    mara: Caller, draft: Version, django_capture_on_commit_callbacks: Any
) -> None:
    begun = begin(mara, WORDS * 2)
    send(mara, begun, WORDS, 0)
    (part,) = Path(settings.BLOBS.removeprefix("file://")).rglob("?" * 32)

    plain = WORDS in part.read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        send(mara, begun, WORDS.upper(), len(WORDS))

    assert (plain, len(blobs()), Part.objects.count(), Blob.objects.count()) == (False, 1, 0, 1)


def test_all_at_once_is_not_joined(mara: Caller, draft: Version) -> None:
    begun = begin(mara, WORDS)
    send(mara, begun, WORDS, 0)

    assert (File.objects.get().sha256, Blob.objects.count(), len(blobs())) == (sha256(WORDS), 1, 1)
    assert [event.action for event in Event.objects.order_by("-pk")[:1]] == ["version.add_file"]


def test_an_empty_file_is_a_file(mara: Caller, draft: Version) -> None:
    answer = send(mara, begin(mara, b""), b"", 0, CONTENT_LENGTH="0")

    assert (answer.json()["complete"], File.objects.get().size) == (True, 0)


def test_what_came_before_a_cut_is_kept(mara: Caller, author: User, draft: Version) -> None:
    begun = begin(mara)

    sentence = cut(draft, author, CONTENT[:1_500_001], len(CONTENT))
    again = begin(mara)
    rest = send(mara, begun, CONTENT[1_500_001:], 1_500_001)

    assert sentence == "3072000 bytes were announced, 1500001 came and are kept."
    assert (again.status_code, again.json()["id"], again.json()["offset"]) == (
        200,
        begun.json()["id"],
        1_500_001,
    )
    assert (rest.json()["complete"], rest.json()["sha256"]) == (True, sha256(CONTENT))


def test_a_cut_before_the_first_byte_keeps_nothing(mara: Caller, author: User, draft: Version) -> None:
    begin(mara)

    sentence = cut(draft, author, b"", 5)

    assert (sentence, blobs()) == ("5 bytes were announced, 0 came and are kept.", [])


def test_a_large_piece_is_kept_part_by_part(
    mara: Caller, author: User, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(going_on, "PART", 1 << 20)
    begin(mara)

    cut(draft, author, CONTENT[: 3 << 19], len(CONTENT))

    assert [part.start for part in Part.objects.all()] == [0, 1 << 20]
    assert Upload.objects.get().received == 3 << 19


def test_offset_is_told_by_head_and_list(mara: Caller, draft: Version) -> None:
    begun = begin(mara)
    send(mara, begun, CONTENT[:1000], 0)

    head = mara.ask("HEAD", f"{ONE}/uploads/{begun.json()['id']}/")

    assert (head["Upload-Offset"], head["Upload-Complete"]) == ("1000", "?0")
    assert [row["path"] for row in mara.get(f"{ONE}/uploads/").json()["results"]] == ["model.bin"]


# ------------------------------------------------------------------ disagreeing


@pytest.mark.parametrize("start", [0, 999, 1001])
def test_another_offset_is_refused_with_the_right_one(mara: Caller, draft: Version, start: int) -> None:
    begun = begin(mara)
    send(mara, begun, CONTENT[:1000], 0)

    refused = send(mara, begun, b"x", start)

    assert said(refused) == (409, "1,000 bytes of model.bin are here: go on from there.")
    assert (refused["Upload-Offset"], Upload.objects.get().received) == ("1000", 1000)


def test_of_two_at_once_the_first_counts(
    mara: Caller, author: User, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(mara, WORDS)
    store = storage.store

    def slowly(stream: storage.Readable) -> storage.Stored:
        stored = store(stream)
        monkeypatch.setattr(storage, "store", store)
        send(mara, begun, WORDS[:5], 0)
        return stored

    monkeypatch.setattr(storage, "store", slowly)
    second = send(mara, begun, b"other", 0)

    assert said(second) == (409, "5 bytes of model.bin are here: go on from there.")
    assert (len(blobs()), Part.objects.count()) == (1, 1)
    assert send(mara, begun, WORDS[5:], 5).json()["sha256"] == sha256(WORDS)


def test_more_than_announced_is_refused(mara: Caller, draft: Version) -> None:
    refused = send(mara, begin(mara, WORDS), WORDS + b"!", 0)

    assert said(refused) == (400, "model.bin has 12 bytes: this would be more.")


@pytest.mark.parametrize("offset", ["-1", "1.0", "x", "٣", "1" * 30])
def test_an_offset_is_a_number(mara: Caller, draft: Version, offset: str) -> None:
    begun = begin(mara)

    refused = mara.ask("PATCH", f"{ONE}/uploads/{begun.json()['id']}/", b"x", HTTP_UPLOAD_OFFSET=offset)

    assert said(refused) == (400, "Upload-Offset is a whole number of bytes.")


def test_another_digest_than_announced_is_forgotten(mara: Caller, draft: Version) -> None:
    begun = begin(mara, WORDS, sha256=sha256(b"other"))

    refused = send(mara, begun, WORDS, 0)

    assert said(refused) == (400, "model.bin is not what was announced, by its SHA-256: send it again.")
    assert (File.objects.count(), Upload.objects.count()) == (0, 0)
    assert begin(mara, WORDS, sha256=sha256(WORDS)).json()["offset"] == 0


@pytest.mark.parametrize("other", [{"size": 11}, {"mark": "later"}, {"sha256": "0" * 64}])
def test_another_content_begins_anew(mara: Caller, draft: Version, other: dict[str, object]) -> None:
    begun = begin(mara, WORDS, mark="early")
    send(mara, begun, WORDS[:5], 0)

    again = mara.post(f"{ONE}/uploads/", {"path": "model.bin", "size": 12, "mark": "early", **other})

    assert (again.status_code, again.json()["offset"], Upload.objects.count()) == (201, 0, 1)
    assert mara.get(f"{ONE}/uploads/{begun.json()['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"path": "../x", "size": 1}, SHAPE),
        ({"path": "x", "size": -1}, "size: Ensure this value is greater than or equal to 0."),
        ({"path": "x", "size": 2**60}, "size: Ensure this value is less than or equal to 1125899906842624."),
        ({"path": "x", "size": 1, "sha256": "x"}, "A digest is 64 hexadecimal digits."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(mara: Caller, draft: Version, form: object, sentence: str) -> None:
    assert said(mara.post(f"{ONE}/uploads/", form)) == (400, sentence)
    assert Upload.objects.count() == 0


def test_a_path_that_differs_only_in_case_is_refused_before_a_byte(mara: Caller, draft: Version) -> None:
    mara.put(f"{ONE}/files/Model.bin", b"x")

    assert said(begin(mara)) == (409, "There is already a file Model.bin, which differs only in case.")


# ------------------------------------------------------------------ answers that were lost


def test_what_is_complete_is_told_so_again(mara: Caller, draft: Version) -> None:
    send(mara, begin(mara, WORDS), WORDS, 0)

    again = begin(mara, WORDS)

    assert (again.status_code, again.json()["complete"], again.json()["sha256"]) == (200, True, sha256(WORDS))
    assert said(send(mara, again, b"", 12, CONTENT_LENGTH="0"))[0] == 409


def test_what_was_taken_out_is_sent_again(mara: Caller, draft: Version) -> None:
    send(mara, begin(mara, WORDS), WORDS, 0)
    mara.delete(f"{ONE}/files/model.bin")

    again = begin(mara, WORDS)

    assert (again.status_code, again.json()["offset"]) == (201, 0)


def test_a_killed_join_is_made_up_for(
    mara: Caller, author: User, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(mara, WORDS)
    send(mara, begun, WORDS[:5], 0)
    with monkeypatch.context() as killed:
        killed.setattr(going_on, "finish", lambda upload, by: None)
        send(mara, begun, WORDS[5:], 5)
    before = (begin(mara, WORDS).json()["offset"], File.objects.count())

    answer = send(mara, begun, b"", 12, CONTENT_LENGTH="0")

    assert (before, answer.json()["complete"], File.objects.get().sha256) == ((12, 0), True, sha256(WORDS))


def test_only_one_joins_at_a_time(mara: Caller, draft: Version) -> None:
    begun = begin(mara, WORDS)
    send(mara, begun, WORDS[:5], 0)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [going_on.JOINING, begun.json()["id"]])
        meanwhile = send(mara, begun, WORDS[5:], 5)
    other.close()

    sentence = "The parts of model.bin are being joined: ask again in a moment."
    assert said(meanwhile) == (503, sentence)
    assert send(mara, begun, b"", 12, CONTENT_LENGTH="0").json()["complete"] is True


def test_a_full_disk_keeps_what_was_there(
    mara: Caller, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(mara, WORDS)
    send(mara, begun, WORDS[:5], 0)
    with monkeypatch.context() as full:
        full.setattr("registry.storage.folder.Folder.room", lambda self: -1)
        refused = send(mara, begun, WORDS[5:], 5)

    assert refused.status_code == Full.status
    assert send(mara, begun, WORDS[5:], 5).json()["complete"] is True


# ------------------------------------------------------------------ rights


def test_a_right_that_is_lost_stops_it(mara: Caller, author: User, draft: Version) -> None:
    begun = begin(mara, WORDS)
    send(mara, begun, WORDS[:5], 0)
    Membership.objects.filter(user=author).update(role="auditor")

    assert send(mara, begun, WORDS[5:], 5).status_code == 403
    assert (File.objects.count(), Upload.objects.get().received) == (0, 5)


def test_a_right_that_is_lost_meanwhile_keeps_nothing_more(
    mara: Caller, author: User, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, store = begin(mara, WORDS), storage.store

    def losing(stream: storage.Readable) -> storage.Stored:
        Membership.objects.filter(user=author).update(role="auditor")
        return store(stream)

    monkeypatch.setattr(storage, "store", losing)

    assert (send(mara, begun, WORDS, 0).status_code, blobs(), Part.objects.count()) == (403, [], 0)


def test_a_version_that_is_frozen_takes_nothing_more(mara: Caller, draft: Version) -> None:
    begun = begin(mara, WORDS)
    send(mara, begun, WORDS[:5], 0)
    mara.put(f"{ONE}/files/other", b"x")
    mara.post(f"{ONE}/submit")

    refused = send(mara, begun, WORDS[5:], 5)

    assert said(refused) == (409, "Version 1 is frozen: begin a new one to change anything.")
    assert [file.path for file in File.objects.all()] == ["other"]


def test_nobody_elses_can_be_seen_or_ended(mara: Caller, jonas: Caller, draft: Version) -> None:
    begun = begin(mara, WORDS)
    address = f"{ONE}/uploads/{begun.json()['id']}/"

    assert jonas.get(f"{ONE}/uploads/").json()["results"] == []
    assert [jonas.ask(method, address).status_code for method in ("GET", "PATCH", "DELETE")] == [404] * 3
    assert begin(jonas, WORDS).status_code == 403


def test_bytes_on_their_way_are_no_way_to_learn_what_is_held(
    mara: Caller, author: User, draft: Version, artifact: Artifact
) -> None:
    send(mara, begin(mara, WORDS * 2), WORDS, 0)
    named = {"path": "x", "size": len(WORDS), "sha256": sha256(WORDS)}

    assert mara.post(f"{ONE}/files/", {"files": [named]}).json() == {"files": []}


# ------------------------------------------------------------------ ending


def test_one_is_forgotten_when_asked(mara: Caller, draft: Version) -> None:
    begun = begin(mara, WORDS)

    assert mara.delete(f"{ONE}/uploads/{begun.json()['id']}/").status_code == 204
    assert Upload.objects.count() == 0


@pytest.mark.parametrize(("days", "left"), [(6, 1), (8, 0)])
def test_one_of_which_nothing_comes_is_swept(
    mara: Caller, draft: Version, days: int, left: int, django_capture_on_commit_callbacks: Any
) -> None:
    send(mara, begin(mara, WORDS), WORDS[:5], 0)
    old = timezone.now() - timedelta(days=days)
    Upload.objects.update(touched_at=old)
    Blob.objects.update(created_at=old)

    with django_capture_on_commit_callbacks(execute=True):
        sweep_blobs()

    assert (Upload.objects.count(), Blob.objects.count(), len(blobs())) == (left, left, left)


def test_a_draft_that_is_purged_takes_its_uploads_along(mara: Caller, draft: Version) -> None:
    send(mara, begin(mara, WORDS), WORDS[:5], 0)

    draft.delete()

    assert (Upload.objects.count(), Part.objects.count()) == (0, 0)


def test_too_many_pieces_are_refused(mara: Caller, draft: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "MOST_PARTS", 2)
    begun = begin(mara, WORDS)
    answers = [send(mara, begun, WORDS[start : start + 1], start) for start in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 413]


def test_a_read_only_role_cannot_begin(artifact: Artifact, draft: Version, rita: Caller) -> None:
    factories.submitted(artifact, draft.added_by)

    assert begin(rita, WORDS).status_code == 404
