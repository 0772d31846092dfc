"""Looking into files at the page and by the API, and walking through folders."""

from __future__ import annotations

import pytest

from governance.models import Event
from registry import previewing, storage
from registry.models import Severity
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import queries, said
from tests.registry.conftest import found
from tests.registry.views.conftest import page

pytestmark = pytest.mark.django_db

HOSTILE = b"<script>alert(1)</script>\n"


def looks() -> list[tuple[str, str]]:
    events = Event.objects.filter(action="version.preview").order_by("pk")
    return [(event.outcome, event.actor) for event in events]


# ------------------------------------------------------------------ previews


def test_the_page_shows_what_is_in_a_file_and_records_that(clean, author, signed_in):
    answer = signed_in(author).get(page(clean, "preview/notes.txt"))

    assert "1 plain words" in said(answer)
    assert looks() == [("done", "mara")]
    assert Event.objects.filter(action="version.download").count() == 0


def test_the_api_answers_the_same_parts(clean, author):
    answer = Caller(author).get(f"{clean.label}/preview/notes.txt")

    assert answer.json() == {
        "path": "notes.txt",
        "size": 12,
        "sha256": clean.files.get().sha256,
        "parts": [{"kind": "lines", "lines": ["plain words"], "label": "", "first": 1}],
    }
    assert looks() == [("done", "mara")]


def test_who_looks_again_soon_is_shown_what_was_made_and_is_recorded(clean, author, signed_in):
    client, where = signed_in(author), page(clean, "preview/notes.txt")
    first = client.get(where)
    storage.backend().delete(clean.files.get().blob.name)

    again = client.get(where)

    assert said(again) == said(first)
    assert looks() == [("done", "mara")] * 2


def test_the_oldest_previews_make_room_for_newer_ones():
    kept, long = previewing.Kept(), [previewing.previews.said("x" * previewing.MOST_KEPT)]
    kept.keep(("a", "a.txt"), [previewing.previews.said("a")])
    assert kept.find(("a", "a.txt")) == [{"kind": "said", "text": "a"}]

    kept.keep(("b", "b.txt"), [previewing.previews.said("b" * (previewing.MOST_KEPT - 100))])
    kept.keep(("c", "c.txt"), long)

    assert [kept.find((name, f"{name}.txt")) for name in "abc"] == [None] * 3


def test_a_preview_whose_minutes_are_over_is_forgotten_when_somebody_looks(monkeypatch):
    kept = previewing.Kept()
    kept.keep(("a", "a.txt"), [previewing.previews.said("a")])
    monkeypatch.setattr(previewing, "LONGEST_KEPT", -1)

    assert (kept.find(("b", "b.txt")), list(kept.made)) == (None, [])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.csv", "a.json", "a.py", "a.html", "a.svg"])
def test_hostile_content_is_text(artifact, author, signed_in, name):
    version = factories.draft(artifact, author, {name: HOSTILE})

    answer = signed_in(author).post(page(version, f"preview/{name}"))

    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    assert "<script>alert(1)</script>" in said(answer)


@pytest.mark.slow
def test_what_is_dangerous_is_told_before_it_is_shown(clean, author, signed_in):
    found(clean, Severity.CRITICAL, "posix.system")
    client = signed_in(author)

    asked, shown = (send(page(clean, "preview/notes.txt")) for send in (client.get, client.post))

    assert "Look into notes.txt all the same?" in said(asked)
    assert "plain words" not in said(asked)
    assert "plain words" in said(shown)
    [event] = Event.objects.filter(action="version.preview")
    assert event.after["acknowledged"] == ["critical: pickle_imports posix.system"]


def test_who_may_not_fetch_it_may_not_look_into_it(clean, operator, stranger, signed_in):
    found(clean, Severity.CRITICAL, "posix.system")
    where = page(clean, "preview/notes.txt")

    answers = [signed_in(person).post(where).status_code for person in (operator, stranger)]

    assert answers == [403, 404]
    assert looks() == [("refused", "priya")]


@pytest.mark.parametrize("path", ["other.txt", "notes.txt/x", "x" * 3000])
def test_a_file_that_is_not_there_is_not_found(clean, author, signed_in, path):
    assert signed_in(author).get(page(clean, f"preview/{path}")).status_code == 404


# ------------------------------------------------------------------ folders


def names(answer) -> list[tuple[str, str]]:
    return [(row.name, row.word) for row in answer.context["folder"].rows]


@pytest.fixture
def deep(artifact, author):
    folders = "/".join("abcdefghijklmnopqrstuvwxyz0123456789ABCD"[:40])
    files = {
        f"{folders}/x.txt": b"x",
        "data/one.txt": b"1",
        "data/more/two.txt": b"22",
        "data/more/three.txt": b"333",
        "README.md": b"# Read",
    }
    return factories.submitted(artifact, author, files)


def test_a_folder_shows_folders_first_and_a_lonely_way_as_one(deep, author, signed_in):
    client = signed_in(author)
    whole = "/".join("abcdefghijklmnopqrstuvwxyz0123456789ABCD")

    outermost = client.get(page(deep, "files/?folder="))
    inside = client.get(page(deep, "files/?folder=data"))
    deepest = client.get(page(deep, f"files/?folder={whole}"))

    assert names(outermost) == [(whole, "1 file"), ("data", "3 files"), ("README.md", "Being checked")]
    assert [row.size for row in outermost.context["folder"].rows] == [1, 6, 6]
    assert names(inside) == [("more", "2 files"), ("one.txt", "Being checked")]
    assert names(deepest) == [("x.txt", "Being checked")]


def test_a_folder_says_what_was_found_in_it(deep, author, signed_in):
    finding = found(deep, Severity.HIGH)
    type(finding).objects.filter(pk=finding.pk).update(path="data/more/two.txt")

    answer = signed_in(author).get(page(deep, "files/?folder="))

    assert [(row.state, row.word) for row in answer.context["folder"].rows][1] == ("blocked", "1 high")


def test_a_part_is_rows_alone(deep, author, signed_in):
    answer = signed_in(author).get(page(deep, "files/?folder=data&part=1"))

    assert answer.content.startswith(b"\n<li>") or answer.content.lstrip().startswith(b"<li>")
    assert b"<html" not in answer.content


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "status"),
    [("nothing", 404), ("dat", 404), ("../etc", 400), ("%00", 400), ("a%25", 404), ("_", 404)],
)
def test_a_folder_that_is_not_there_is_not_found(deep, author, signed_in, folder, status):
    assert signed_in(author).get(page(deep, f"files/?folder={folder}")).status_code == status


@pytest.mark.slow
def test_many_files_take_the_same_queries_and_a_page(artifact, author, signed_in, few_and_many):
    few, many = few_and_many
    client = signed_in(author)
    client.get(page(few))

    assert queries(client, page(few, "files/?folder=")) == queries(client, page(many, "files/?folder="))
    assert "The rest of the outermost folder" in said(client.get(page(many)))
    assert len(client.get(page(many, "files/?folder=")).context["folder"].rows) == 101
    assert names(client.get(page(many, "files/?folder=d"))) == [("e/f", "1 file")]


@pytest.fixture
def few_and_many(artifact, author):
    few = factories.submitted(artifact, author, {"d/e/f/x": b"x", "a": b"x", "b": b"x"})
    many = factories.draft(artifact, author, {"d/e/f/x": b"x"})
    file = many.files.get()
    rows = [
        type(file)(version=many, path=f"file {number:03d}", blob=file.blob, added_by=author)
        for number in range(120)
    ]
    type(file).objects.bulk_create(rows)
    from registry import actions

    actions.submit(many, by=author)
    many.refresh_from_db()
    return few, many
