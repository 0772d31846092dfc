"""Zips of Markdown by page: sent, read by a worker, looked at, and taken in."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.actions import add_token
from governance.errors import Conflict
from governance.models import Event, Membership
from kb import actions, archives, importing
from kb.models import Article, Import
from registry import storage
from registry.models import Blob
from tests.governance.api.caller import Caller
from tests.kb.conftest import written
from tests.kb.test_archives import zipped

pytestmark = pytest.mark.django_db

PAGE = "/articles/import/fraud/"


def sent(team, by, *files: tuple[str, bytes]) -> Import:
    """A zip that was sent and read."""
    stored = storage.store(io.BytesIO(zipped(*files)))
    made = actions.send_import(team, "notes.zip", stored, by=by)
    importing.read(made.pk)
    made.refresh_from_db()
    return made


def taken(made: Import) -> Import:
    actions.take_import(made, by=made.by)
    assert importing.take(made.pk, until=float("inf"))
    made.refresh_from_db()
    return made


def became(made: Import) -> dict[str, str]:
    return {each["path"]: each["what"] for each in made.plan}


def said(made: Import) -> list[str]:
    return [each["said"] for each in made.plan]


def test_a_zip_is_sent_looked_at_and_taken_in(client, fraud, mara):
    client.force_login(mara)
    out = zipped(("guide/first.md", b"# First\n\nText"), ("plain.md", b"Text"))

    address = client.post(PAGE, {"files": SimpleUploadedFile("notes.zip", out)}).url
    waits = client.get(address).content.decode()
    importing.work()
    shown = client.get(address).content.decode()
    before = Article.objects.count()
    client.post(address)
    importing.work()
    ended = client.get(address).content.decode()

    assert ("It is being read." in waits, "2 articles of 2 files would be stored." in shown) == (True, True)
    assert (before, "It is taken in." in ended) == (0, True)
    assert {article.slug: article.text for article in Article.objects.all()} == {
        "guide-first": "# First\n\nText",
        "plain": "Text",
    }
    event = Event.objects.get(action="article.import")
    assert (event.subject, event.after) == ("teams/fraud", {"new": 2, "changed": 0})


@pytest.mark.slow  # the same as by a program, through the pages
def test_what_went_out_comes_in_by_page_byte_by_byte(client, fraud, mara, zoe):
    written(
        fraud, mara, slug="a", title='Ti: "tle" — ü', text="---\nno: front\n---\n\n\nText\n\n", labels=["psi"]
    )
    written(fraud, mara, slug="b", title="Empty", text="")
    out = Caller(mara).get("articles/export?team=fraud").content
    client.force_login(zoe)

    client.post("/articles/import/pricing/", {"files": SimpleUploadedFile("out.zip", out)})
    importing.work()
    client.post(f"/imports/{Import.objects.get().pk}/")
    importing.work()

    assert Caller(zoe).get("articles/export?team=pricing").content == out


def test_a_folder_keeps_where_its_files_lie(client, fraud, mara):
    client.force_login(mara)
    names = ("index.md", ".DS_Store", "index.md")  # macOS puts one of its own into folders
    files = [SimpleUploadedFile(name, b"Text") for name in names]
    paths = json.dumps(["notes/a/index.md", "notes/b/.DS_Store", "notes/b/index.md"])

    client.post(PAGE, {"files": files, "paths": paths})
    importing.work()

    assert became(Import.objects.get()) == {"notes/a/index.md": "new", "notes/b/index.md": "new"}


def test_more_files_than_a_form_takes_are_told_what_to_do(client, mara):
    client.force_login(mara)

    answer = client.post(PAGE, {"files": [SimpleUploadedFile(f"{each}.md", b"x") for each in range(101)]})

    assert (answer.status_code, Import.objects.count()) == (413, 0)
    assert "These are more than 100 files: send fewer at once, or one zip" in answer.content.decode()


def test_a_program_sends_looks_and_takes_in(fraud, mara, jonas):
    caller, other = Caller(mara), Caller(jonas)
    out = zipped(("a.md", b"# First\n\nText"), ("b.md", b"Text"), ("c.md", b"\xff"))

    sent = caller.post("imports/?team=fraud&name=notes.zip", out).json()
    importing.work()
    read = caller.get(f"imports/{sent['id']}/").json()
    first = caller.get(f"imports/{sent['id']}/files?size=2").json()
    left = caller.get(f"imports/{sent['id']}/files?what=left").json()["results"]
    rest = caller.get(first["next"].partition("/api/v1/")[2]).json()
    before = Article.objects.count()
    taken = caller.post(f"imports/{sent['id']}/take").json()
    importing.work()
    ended = caller.get("imports/").json()["results"]

    assert (sent["state"], sent["files"], read["state"], read["files"]) == ("reading", None, "read", 3)
    assert [each["what"] for each in first["results"]] == ["new", "new"]
    assert (rest["results"], rest["next"]) == (left, None)
    assert left[0]["said"] == "c.md is not text in UTF-8."
    assert (before, taken["state"], [(each["state"], each["done"]) for each in ended]) == (
        0,
        "taking",
        [("done", {"new": 2, "left": 1})],
    )
    assert other.get(f"imports/{sent['id']}/").status_code == 404
    assert caller.delete(f"imports/{sent['id']}/").status_code == 409


def test_a_program_forgets_what_it_sent(fraud, mara, rita, zoe):
    sent = Caller(mara).post("imports/?team=fraud", zipped(("a.md", b"x"))).json()
    pricing = Membership.objects.filter(user=zoe).first().team
    pricing.memberships.create(user=mara, role="data-scientist", granted_by=zoe)
    narrow = Caller(mara, add_token(mara, name="narrow", team=pricing, by=mara)[1])

    refused = Caller(rita).post("imports/?team=fraud", zipped(("a.md", b"x"))).status_code
    elsewhere = narrow.get("imports/").json()["results"], narrow.delete(f"imports/{sent['id']}/").status_code
    gone = Caller(mara).delete(f"imports/{sent['id']}/").status_code

    assert (refused, elsewhere, gone, Import.objects.count()) == (403, ([], 404), 204, 0)


def test_a_key_that_is_away_leaves_nothing_out(fraud, mara):
    made = sent(fraud, mara, ("a.md", b"x"), ("b.md", b"x"))
    actions.take_import(made, by=mara)
    keys = settings.MASTER_KEYS_FILE.read_text()
    settings.MASTER_KEYS_FILE.write_text("gone")

    importing.take(made.pk, until=float("inf"))
    made.refresh_from_db()
    waits = made.state, made.done
    settings.MASTER_KEYS_FILE.write_text(keys)
    importing.take(made.pk, until=float("inf"))

    made.refresh_from_db()
    assert (waits, made.done) == (("taking", {}), {"new": 2})


def test_files_of_a_folder_are_packed(client, fraud, mara):
    client.force_login(mara)

    client.post(PAGE, {"files": SimpleUploadedFile("long.md", b"a" * 50_000)})

    assert Import.objects.get().blob.size < 5_000


def test_what_is_not_right_with_one_file_is_said_and_the_others_come_in(fraud, mara):
    made = sent(
        fraud,
        mara,
        ("good.md", b"Text"),
        ("latin.md", b"\xff\xfe"),
        ("long.md", b"a" * (10 << 20)),
        ("twice.md", b"x"),
        ("Twice.md", b"y"),
        ("picture.png", b"x"),
        ("marks.md", "\u202etxet".encode()),
        ("labelled.md", b'---\ntitle: "T"\nlabels: ["No Label!"]\n---\n\nx'),
        ("__MACOSX/._good.md", b"x"),
    )

    assert [path for path, what in became(made).items() if what == "new"] == ["good.md"]
    assert said(made)[1:6] == [
        "latin.md is not text in UTF-8.",
        "long.md is longer than an article may be.",
        "Two files of this zip become the article twice: twice.md is one of them.",
        "Two files of this zip become the article twice: Twice.md is one of them.",
        "picture.png is no Markdown: only files that end in .md come in.",
    ]
    assert taken(made).done == {"new": 1, "left": 7}
    assert [article.slug for article in Article.objects.all()] == ["good"]


@pytest.mark.parametrize(
    "content",
    [b"no zip", zipped(("../up.md", b"x")), zipped(("a.md", b"x"))[:-30], zipped()],
    ids=["no zip", "up", "cut", "empty"],
)
def test_a_zip_that_cannot_come_in_at_all_says_why(client, fraud, mara, content):
    made = actions.send_import(fraud, "notes.zip", storage.store(io.BytesIO(content)), by=mara)
    importing.read(made.pk)
    client.force_login(mara)

    page = unescape(client.get(f"/imports/{made.pk}/").content.decode())

    made.refresh_from_db()
    assert (made.state, made.problem in page) == ("refused", True)
    with pytest.raises(Conflict):
        actions.take_import(made, by=mara)


@pytest.mark.parametrize("title", [r"\u0000", r"\ud800", "long " * 50_000], ids=["nul", "half", "long"])
def test_a_title_that_no_row_holds_stops_nobody(fraud, mara, title):
    bad = sent(fraud, mara, ("bad.md", f'---\ntitle: "{title}"\n---\n\nx'.encode()), ("good.md", b"x"))

    assert became(bad) == {"bad.md": "left", "good.md": "new"}
    assert bad.plan[0]["title"] == ""


def test_titles_and_labels_count_as_what_is_unpacked(monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1000)
    front = f'---\ntitle: "{"a" * 400}"\nlabels: ["{"b" * 400}"]\n---\n\nx'.encode()

    with pytest.raises(archives.TooLarge):
        [*archives.surveyed(io.BytesIO(zipped(("a.md", front), ("b.md", front))))]


def test_entries_without_end_are_refused_before_they_are_listed():
    many = zipped(("a.md", b"x")) + archives.ENTRY * (2 * archives.MOST_FILES + 1)

    with pytest.raises(archives.TooLarge):
        next(archives.surveyed(io.BytesIO(many)))


def test_what_it_says_is_compared_with_what_is_there(fraud, mara, jonas):
    written(fraud, mara, slug="same", title="Same", text="Text")
    written(fraud, mara, slug="other", title="Other", text="Old")
    secrets = actions.add_collection(fraud, slug="closed", title="Closed", closed=True, by=jonas)
    written(fraud, jonas, slug="closed", collection=secrets)
    old = written(fraud, mara, slug="old")
    actions.archive_article(old, by=mara)

    made = sent(
        fraud,
        mara,
        ("same.md", b'---\ntitle: "Same"\n---\n\nText'),
        ("other.md", b'---\ntitle: "Other"\n---\n\nNew'),
        ("closed.md", b"x"),
    )

    assert became(made) == {"same.md": "same", "other.md": "changed", "closed.md": "left"}
    assert taken(made).done == {"same": 1, "changed": 1, "left": 1}
    assert Article.objects.get(slug="other").text == "New"
    assert Article.objects.get(slug="closed").number == 1


def test_nobody_is_overwritten_who_saved_after_the_look(fraud, mara, jonas):
    article = written(fraud, mara, slug="drift", text="Old")
    made = sent(fraud, mara, ("drift.md", b"Mine"), ("new.md", b"Mine"))
    actions.edit_article(article, based_on=article.digest, title="Drift", text="Theirs", by=jonas)
    written(fraud, jonas, slug="new", text="Theirs")

    made = taken(made)

    assert {article.text for article in Article.objects.all()} == {"Theirs"}
    assert said(made) == [importing.MEANWHILE, importing.TAKEN]


def test_what_was_killed_half_way_goes_on_where_it_was(fraud, mara, monkeypatch):
    monkeypatch.setattr(importing, "TOGETHER", 2)
    made = sent(fraud, mara, *((f"n{number}.md", b"x") for number in range(5)))
    actions.take_import(made, by=mara)

    stopped = importing.take(made.pk, until=0)
    half = Article.objects.count()
    importing.take(made.pk, until=float("inf"))
    importing.take(made.pk, until=float("inf"))

    made.refresh_from_db()
    assert (stopped, half, Article.objects.count(), made.state) == (False, 2, 5, "done")
    assert {article.number for article in Article.objects.all()} == {1}


def test_who_left_the_team_meanwhile_takes_nothing_in(fraud, mara):
    made = sent(fraud, mara, ("a.md", b"x"))
    actions.take_import(made, by=mara)
    Membership.objects.filter(user=mara).delete()

    importing.take(made.pk, until=float("inf"))

    made.refresh_from_db()
    assert (Article.objects.count(), made.done) == (0, {"left": 1})


def test_who_sent_it_alone_sees_it(client, fraud, mara, jonas):
    made = sent(fraud, mara, ("a.md", b"x"))
    client.force_login(jonas)

    assert [
        client.get(f"/imports/{made.pk}/").status_code,
        client.post(f"/imports/{made.pk}/").status_code,
    ] == [404, 404]


def test_one_that_is_not_taken_in_is_forgotten(client, fraud, mara):
    made = sent(fraud, mara, ("a.md", b"x"))
    client.force_login(mara)

    client.post(f"/imports/{made.pk}/", {"act": "drop"})

    assert (Import.objects.count(), Article.objects.count()) == (0, 0)


def test_a_reader_and_another_kind_of_file_keep_nothing(client, fraud, mara, rita):
    answers = []
    for person, name in ((rita, "a.zip"), (mara, "a.exe")):
        client.force_login(person)
        answers.append(client.post(PAGE, {"files": SimpleUploadedFile(name, b"x")}).status_code)

    assert (answers, Blob.objects.count()) == ([403, 400], 0)


def test_it_lies_sealed(fraud, mara):
    made = sent(fraud, mara, ("a.md", b"canary"))

    with storage.backend().open(made.blob.name) as sealed:
        assert b"canary" not in sealed.read()


def test_old_ones_are_over(fraud, mara):
    sent(fraud, mara, ("a.md", b"x"))
    Import.objects.update(at=timezone.now() - timedelta(days=8))

    assert (actions.forget_imports(), Import.objects.count()) == (1, 0)
