"""Files of a version: put in, taken out, listed, fetched."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import access, paging
from governance.errors import Absent, Invalid, Problem
from governance.forms import ConfirmForm, posted
from governance.models import User
from governance.names import check_path
from governance.pages import Signed
from governance.views.parts import pager
from registry import actions
from registry.actions.use import file_at
from registry.models import Version
from registry.policies.fit_for_use import danger
from registry.policies.withdrawn import sentence
from registry.presenting import addresses, contents, folders
from registry.receiving import SealedUpload, sent_files
from registry.sending import file_response
from registry.views.found import offer, on_version


@require_POST
@on_version
def upload(request: Signed, version: Version) -> HttpResponse:
    """The bytes are sealed already when this begins: they were while they came in."""
    uploads = sent_files(request, "files")
    if not uploads:
        raise Invalid("Choose at least one file.")
    folder = request.POST.get("folder", "").strip().strip("/")
    names = [upload.name or "" for upload in uploads]
    paths = [f"{folder}/{name}" if folder else name for name in names]
    for path in paths:
        actions.expect_file(version, path, by=request.user)
    keep(version, dict(zip(paths, uploads, strict=True)), by=request.user)
    messages.success(request, added(paths))
    return redirect(addresses.of_version(version))


def keep(version: Version, uploads: dict[str, SealedUpload], *, by: User) -> None:
    """Each file is kept by itself: when one is refused, those before it stay, and the sentence says so."""
    for number, (path, upload) in enumerate(uploads.items()):
        try:
            upload.put(version, path, by=by)
        except Problem as problem:
            problem.sentence = (
                f"{path}: {problem.sentence} {number} of {len(uploads)} files were added before it."
            )
            raise


def added(paths: list[str]) -> str:
    return f"{paths[0]} is added." if len(paths) == 1 else f"{len(paths)} files are added."


@on_version
def remove_file(request: Signed, version: Version) -> HttpResponse:
    """Ask, then take it out of the draft."""
    by, path = request.user, request.GET.get("path", "")
    if not version.files.filter(path=path).exists():
        raise Absent("This draft has no such file.")
    offer(request, "version.submit", version, loses=True)
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: actions.remove_file(version, path, by=by) or True):
        messages.success(request, f"{path} is removed.")
        return redirect(addresses.of_version(version))
    context = {
        "form": form,
        "section": version.artifact.plural,
        "title": f"Remove {path}?",
        "text": f"It is taken out of the draft of version {version.number}. The other files stay.",
        "yes": "Remove it",
        "no": "Keep it",
        "back": addresses.of_version(version),
        "danger": True,
    }
    return render(request, "_components/dialog.html", context, status=form.status)


@require_safe
@on_version
def files(request: Signed, version: Version) -> HttpResponse:
    """All of them with the whole of their digests, or what lies in one folder."""
    if "folder" in request.GET:
        return folder(request, version)
    found = version.files.select_related("blob")
    page = paging.page(found, "path", cursor=request.GET.get("cursor", ""), size=100)
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "files": contents.file_rows(version, page.rows),
        "pager": pager(request, page),
        "count": found.count(),
    }
    return render(request, "registry/files.html", context)


def folder(request: Signed, version: Version) -> HttpResponse:
    """A page of its own, or `part` of the page from which its folder was unfolded."""
    asked = request.GET["folder"].strip("/")
    path = f"{check_path(asked)}/" if asked else ""
    found = folders.folder(version, path, request.GET.get("cursor", ""))
    if not found.rows:
        raise Absent(f"Version {version.number} has no folder {path[:120]}.")
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "folder": found,
        "steps": folders.steps(version, path),
        "pager": pager(request, found.page),
    }
    part = "part" in request.GET and not (found.page.older or found.more_folders)
    return render(request, "registry/_folder_rows.html" if part else "registry/folder.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_version
def download(request: Signed, version: Version, path: str) -> HttpResponseBase:
    """The bytes; where they are dangerous, first a page that says how. Posting that page is knowing it."""
    by, knows = request.user, request.method == "POST"
    if not knows and asks_first(by, version):
        return before_download(request, version, path)
    return file_response(actions.download(version, path, acknowledged=knows, by=by), request)


def asks_first(by: User, version: Version) -> bool:
    """Whether the only thing that this person lacks is to say that they know."""
    refused = not access.can(by, "version.download", version)
    return refused and access.can(by, "version.download", version, acknowledged=True)


def before_download(request: Signed, version: Version, path: str, *, page: str = "download") -> HttpResponse:
    """`page`: what one is about to do with the file, which a posted form of this page does."""
    if file_at(version, path) is None:
        raise Absent(f"Version {version.number} has no file {path[:120]}.")
    context = {
        "section": version.artifact.plural,
        "version": version,
        "path": path,
        "page": page,
        "danger": f"{sentence(version)} {danger(version)[1]}" if version.withdrawn_at else danger(version)[1],
        "findings": contents.first_blocking(version=version.pk),
        "count": paging.bounded(len(contents.all_blocking(version=version.pk))),
    }
    return render(request, "registry/download.html", context)
