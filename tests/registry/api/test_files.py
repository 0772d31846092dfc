"""Files by the API: put, fetched whole and in part, taken out, and all at once."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse

from governance import access
from governance.errors import Problem
from governance.models import Event, Membership, Team, User
from registry import actions
from registry.models import Artifact, Blob, File, Severity, Version
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.registry.api.conftest import passed
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

ONE = "models/fraud/scorer/versions/1"
FROZEN = "Version 1 is frozen: begin a new one to change anything."
SHAPE = "A file's path has no empty part, no “.” or “..”, and no part that starts or ends blank."
LENGTH = "A file's path has 1 to 255 characters and at most 40 folders."
HIDDEN = "A file's path has no backslash and no character that cannot be seen."
LETTERS = bytes(range(256)) * 10_000  # 2.5 MB: three segments


@pytest.fixture
def draft(artifact: Artifact, author: User) -> Version:
    return actions.add_version(artifact, by=author)


@pytest.fixture
def letters(artifact: Artifact, author: User) -> Version:
    """A clean version of two files."""
    return passed(factories.submitted(artifact, author, {"letters.bin": LETTERS, "a/notes.txt": b"words"}))


def downloads() -> int:
    return Event.objects.filter(action="version.download", outcome="done").count()


def blobs() -> list[str]:
    """What lies in the store."""
    from pathlib import Path

    return [file.name for file in Path(settings.BLOBS.removeprefix("file://")).rglob("*") if file.is_file()]


# ------------------------------------------------------------------ put


def test_file_is_put_and_put_again(mara: Caller, draft: Version) -> None:
    first = mara.put(f"{ONE}/files/a/notes.txt", b"words")
    second = mara.put(f"{ONE}/files/a/notes.txt", b"other words")

    digest = hashlib.sha256(b"words").hexdigest()
    assert (first.status_code, first.json()) == (201, {"path": "a/notes.txt", "size": 5, "sha256": digest})
    assert (second.status_code, second.json()["size"]) == (200, 11)
    assert File.objects.get().path == "a/notes.txt"


def test_empty_file_is_a_file(mara: Caller, draft: Version) -> None:
    answer = mara.put(f"{ONE}/files/empty", b"", CONTENT_LENGTH="0")

    assert (answer.status_code, answer.json()["size"]) == (201, 0)


def test_any_kind_of_content_is_only_bytes(mara: Caller, draft: Version) -> None:
    for kind in (
        "application/json",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "",
    ):
        assert mara.put(f"{ONE}/files/a", b"a=1&b=2", CONTENT_TYPE=kind).json()["size"] == 7


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("a%2Fb", "a/b"),
        ("a/b/", "a/b"),
        ("%C3%BC.txt", "ü.txt"),
        ("u%CC%88.txt", "ü.txt"),
        ("a%20b", "a b"),
        ("a%25b", "a%b"),
    ],
)
def test_paths_are_decoded(mara: Caller, draft: Version, path: str, kept: str) -> None:
    assert mara.put(f"{ONE}/files/{path}", b"x").json()["path"] == kept
    assert mara.get(f"{ONE}/files/{path}?acknowledge=1").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("../x", SHAPE),
        ("a/../../x", SHAPE),
        ("a/%2e%2e/x", SHAPE),
        ("a/..%2fx", SHAPE),
        ("a//x", SHAPE),
        ("%2Fetc", SHAPE),
        ("a/./x", SHAPE),
        ("a/%20/x", SHAPE),
        ("a%5Cx", HIDDEN),
        ("a%0Ax", HIDDEN),
        ("a%E2%80%AEb", HIDDEN),
        ("a%EE%80%80", HIDDEN),
        ("x" * 300, LENGTH),
        ("/".join("x" * 42), LENGTH),
        ("a%00b", "An address holds no NUL character."),
    ],
)
def test_paths_that_mislead_are_refused(mara: Caller, draft: Version, path: str, sentence: str) -> None:
    assert said(mara.put(f"{ONE}/files/{path}", b"x")) == (400, sentence)
    assert said(mara.get(f"{ONE}/files/{path}")) == (400, sentence)
    assert blobs() == []


def test_same_path_in_another_case_is_refused(mara: Caller, draft: Version) -> None:
    mara.put(f"{ONE}/files/Notes.txt", b"x")

    answer = mara.put(f"{ONE}/files/notes.txt", b"yy")

    assert said(answer) == (409, "There is already a file Notes.txt, which differs only in case.")
    assert len(blobs()) == 1


@pytest.mark.parametrize(("first", "second"), [("ß", "ẞ"), ("θ", "ϴ"), ("i", "İ"), ("K", "k")])
def test_case_is_what_the_database_says_in_every_alphabet(
    mara: Caller, draft: Version, first: str, second: str
) -> None:
    mara.put(f"{ONE}/files/{first}.txt", b"x")

    answer = mara.put(f"{ONE}/files/{second}.txt", b"yy")

    assert said(answer) == (409, f"There is already a file {first}.txt, which differs only in case.")
    assert len(blobs()) == 1


def test_frozen_version_takes_nothing(mara: Caller, waiting: Version) -> None:
    before = blobs()

    assert said(mara.put(f"{ONE}/files/new.txt", b"x")) == (409, FROZEN)
    assert said(mara.put(f"{ONE}/files/notes.txt", b"x")) == (409, FROZEN)
    assert said(mara.delete(f"{ONE}/files/notes.txt")) == (409, FROZEN)
    assert blobs() == before


@pytest.mark.parametrize("length", ["", "x", "-1", "1.5"])
def test_length_is_announced(mara: Caller, draft: Version, length: str) -> None:
    answer = mara.put(f"{ONE}/files/a", b"x", CONTENT_LENGTH=length)

    assert said(answer) == (411, "Announce how long the file is, with Content-Length.")


def test_chunked_body_is_refused(mara: Caller, draft: Version) -> None:
    assert mara.put(f"{ONE}/files/a", b"x", HTTP_TRANSFER_ENCODING="chunked").status_code == 411


def test_others_put_nothing(
    jonas: Caller, priya: Caller, rita: Caller, sven: Caller, nobody: Caller, draft: Version
) -> None:
    sentence = "Only mara, who began this draft, may change or submit it."

    assert said(jonas.put(f"{ONE}/files/a", b"x")) == (403, sentence)
    assert [who.put(f"{ONE}/files/a", b"x").status_code for who in (priya, rita, sven, nobody)] == [
        403,
        404,
        404,
        401,
    ]
    assert blobs() == []


def test_missing_master_key_is_said_and_cures_itself(mara: Caller, letters: Version, draft: Version) -> None:
    settings.MASTER_KEYS_FILE.rename(settings.MASTER_KEYS_FILE.with_suffix(".away"))
    sentence = "The master key file is missing. Put it back; until then no file can be opened."
    path = f"models/fraud/scorer/versions/{draft.number}/files/a"

    away = (
        mara.put(path, b"x"),
        mara.get(f"models/fraud/scorer/versions/{letters.number}/files/letters.bin"),
    )
    settings.MASTER_KEYS_FILE.with_suffix(".away").rename(settings.MASTER_KEYS_FILE)

    assert [said(answer) for answer in away] == [(503, sentence), (503, sentence)]
    assert mara.put(path, b"x").status_code == 201


def test_missing_store_is_said(mara: Caller, draft: Version) -> None:
    settings.BLOBS = "file:///nowhere/at/all"

    answer = mara.put(f"{ONE}/files/a", b"x")

    assert said(answer) == (503, "The blob store's folder is missing. It works again as soon as it is back.")


def test_full_disk_is_said_and_leaves_nothing(
    mara: Caller, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry.storage.folder import Folder

    monkeypatch.setattr(Folder, "room", lambda self: 0)

    answer = mara.put(f"{ONE}/files/a", b"x")

    assert said(answer) == (507, "There is no space left for this file. Nothing of it has been kept.")
    assert (blobs(), File.objects.count()) == ([], 0)


def test_file_is_taken_out_of_a_draft(mara: Caller, jonas: Caller, draft: Version) -> None:
    mara.put(f"{ONE}/files/a/b.txt", b"x")

    assert jonas.delete(f"{ONE}/files/a/b.txt").status_code == 403
    assert mara.delete(f"{ONE}/files/a/b.txt").status_code == 204
    assert said(mara.delete(f"{ONE}/files/a/b.txt")) == (404, "This draft has no file a/b.txt.")


# ------------------------------------------------------------------ fetched


def test_file_is_fetched_as_it_was_put(priya: Caller, letters: Version) -> None:
    answer = priya.get(f"{ONE}/files/letters.bin")

    assert (answer.status_code, answer.body == LETTERS, downloads()) == (200, True, 1)
    assert answer["Content-Length"] == str(len(LETTERS))
    assert answer["ETag"] == f'"{hashlib.sha256(LETTERS).hexdigest()}"'
    assert answer["Content-Disposition"] == 'attachment; filename="letters.bin"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=1048530-1048600", 1048530, 1048600),
        ("bytes=2559000-", 2559000, 2559999),
        ("bytes=2559990-9999999", 2559990, 2559999),
        ("bytes=-10", 2559990, 2559999),
    ],
)
def test_range_is_fetched(priya: Caller, letters: Version, asked: str, first: int, last: int) -> None:
    answer = priya.get(f"{ONE}/files/letters.bin", HTTP_RANGE=asked)

    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{last}/2560000")
    assert answer.body == LETTERS[first : last + 1]
    assert downloads() == 1


@pytest.mark.parametrize("asked", ["bytes=2560000-", "bytes=9999999-10000000", "bytes=-0"])
def test_range_behind_the_end_is_refused_and_no_download(priya: Caller, letters: Version, asked: str) -> None:
    answer = priya.get(f"{ONE}/files/letters.bin", HTTP_RANGE=asked)

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */2560000")
    assert downloads() == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=5-1", "bytes=x", "lines=1-2", "bytes=-", "bytes=" + "9" * 50 + "-"]
)
def test_other_ranges_give_the_whole(priya: Caller, letters: Version, asked: str) -> None:
    assert priya.get(f"{ONE}/files/letters.bin", HTTP_RANGE=asked).status_code == 200


def test_range_of_another_file_gives_the_whole(priya: Caller, letters: Version) -> None:
    tag = priya.ask("HEAD", f"{ONE}/files/letters.bin")["ETag"]
    path = f"{ONE}/files/letters.bin"

    assert priya.get(path, HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE=tag).status_code == 206
    assert priya.get(path, HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE='"other"').status_code == 200


def test_file_that_is_known_is_not_sent(priya: Caller, letters: Version) -> None:
    tag = priya.ask("HEAD", f"{ONE}/files/letters.bin")["ETag"]

    answer = priya.get(f"{ONE}/files/letters.bin", HTTP_IF_NONE_MATCH=f'"x", W/{tag}')

    assert (answer.status_code, answer["ETag"], answer.body, downloads()) == (304, tag, b"", 0)


def test_head_says_the_same_without_bytes_and_event(priya: Caller, letters: Version) -> None:
    answer = priya.ask("HEAD", f"{ONE}/files/letters.bin")

    assert (answer.status_code, answer["Content-Length"], answer.body, downloads()) == (
        200,
        "2560000",
        b"",
        0,
    )


def test_download_is_on_the_record(priya: Caller, letters: Version) -> None:
    priya.get(f"{ONE}/files/a/notes.txt")

    event = Event.objects.get(action="version.download")
    assert (event.subject, event.actor, event.digest) == (ONE, "priya", letters.digest)
    assert event.after == {"path": "a/notes.txt", "sha256": hashlib.sha256(b"words").hexdigest()}


def test_download_by_alias_says_which(rita: Caller, letters: Version, operator: User) -> None:
    actions.promote(letters, "staging", by=operator)

    answer = rita.get("models/fraud/scorer/aliases/staging/files/a/notes.txt")

    assert answer.body == b"words"
    assert Event.objects.get(action="version.download").after["alias"] == "staging"


def test_file_that_is_not_there_is_told(priya: Caller, letters: Version) -> None:
    sentence = "Version 1 has no file other.txt."

    assert said(priya.get(f"{ONE}/files/other.txt")) == (404, sentence)
    assert priya.ask("HEAD", f"{ONE}/files/other.txt").status_code == 404


@pytest.mark.parametrize("alias", ["production", "A", "%00", "%E2%80%AE", "a%0Ab"])
def test_alias_that_is_not_there_is_told(priya: Caller, letters: Version, alias: str) -> None:
    assert priya.get(f"models/fraud/scorer/aliases/{alias}/files/a/notes.txt").status_code in {400, 404}


@pytest.mark.parametrize("range_", ["", "bytes=0-1", "bytes=9999999-"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_way_to_fetch_asks_for_the_same_right(
    rita: Caller, letters: Version, operator: User, method: str, range_: str
) -> None:
    actions.promote(letters, "staging", by=operator)
    found(letters, Severity.CRITICAL)

    answer = rita.ask(method, f"{ONE}/files/letters.bin", HTTP_RANGE=range_)

    assert answer.status_code == 403
    assert Event.objects.filter(action="version.download", outcome="refused").count() == 1


def test_file_that_is_known_asks_for_the_same_right(rita: Caller, letters: Version, operator: User) -> None:
    actions.promote(letters, "staging", by=operator)
    tag = rita.ask("HEAD", f"{ONE}/files/letters.bin")["ETag"]
    found(letters, Severity.CRITICAL)

    assert rita.get(f"{ONE}/files/letters.bin", HTTP_IF_NONE_MATCH=tag).status_code == 403


def test_danger_is_fetched_knowingly_by_the_author_alone(
    mara: Caller, priya: Caller, letters: Version
) -> None:
    found(letters, Severity.CRITICAL)
    sentence = "notes.txt: It names strange.Name."

    assert said(mara.get(f"{ONE}/files/a/notes.txt")) == (
        403,
        f"{sentence} Fetch it only if you know what you do.",
    )
    assert mara.get(f"{ONE}/files/a/notes.txt?acknowledge=1").status_code == 200
    assert said(priya.get(f"{ONE}/files/a/notes.txt?acknowledge=1")) == (
        403,
        f"{sentence} Only its author and stewards may fetch it.",
    )
    assert Event.objects.filter(after__has_key="acknowledged").count() == 1


@pytest.mark.parametrize("value", ["2", "yes", ""])
def test_acknowledging_is_said_clearly(mara: Caller, letters: Version, value: str) -> None:
    assert mara.get(f"{ONE}/files/a/notes.txt?acknowledge={value}").status_code == 400


def test_right_that_was_withdrawn_is_gone_at_once(
    priya: Caller, letters: Version, team: Team, operator: User
) -> None:
    Membership.objects.filter(user=operator).delete()
    access.forget(operator)

    assert priya.get(f"{ONE}/files/a/notes.txt").status_code == 404


# ------------------------------------------------------------------ all at once


def members(answer: HttpResponse) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(answer.body)) as archive:
        for member in archive:
            held = archive.extractfile(member)
            assert held is not None
            yield member.name, held.read()


def test_all_files_come_in_one_archive(priya: Caller, letters: Version) -> None:
    answer = priya.get(f"{ONE}/archive.tar")

    assert (answer.status_code, answer["Content-Type"], downloads()) == (200, "application/x-tar", 1)
    assert answer["Content-Disposition"] == 'attachment; filename="scorer-1.tar"'
    assert dict(members(answer)) == {"letters.bin": LETTERS, "a/notes.txt": b"words"}
    assert Event.objects.get(action="version.download").after == {"files": 2}


def test_archive_is_as_long_as_announced_and_always_the_same(
    mara: Caller, artifact: Artifact, author: User
) -> None:
    names = ["a", "ü" * 120, "x/" * 10 + "y" * 200, "b" * 100, "c" * 101]
    contents = {name: bytes(size) for name, size in zip(names, [0, 1, 511, 512, 513], strict=True)}
    passed(factories.submitted(artifact, author, contents))

    answer = mara.get(f"{ONE}/archive.tar")
    sent = answer.body

    assert len(sent) == int(answer["Content-Length"])
    assert sent == mara.get(f"{ONE}/archive.tar/").body
    with tarfile.open(fileobj=io.BytesIO(sent)) as archive:
        assert sorted(archive.getnames()) == sorted(names)


def test_head_of_an_archive_says_its_length_and_is_no_download(mara: Caller, letters: Version) -> None:
    length = mara.get(f"{ONE}/archive.tar")["Content-Length"]

    answer = mara.ask("HEAD", f"{ONE}/archive.tar")

    assert (answer.status_code, answer["Content-Length"], downloads()) == (200, length, 1)


def test_archive_asks_for_the_same_right(
    mara: Caller, rita: Caller, letters: Version, operator: User
) -> None:
    actions.promote(letters, "staging", by=operator)
    found(letters, Severity.CRITICAL)

    assert [rita.ask(method, f"{ONE}/archive.tar").status_code for method in ("GET", "HEAD")] == [403, 403]
    assert [mara.get(f"{ONE}/archive.tar{query}").status_code for query in ("", "?acknowledge=1")] == [
        403,
        200,
    ]


def test_blob_that_is_missing_cuts_the_archive_short(mara: Caller, letters: Version) -> None:
    Blob.objects.filter(size=len(LETTERS)).update(name="0" * 32)
    address = f"/api/v1/{ONE}/archive.tar"

    answer = mara.client.get(address, HTTP_AUTHORIZATION=f"Bearer {mara.token}")
    sent = []
    with pytest.raises(Problem):
        sent.extend(answer.streaming_content)

    assert len(b"".join(sent)) < int(answer["Content-Length"])
    assert said(mara.get(f"{ONE}/files/letters.bin"))[0] == 500
