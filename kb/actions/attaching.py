"""Files are attached to articles and taken away; what the checks say of them is kept."""

from __future__ import annotations

from typing import Any

from governance import access, audit
from governance.actions import saved
from governance.audit import action
from governance.errors import Conflict, Denied, Invalid, TooLarge
from governance.models import User
from governance.names import check_path
from kb import tasks
from kb.models import Article, Attachment
from kb.models.attachments import LARGEST, MOST
from registry.actions.blobs import keep_blob
from registry.storage import Stored

LONGEST = 100


def expect_attachment(article: Article, name: str, size: int = 0, *, by: User) -> str:
    """The name as it is kept; raises before a byte is read what would be raised after the last."""
    access.check(by, "article.attach", article)
    name = check_path(name)
    if "/" in name or len(name) > LONGEST:
        raise Invalid(f"The name of an attachment has at most {LONGEST} characters and no slash.")
    if size > LARGEST:
        raise TooLarge(f"An attachment has at most {LARGEST >> 20} MiB: keep larger files as an asset.")
    return name


@action("article.attach")
def attach(article: Article, /, name: str, stored: Stored, *, by: User) -> Attachment:
    """Keep sealed bytes as a file of an article. The same bytes under the same name again change nothing."""
    article = Article.objects.locked(article.pk)
    name = expect_attachment(article, name, stored.size, by=by)
    before = Attachment.objects.filter(article=article, name__iexact=name).select_related("blob").first()
    if before is not None and (before.name, before.blob.sha256) != (name, stored.sha256):
        raise Conflict(f"There is already {before.name}: take it away first, or choose another name.")
    if before is None and Attachment.objects.filter(article=article).count() >= MOST:
        raise Conflict(f"An article has at most {MOST} attachments.")
    blob = keep_blob(article.team, stored)
    if before is not None:
        return before
    made = saved(Attachment(article=article, name=name, blob=blob, added_by=by))
    audit.record("article.attach", article, by=by, after=told(made))
    tasks.enqueue_attachment(made.pk)
    return made


@action("article.detach")
def detach(article: Article, /, name: str, *, by: User) -> bool:
    """Take a file away. Its bytes are swept when nothing uses them. Whether it was there."""
    article = Article.objects.locked(article.pk)
    access.check(by, "article.detach", article)
    found = Attachment.objects.filter(article=article, name=name).select_related("blob").first()
    if found is None:
        return False
    found.article = article
    before = told(found)
    found.delete()
    audit.record("article.detach", article, by=by, before=before)
    return True


def check_fetch(attachment: Attachment, *, by: User) -> None:
    """Raise why somebody may not have the bytes: until the checks found nothing, who attached it and
    stewards alone."""
    if attachment.outcome == Attachment.CLEAN or attachment.added_by_id == by.pk:
        return
    if access.role_objection(by, "finding.waive", attachment) is None:
        return
    sentence = {
        "": "Its checks have not finished.",
        Attachment.BLOCKED: "Its checks found something.",
        Attachment.FAILED: "Its checks could not be finished, and not evaluated is never a pass.",
    }[attachment.outcome]
    raise Denied(f"{sentence} Until then who attached it and stewards alone fetch {attachment.name}.")


def told(attachment: Attachment) -> dict[str, Any]:
    """Of what is in a closed collection the trail holds no words, as of its articles."""
    words = {} if attachment.article.is_closed else {"name": attachment.name}
    return {**words, "size": attachment.blob.size, "sha256": attachment.blob.sha256}
