"""Files at pages: put into a draft, taken out again, listed, fetched with and without a warning."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse

from governance.models import Event
from registry import actions, storage
from registry.models import Blob, Severity
from tests import factories
from tests.pages import queries, said, told
from tests.registry.conftest import found
from tests.registry.views.conftest import page

pytestmark = pytest.mark.django_db


def file(name: str = "model.bin", content: bytes = b"weights") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def fetched(answer: StreamingHttpResponse) -> bytes:
    """The bytes of an answer; reading them to the end closes it."""
    return b"".join(answer.streaming_content)


def stored() -> list[str]:
    """What lies in the store, sealed or begun."""
    return [name for name, _ in storage.names()]


# ------------------------------------------------------------------ upload


def test_several_files_arrive_at_once_in_a_folder(draft, author, signed_in):
    files = {"folder": "/data/train/", "files": [file("a.csv", b"a,b\n"), file("b.csv", b"c,d\n")]}

    answer = signed_in(author).post(page(draft, "upload"), files)

    assert answer["Location"] == page(draft)
    assert told(answer) == ["2 files are added."]
    assert [(each.path, each.size) for each in draft.files.all()] == [
        ("data/train/a.csv", 4),
        ("data/train/b.csv", 4),
        ("notes.txt", 12),
    ]


def test_what_arrives_is_sealed_before_it_is_stored(draft, author, signed_in):
    signed_in(author).post(page(draft, "upload"), {"files": file(content=b"plain words " * 100)})

    folder = Path(settings.BLOBS.removeprefix("file://"))
    lying = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"plain words" not in lying


def test_a_file_at_the_same_path_is_replaced(draft, author, signed_in):
    signed_in(author).post(page(draft, "upload"), {"files": file("notes.txt", b"newer")})

    assert [(each.path, each.size) for each in draft.files.all()] == [("notes.txt", 5)]


def test_nothing_chosen_says_so(draft, author, signed_in):
    answer = signed_in(author).post(page(draft, "upload"), {"folder": "data"})

    assert answer.status_code == 400
    assert "Choose at least one file." in said(answer)


@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("steward", 403, "Only mara, who began this draft, may change or submit it."),
        ("operator", 403, "Your roles in fraud do not allow this"),
        ("stranger", 404, "There is no version 1 of scorer that you may see."),
    ],
)
def test_others_are_refused_and_leave_nothing_behind(draft, request, signed_in, who, status, sentence):
    before = stored()

    answer = signed_in(request.getfixturevalue(who)).post(page(draft, "upload"), {"files": file()})

    assert (answer.status_code, stored()) == (status, before)
    assert sentence in said(answer)


def test_nobody_leaves_nothing_behind(draft, client):
    before = stored()

    answer = client.post(page(draft, "upload"), {"files": file()})

    assert (answer.status_code, stored()) == (302, before)


def test_a_frozen_version_takes_no_file(waiting, author, signed_in):
    before = stored()

    answer = signed_in(author).post(page(waiting, "upload"), {"files": file()})

    assert (answer.status_code, stored()) == (409, before)
    assert "Version 1 is frozen: begin a new one to change anything." in said(answer)


@pytest.mark.parametrize("folder", ["../up", "a//b", "a/./b", "x" * 300, "a\u202eb", "a\\b"])
def test_a_folder_that_is_no_path_keeps_no_file(draft, author, signed_in, folder):
    before = stored()

    answer = signed_in(author).post(
        page(draft, "upload"), {"folder": folder, "files": [file("a"), file("b")]}
    )

    assert (answer.status_code, stored(), draft.files.count()) == (400, before, 1)
    assert "A file's path has" in said(answer)


def test_a_name_that_differs_only_in_case_is_refused_and_what_came_before_is_said(draft, author, signed_in):
    answer = signed_in(author).post(page(draft, "upload"), {"files": [file("a.bin"), file("NOTES.TXT")]})

    assert answer.status_code == 409
    assert (
        "There is already a file notes.txt, which differs only in case. 1 of 2 files were added before it."
        in said(answer)
    )
    assert sorted(stored()) == sorted(Blob.objects.values_list("name", flat=True))


def test_other_pages_take_no_files(artifact, author, signed_in):
    before = stored()

    signed_in(author).post("/models/new/", {"team": "fraud", "name": "risk", "file": file()})

    assert stored() == before


def test_an_upload_from_elsewhere_is_refused_and_leaves_nothing_behind(draft, author, signed_in):
    client = signed_in(author)
    client.handler.enforce_csrf_checks = True
    before = stored()

    answer = client.post(page(draft, "upload"), {"files": file()})

    assert (answer.status_code, stored(), draft.files.count()) == (403, before, 1)


# ------------------------------------------------------------------ removal


def test_a_file_is_removed_after_one_was_asked(draft, author, signed_in):
    client = signed_in(author)

    asked = client.get(page(draft, "remove?path=notes.txt"))
    answer = client.post(page(draft, "remove?path=notes.txt"))

    assert "Remove notes.txt?" in said(asked)
    assert (answer["Location"], draft.files.count()) == (page(draft), 0)
    assert told(answer) == ["notes.txt is removed."]


def test_a_file_of_somebody_elses_draft_stays(draft, steward, signed_in):
    client = signed_in(steward)

    statuses = [send(page(draft, "remove?path=notes.txt")).status_code for send in (client.get, client.post)]

    assert (statuses, draft.files.count()) == ([403, 403], 1)


def test_a_file_of_a_frozen_version_stays(waiting, author, signed_in):
    answer = signed_in(author).post(page(waiting, "remove?path=notes.txt"))

    assert (answer.status_code, waiting.files.count()) == (409, 1)
    assert "Version 1 is frozen" in said(answer)


def test_a_file_that_is_not_there_cannot_be_removed(draft, author, signed_in):
    assert signed_in(author).get(page(draft, "remove?path=other")).status_code == 404


# ------------------------------------------------------------------ lists


def test_files_are_listed_with_state_and_digest(clean, author, signed_in):
    found(clean, Severity.MEDIUM)

    words = said(signed_in(author).get(page(clean, "files/")))

    assert "notes.txt 1 medium" in words
    assert "12 B" in words


@pytest.mark.slow
def test_many_files_have_pages(artifact, author, signed_in):
    version = factories.draft(artifact, author, {f"{number:03}.txt": b"x" for number in range(101)})
    client = signed_in(author)

    first = client.get(page(version, "files/"))
    second = client.get(page(version, "files/") + first.context["pager"]["older"])

    assert [len(each.context["files"]) for each in (first, second)] == [100, 1]


def test_three_files_cost_as_much_as_one(artifact, author, signed_in):
    client = signed_in(author)
    one = factories.submitted(artifact, author)
    three = factories.submitted(artifact, author, dict.fromkeys("abc", b"x"))

    assert queries(client, page(one, "files/")) == queries(client, page(three, "files/"))


# ------------------------------------------------------------------ fetching


def test_a_clean_file_is_sent_whole_and_harmless(clean, author, signed_in):
    answer = signed_in(author).get(page(clean, "files/notes.txt"))

    assert fetched(answer) == b"plain words\n"
    assert {
        name: answer[name]
        for name in (
            "Content-Disposition",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "ETag",
            "Content-Type",
            "Content-Length",
        )
    } == {
        "Content-Disposition": 'attachment; filename="notes.txt"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": f'"{clean.files.get().sha256}"',
        "Content-Type": "application/octet-stream",
        "Content-Length": "12",
    }


def test_fetching_is_an_event(clean, author, signed_in):
    fetched(signed_in(author).get(page(clean, "files/notes.txt")))

    assert Event.objects.get(action="version.download").after["path"] == "notes.txt"


def test_before_something_dangerous_is_fetched_one_is_told_exactly_what_it_is(clean, author, signed_in):
    found(clean, Severity.CRITICAL, "posix.system")
    client = signed_in(author)

    asked = client.get(page(clean, "files/notes.txt"))

    words = said(asked)
    assert "Fetch notes.txt all the same? 1 open finding of version 1 keeps it from being used." in words
    assert "Critical notes.txt It names posix.system." in words
    assert Event.objects.filter(action="version.download").count() == 0


def test_fetched_knowingly_it_is_sent_and_on_the_record(clean, author, signed_in):
    found(clean, Severity.CRITICAL, "posix.system")

    answer = signed_in(author).post(page(clean, "files/notes.txt"))

    assert fetched(answer) == b"plain words\n"
    assert Event.objects.get(action="version.download").after["acknowledged"] == [
        "critical: pickle_imports posix.system"
    ]


def test_who_may_not_fetch_even_knowingly_is_refused_with_the_reason(clean, operator, signed_in):
    found(clean, Severity.CRITICAL, "posix.system")
    client = signed_in(operator)

    answers = [send(page(clean, "files/notes.txt")) for send in (client.get, client.post)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "Only its author and stewards may fetch it." in said(answers[0])
    assert Event.objects.filter(action="version.download", outcome="refused").count() == 2


def test_a_reader_fetches_what_was_released(clean, author, steward, operator, reader, signed_in):
    client = signed_in(reader)
    before = client.get(page(clean, "files/notes.txt")).status_code
    factories.approved(clean, steward, asker=author)
    actions.promote(clean, "production", by=operator)

    answer = client.get(page(clean, "files/notes.txt"))

    assert (before, fetched(answer)) == (404, b"plain words\n")


def test_a_file_that_is_not_there_is_not_found(clean, author, signed_in):
    assert signed_in(author).get(page(clean, "files/other.txt")).status_code == 404


def test_a_name_of_any_letters_is_sent_as_it_is(artifact, author, signed_in):
    version = factories.draft(artifact, author, {"données/été “1”.csv": b"x"})
    client = signed_in(author)

    listed = client.get(page(version, "files/"))
    answer = client.post(listed.context["files"][0].fetch)

    assert fetched(answer) == b"x"
    assert "filename*=utf-8''%C3%A9t%C3%A9%20%E2%80%9C1%E2%80%9D.csv" in answer["Content-Disposition"]


def test_a_large_file_is_sent_in_pieces(artifact, author, signed_in):
    content = bytes(range(256)) * 4096 * 3
    version = factories.draft(artifact, author, {"model.bin": content})

    answer = signed_in(author).post(page(version, "files/model.bin"))

    pieces = list(answer.streaming_content)
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 1 << 20


def test_a_range_is_sent(clean, author, signed_in):
    answer = signed_in(author).get(page(clean, "files/notes.txt"), headers={"Range": "bytes=6-10"})

    assert (answer.status_code, fetched(answer)) == (206, b"words")
