"""Articles out as a zip, and in again."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from django.db.models.signals import post_init
from django.utils import timezone

from governance.errors import Invalid, Problem
from kb import actions, archives
from kb.archives import Written
from kb.models import Article
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def zipped(*files: tuple[str, bytes], way: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=way)
    return stream.getvalue()


def test_what_goes_out_comes_in_again_byte_by_byte(fraud, mara):
    written(
        fraud, mara, slug="a", title='Ti: "tle" — ü', text="---\nno: front\n---\n\n\nText\n\n", labels=["psi"]
    )
    written(fraud, mara, slug="b", title="Empty", text="")
    other = factories.team("other")
    sven = factories.member(other, "data-scientist", username="sven")
    out = Caller(mara).get("articles/export?team=fraud").content

    caller = Caller(sven)
    answer = caller.post("articles/import?team=other", out).json()

    assert answer == {"added": 2, "changed": 0, "same": 0}
    assert caller.get("articles/export?team=other").content == out
    assert caller.post("articles/import?team=other", out).json() == {"added": 0, "changed": 0, "same": 2}
    assert {article.number for article in Article.objects.filter(team=other)} == {1}


def test_what_is_too_much_to_go_out_is_not_read_to_its_end(fraud, mara, monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 10)
    said_of_all = {"team": fraud, "owner": mara, "created_by": mara, "updated_by": mara, "text": "x" * 11}
    said_of_all |= {"reach": fraud.pk, "updated_at": timezone.now()}
    Article.objects.bulk_create(
        Article(slug=f"a-{each}", **said_of_all) for each in range(2 * archives.AT_A_TIME)
    )
    read: list[str] = []

    def count(instance: Article, **_: object) -> None:
        read.append(instance.slug)

    post_init.connect(count, sender=Article)
    answer = Caller(mara).get("articles/export?team=fraud")
    post_init.disconnect(count, sender=Article)

    assert (answer.status_code, 0 < len(read) <= archives.AT_A_TIME) == (413, True)


def test_a_folder_of_markdown_comes_in_as_it_is(fraud, mara):
    found = archives.unpacked(
        zipped(("guide/First Steps.md", b"# Begin here #\n\nText"), ("plain.md", b"\xef\xbb\xbfText"))
    )

    assert found == [
        Written("guide-first-steps", "Begin here", "# Begin here #\n\nText"),
        Written("plain", "Plain", "Text"),
    ]
    assert actions.import_articles(fraud, found, by=mara) == {"added": 2, "changed": 0, "same": 0}


def test_what_is_there_gets_another_version(fraud, mara):
    written(fraud, mara, text="One.")

    done = actions.import_articles(fraud, [Written("drift", "Drift", "Two.", ["psi"])], by=mara)

    article = Article.objects.get()
    assert (done["changed"], article.text, article.number, article.labels) == (1, "Two.", 2, ["psi"])


@pytest.mark.parametrize(
    "content",
    [
        b"no zip",
        zipped(("../escape.md", b"x")),
        zipped(("/etc/passwd.md", b"x")),
        zipped(("a/../../b.md", b"x")),
        zipped(("a\\b.md", b"x")),
        zipped(("run.sh", b"x")),
        zipped(("a.md", b"\xff\xfe")),
        zipped(("a.md", b"x"), ("A.md", b"y")),
        zipped(("\u202ea.md", b"x")),
        zipped(("!.md", b"x")),
        zipped(("a.md", b"---\nlabels: []\n---\n")),
        zipped(("bomb.md", b"a" * (archives.MOST_OF_ONE + 1))),
        zipped(*((f"{number}.md", b"x") for number in range(archives.MOST_FILES + 1))),
        zipped(("a.md", b"x"))[:-30],
        zipped(("a.md", b"text"), way=zipfile.ZIP_LZMA),
    ],
    ids=[
        "no zip", "up", "root", "up again", "backslash", "no Markdown", "no text", "twice", "direction",
        "no name", "no title", "bomb", "many", "cut", "packed oddly",
    ],
)  # fmt: skip
def test_a_zip_that_is_not_right_is_refused(content):
    with pytest.raises(Problem) as caught:
        archives.unpacked(content)

    assert caught.value.status in {400, 413}


def test_a_heading_of_blanks_is_read_in_time():
    begun = time.process_time()

    found = archives.understood("a.md", b"# Drift" + b" " * 200_000 + b"\x0b" + b" " * 199_000)

    assert (found.title, time.process_time() - begun < 1) == ("Drift", True)


def test_all_come_in_or_none(fraud, mara):
    with pytest.raises(Invalid):
        actions.import_articles(fraud, [Written("a", "A", "x"), Written("b", "", "x")], by=mara)

    assert Article.objects.count() == 0


def test_a_reader_takes_nothing_in(fraud, mara, rita):
    assert said(Caller(rita).post("articles/import?team=fraud", zipped(("a.md", b"x"))))[0] == 403
    assert Article.objects.count() == 0
