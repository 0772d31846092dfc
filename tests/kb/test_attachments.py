"""Attachments: sealed, checked before others fetch them, and shown only as pictures that were drawn again."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from governance.errors import Conflict, Invalid, TooLarge
from governance.models import Event, Notification, User
from kb import actions, attachments
from kb.models import Attachment
from kb.models.attachments import LARGEST
from registry import storage
from registry.actions.blobs import Store, free_blobs
from registry.models import Blob
from tests.governance.api.caller import Caller, said
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db

AT = "articles/fraud/drift/attachments/"
PAGE = f"/{AT}"
EVIL = b"\x80\x04cos\nsystem\n(S'id'\ntR."


def drawing() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(stream, "PNG")
    return stream.getvalue()


def sent(article, name: str, content: bytes, by: User) -> Attachment:
    return actions.attach(article, name, storage.store(io.BytesIO(content)), by=by)


def looked(article, name: str, content: bytes, by: User) -> Attachment:
    attachment = sent(article, name, content, by)
    assert attachments.look(attachment.pk)
    attachment.refresh_from_db()
    return attachment


@pytest.fixture
def article(fraud, mara):
    return written(
        fraud, mara, text="See ![the plan](attachment:plan.png) and ![costs](attachment:costs.txt)."
    )


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_picture_is_attached_checked_and_shown(client, article, mara, rita):
    client.force_login(mara)
    files = {"files": SimpleUploadedFile("plan.png", drawing())}

    answer = client.post(PAGE, files, headers={"X-Attach": "1"})
    attachments.look(Attachment.objects.get().pk)
    client.force_login(rita)
    page = client.get("/articles/fraud/drift/").content.decode()
    shown = client.get(f"{PAGE}plan.png/shown")

    assert (answer.status_code, answer.content) == (201, b"![plan](attachment:plan.png)")
    assert f'<img src="{PAGE}plan.png/shown" alt="the plan" width="40" height="20" loading="lazy">' in page
    assert (shown["Content-Type"], body(shown)[:4]) == ("image/webp", b"RIFF")
    assert Event.objects.filter(action="article.attach").count() == 1


def test_what_is_sent_lies_sealed_and_leaves_as_a_file(client, article, mara, rita):
    looked(article, "costs.txt", b"the canary costs nothing", mara)
    client.force_login(rita)

    answer = client.get(f"{PAGE}costs.txt/")

    assert body(answer) == b"the canary costs nothing"
    assert answer["Content-Disposition"] == 'attachment; filename="costs.txt"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    with storage.backend().open(Blob.objects.get().name) as sealed:
        assert b"canary" not in sealed.read()


def test_until_it_is_checked_its_sender_and_stewards_alone_fetch_it(article, mara, jonas, devi, rita):
    sent(article, "costs.txt", b"words", mara)

    answers = [said(Caller(person).get(f"{AT}costs.txt")) for person in (devi, rita)]

    assert (
        answers
        == [
            (
                403,
                "Its checks have not finished. Until then who attached it and stewards alone fetch "
                "costs.txt.",
            )
        ]
        * 2
    )
    assert [Caller(person).get(f"{AT}costs.txt").status_code for person in (mara, jonas)] == [200, 200]


def test_what_the_checks_object_to_is_kept_back_and_its_sender_told(client, article, mara, rita):
    found = looked(article, "model.pkl", EVIL, mara)
    client.force_login(rita)

    answer = client.get(f"{PAGE}model.pkl/")

    assert (found.outcome, answer.status_code) == ("blocked", 403)
    assert "critical" in {issue["severity"] for issue in found.issues}
    assert Notification.objects.get(kind="attachment-blocked").user == mara


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>", b"<script>alert(1)</script>", b""], ids=["svg", "script", "empty"]
)
def test_what_is_no_picture_by_its_bytes_is_never_shown(client, article, mara, content):
    looked(article, "plan.png", content, mara)
    client.force_login(mara)

    page = client.get("/articles/fraud/drift/").content.decode()

    assert "<img" not in page.partition("<article")[2].partition("</article>")[0]
    assert client.get(f"{PAGE}plan.png/shown").status_code == 404


def test_its_words_are_kept_to_be_found_once_it_is_clean(article, mara, zoe):
    looked(article, "costs.txt", b"quarterly electricity", mara)
    looked(article, "latin.txt", b"electricity \xff\xfe", mara)

    assert [each.name for each in Attachment.objects.matching("electricity")] == ["costs.txt"]
    assert list(Attachment.objects.visible_to(zoe)) == []


def test_one_search_finds_its_words_for_who_reads_the_article(article, mara, rita, zoe):
    looked(article, "costs.txt", b"quarterly electricity", mara)

    found = {}
    for person in (rita, zoe):
        groups = Caller(person).get("search?q=electricity").json()["groups"]
        found[person.username] = [hit["title"] for group in groups for hit in group["results"]]

    assert found == {"rita": ["costs.txt"], "zoe": []}


def test_others_find_nothing(client, article, mara, zoe):
    looked(article, "costs.txt", b"words", mara)
    client.force_login(zoe)

    answers = [client.get(f"{PAGE}{rest}").status_code for rest in ("", "costs.txt/", "costs.txt/remove/")]

    assert answers == [404, 404, 404]
    assert Caller(zoe).get(AT).status_code == 404


def test_the_same_again_changes_nothing_and_something_else_is_a_conflict(article, mara):
    first = sent(article, "costs.txt", b"words", mara)

    assert sent(article, "costs.txt", b"words", mara) == first
    with pytest.raises(Conflict, match=r"There is already costs\.txt"):
        sent(article, "Costs.txt", b"words", mara)
    assert Event.objects.filter(action="article.attach").count() == 1


@pytest.mark.parametrize("name", ["../x", "a/b", "", " a", "a\u202eb", "x" * 101])
def test_a_name_that_is_none_is_refused(article, mara, name):
    with pytest.raises(Invalid):
        sent(article, name, b"words", mara)

    assert not Attachment.objects.exists()


def test_what_is_too_large_leaves_nothing_behind(client, article, mara, monkeypatch):
    monkeypatch.setattr("kb.views.attachments.LARGEST", 100)
    client.force_login(mara)

    answer = client.post(PAGE, {"files": SimpleUploadedFile("big.txt", b"x" * 200)})

    assert answer.status_code == 413
    assert (Blob.objects.count(), list(storage.names())) == (0, [])
    with pytest.raises(TooLarge):
        actions.expect_attachment(article, "big.txt", LARGEST + 1, by=mara)


def test_what_is_taken_away_is_freed_and_what_is_attached_is_not(client, article, mara):
    looked(article, "plan.png", drawing(), mara)
    later = timezone.now() + timedelta(hours=1)

    kept = free_blobs(Store(), older_than=later, by=User.system())
    client.force_login(mara)
    client.post(f"{PAGE}plan.png/remove/", {"confirm": "1"})
    freed = free_blobs(Store(), older_than=later, by=User.system())

    assert (kept, freed, Attachment.objects.count()) == (0, 2, 0)


def test_a_reader_attaches_nothing(client, article, rita):
    client.force_login(rita)

    answer = client.post(PAGE, {"files": SimpleUploadedFile("a.txt", b"x")})

    assert (answer.status_code, Blob.objects.count(), list(storage.names())) == (403, 0, [])
