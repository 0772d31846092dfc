"""Articles out as a zip and in again: whose, a zip or a folder that is sent, and what would become of it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadhandler import SkipFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from governance import access
from governance.errors import Absent, Invalid, TooLarge
from governance.forms import ConfirmForm, posted
from governance.models import Team, User
from governance.names import check_path
from governance.pages import Signed
from kb import actions, archives
from kb.models import Import
from kb.models.imports import CHANGED, LEFT, NEW, SAME, STORED
from kb.views.articles import shown
from registry import storage
from registry.models import Blob
from registry.receiving import SealedUpload, sent_files, takes_files
from registry.views.found import offer

MOST_TEAMS = 200
MOST_SENT = 10
MOST_SHOWN = 200  # entries of one kind
MARKDOWN = (".md", ".markdown")
WORDS = {NEW: "New", CHANGED: "Changed", LEFT: "Left out", SAME: "As it is already"}


@require_safe
@login_required
def index(request: Signed) -> HttpResponse:
    """Each team's zip, and where one takes articles in."""
    by = request.user
    reads = Team.objects.filter(pk__in=access.teams(by, "article.view")).order_by("slug")[:MOST_TEAMS]
    writes = set(access.teams(by, "article.import"))
    rows = [{"team": team, "takes": team.pk in writes} for team in reads]
    return shown(request, "kb/import_teams.html", {"rows": rows, "most": f"{archives.MOST_FILES:,}"})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_import(request: Signed, team: str) -> HttpResponse:
    """Send a zip or a folder for a team; what is sent is sealed already when this begins."""
    by, found = request.user, found_team(request.user, team)
    if request.method == "POST":
        made = taken(request, found)
        return redirect("kb:import", pk=made.pk)
    offer(request, "article.import", found)
    context = {
        "team": found,
        "sent": Import.objects.visible_to(by).filter(team=found).defer("plan").order_by("-pk")[:MOST_SENT],
        "most": f"{archives.MOST_FILES:,}",
        "largest": archives.MOST_BYTES >> 20,
    }
    return shown(request, "kb/import_new.html", context)


def found_team(person: User, slug: str) -> Team:
    seen = Team.objects.filter(pk__in=access.teams(person, "article.view"), slug=slug).first()
    if seen is None:
        raise Absent(f"There is no team {slug[:60]} whose articles you may see.")
    return seen


def taken(request: Signed, team: Team) -> Import:
    uploads = sent_files(request, "files")
    access.check(request.user, "article.import", team)
    if not uploads:
        raise Invalid("Choose a zip, or files that end in .md.")
    first = uploads[0]
    if len(uploads) == 1 and (first.name or "").lower().endswith(".zip"):
        name = first.name or ""
        return first.hand_over(lambda stored: actions.send_import(team, name, stored, by=request.user))
    content = zip_of(uploads, request.POST.get("paths", ""))
    stored = storage.store(io.BytesIO(content), len(content))
    upload = SealedUpload(f"{len(uploads)} files", stored)
    return upload.hand_over(
        lambda kept: actions.send_import(team, f"{len(uploads)} files", kept, by=request.user)
    )


def zip_of(uploads: list[SealedUpload], paths: str) -> bytes:
    """Files of a folder as one zip. A browser with scripts says where in the folder each one lies."""
    if sum(upload.size or 0 for upload in uploads) > archives.MOST_BYTES_AT_ONCE:
        most = archives.MOST_BYTES_AT_ONCE >> 20
        raise TooLarge(f"Files that are not packed have at most {most} MiB together: send them as one zip.")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for upload, path in zip(uploads, said(paths, uploads), strict=True):
            entry = zipfile.ZipInfo(check_path(path))
            archive.writestr(entry, content_of(upload), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def said(paths: str, uploads: list[SealedUpload]) -> list[str]:
    """As the browser said, when that fits the files; else their names."""
    names = [upload.name or "" for upload in uploads]
    try:
        found = json.loads(paths)
    except (ValueError, RecursionError):
        return names
    told = [str(path) for path in found] if isinstance(found, list) else []
    told = [path for path in told if not archives.of_a_mac(path)]
    return told if [path.rpartition("/")[2] for path in told] == names else names


def content_of(upload: SealedUpload) -> bytes:
    stored = upload.stored
    kept = Blob(name=stored.name, size=stored.size, key_version=stored.key_version)
    kept.wrapped_key = stored.wrapped_key
    with storage.open_blob(kept) as file:
        return file.read(archives.MOST_BYTES_AT_ONCE)


def may_send(request: Signed, name: str) -> int:
    """Who may not take articles in is told before a byte is kept."""
    match = request.resolver_match
    assert match is not None
    team = found_team(request.user, match.kwargs["team"])
    access.check(request.user, "article.import", team)
    if archives.of_a_mac(name):
        raise SkipFile
    if not name.lower().endswith((".zip", *MARKDOWN)):
        raise Invalid(f"{name[:100]} is neither a zip nor Markdown: choose files that end in .zip or .md.")
    return archives.MOST_BYTES


takes_files("kb:new_import", may_send)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def one_import(request: Signed, pk: int) -> HttpResponse:
    """What is in it and what would become of it; then how far it is."""
    by = request.user
    found = Import.objects.visible_to(by).select_related("team").defer("plan").filter(pk=pk).first()
    if found is None:
        raise Absent("There is no such zip that you sent: it is kept for seven days.")
    form = ConfirmForm(posted(request))
    if request.POST.get("act") == "drop":
        actions.drop_import(found)
        messages.success(request, "It is forgotten: nothing of it was taken in.")
        return redirect("kb:new_import", team=found.team.slug)
    if form.sent(request, lambda: actions.take_import(found, by=by)):
        return redirect("kb:import", pk=found.pk)
    template = "kb/_import.html" if request.htmx else "kb/import.html"
    return shown(request, template, {**told(found), "form": form}, form.status)


def told(found: Import) -> dict[str, Any]:
    counts = {} if at_work(found) else found.counts()
    parts = [
        {
            "what": what,
            "word": word,
            "count": counts[what],
            "rows": found.entries(MOST_SHOWN, what),
            "more": max(counts[what] - MOST_SHOWN, 0),
        }
        for what, word in WORDS.items()
        if what in counts
    ]
    return {
        "import": found,
        "parts": parts,
        "all": found.files,
        "stored": sum(counts.get(what, 0) for what in STORED),
        "at_work": at_work(found),
        "said": f"{found.taken} of {found.files}",
    }


def at_work(found: Import) -> bool:
    """Whether the page asks for itself again."""
    return found.state in {"reading", "taking"}
