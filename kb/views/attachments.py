"""Attachments of an article: listed, sent, fetched, shown and taken away."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from governance import access
from governance.errors import Absent, Invalid
from governance.forms import ConfirmForm, posted
from governance.models import User
from governance.pages import Signed
from kb import actions, reading
from kb.labels import find_article
from kb.models import Article, Attachment
from kb.models.attachments import LARGEST, MOST
from kb.views.articles import asked, shown
from kb.views.found import on_article
from registry import storage
from registry.models import Blob
from registry.receiving import SealedUpload, sent_files, takes_files
from registry.sending import guarded
from registry.views.found import offer

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")


@on_article
def attachments(request: Signed, article: Article) -> HttpResponse:
    """All of them; what is sent is sealed already when this begins."""
    if request.method == "POST":
        return taken(request, article)
    context = {
        "article": article,
        "rows": rows_of(article),
        "attaches": access.can(request.user, "article.attach", article),
        "most": MOST,
        "largest": LARGEST >> 20,
    }
    return shown(request, "kb/article_attachments.html", context)


def rows_of(article: Article) -> list[Attachment]:
    rows = Attachment.objects.filter(article=article).select_related("blob", "added_by")
    return list(rows.order_by("name")[:MOST])


def taken(request: Signed, article: Article) -> HttpResponse:
    """To a script the words that stand for it in a text, else the page again."""
    uploads = sent_files(request, "files")
    access.check(request.user, "article.attach", article)
    if not uploads:
        raise Invalid("Choose at least one file.")
    kept = [attach(article, upload, request) for upload in uploads]
    if request.headers.get("X-Attach"):
        return HttpResponse(
            "\n".join(map(written, kept)), content_type="text/plain; charset=utf-8", status=201
        )
    names = ", ".join(each.name for each in kept)
    messages.success(request, f"Attached: {names}. Others may fetch it once its checks have found nothing.")
    return redirect(reading.of(article, "article_attachments"))


def attach(article: Article, upload: SealedUpload, request: Signed) -> Attachment:
    name = actions.expect_attachment(article, upload.name or "", upload.size or 0, by=request.user)
    return upload.hand_over(lambda stored: actions.attach(article, name, stored, by=request.user))


def written(attachment: Attachment) -> str:
    """As a text names it. A name may hold what ends an address in Markdown."""
    return f"![{attachment.name.rpartition('.')[0]}](attachment:{quote(attachment.name)})"


def may_send(request: Signed, name: str) -> int:
    """Who may not attach is told before a byte is kept."""
    match = request.resolver_match
    assert match is not None
    article = find_article(request.user, **match.kwargs)
    if article is None:
        raise Absent("There is no such article that you may see.")
    actions.expect_attachment(article, name, by=request.user)
    return LARGEST


takes_files("kb:article_attachments", may_send)


@require_safe
@on_article
def attachment(request: Signed, article: Article, name: str) -> HttpResponseBase:
    """The bytes as they were sent, saved and never shown."""
    return sent(found(article, name), by=request.user)


@require_safe
@on_article
def picture(request: Signed, article: Article, name: str) -> HttpResponseBase:
    """The picture as it was read behind the walls and drawn again: what a page may show."""
    attached = found(article, name)
    if attached.shown is None:
        raise Absent(f"There is no picture of {name[:100]}.")
    return drawn(attached.shown)


@on_article
def remove(request: Signed, article: Article, name: str) -> HttpResponse:
    by, attached = request.user, found(article, name)
    offer(request, "article.detach", article)
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: actions.detach(article, attached.name, by=by)):
        messages.success(request, f"{attached.name} is taken away.")
        return redirect(reading.of(article, "article_attachments"))
    return asked(
        request,
        form,
        title=f"Take {attached.name} away from “{article.title}”?",
        text="Where a text names it, also in older versions, it says that it is not attached any more.",
        yes="Take it away",
        no="Leave it",
        back=reading.of(article, "article_attachments"),
    )


def found(article: Article, name: str) -> Attachment:
    rows = Attachment.objects.filter(article=article, name=name)
    for each in rows.select_related("blob", "shown", "article__team", "added_by"):
        return each
    raise Absent(f"{article.title} has no attachment {name[:100]}.")


def sent(attached: Attachment, *, by: User) -> HttpResponseBase:
    """To who may have it: for pages and programs."""
    actions.check_fetch(attached, by=by)
    answer = guarded(streamed(attached.blob), attached.name)
    answer["ETag"] = f'"{attached.blob.sha256}"'
    return answer


def drawn(blob: Blob) -> HttpResponseBase:
    answer = streamed(blob)
    answer["Content-Type"] = "image/webp"
    answer["Content-Disposition"] = "inline"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def streamed(blob: Blob) -> HttpResponseBase:
    answer = StreamingHttpResponse(storage.pieces(blob))
    answer["Content-Length"] = str(blob.size)
    return answer
