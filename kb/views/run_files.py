"""Files that are put into runs as evidence: sent and fetched."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from governance.errors import Absent, Invalid
from governance.models import User
from governance.pages import Signed
from kb import actions
from kb.models import Run, RunFile
from kb.models.run_files import LARGEST
from kb.views.attachments import streamed
from kb.views.runs import find
from registry.receiving import SealedUpload, sent_files, takes_files
from registry.sending import guarded


@login_required
@require_POST
def put(request: Signed, pk: int, key: str) -> HttpResponse:
    """What is sent is sealed already when this begins."""
    run = find(request.user, pk)
    uploads = sent_files(request, "file")
    if len(uploads) != 1:
        raise Invalid("Choose one file.")
    kept(run, key, uploads[0], request)
    messages.success(request, "It is sealed. It proves the step once its checks have found nothing.")
    return redirect("kb:step", pk, key)


def kept(run: Run, key: str, upload: SealedUpload, request: Signed) -> None:
    name, by = upload.name or "", request.user
    actions.expect_file(run, key, place(request), name, upload.size or 0, by=by)
    upload.hand_over(lambda stored: actions.put_file(run, key, place(request), name, stored, by=by))


def place(request: Signed) -> int:
    """Which of the step's needs, from 0."""
    asked = request.GET.get("need", "")
    if not asked.isdecimal() or len(asked) > 3:
        raise Invalid("Say which of the step's needs it is for.")
    return int(asked)


def may_send(request: Signed, name: str) -> int:
    """Who may not put it in is told before a byte is kept."""
    match = request.resolver_match
    assert match is not None
    run = find(request.user, match.kwargs["pk"])
    actions.expect_file(run, match.kwargs["key"], place(request), name, 0, by=request.user)
    return LARGEST


takes_files("kb:step_file", may_send)


@login_required
@require_safe
def fetch(request: Signed, pk: int, file: int) -> HttpResponseBase:
    """The bytes as they were sent, saved and never shown."""
    return sent(found(request.user, pk, file), by=request.user)


def found(person: User, pk: int, file: int) -> RunFile:
    rows = RunFile.objects.visible_to(person).filter(run=pk, pk=file)
    for each in rows.select_related("blob", "run__team", "added_by"):
        return each
    raise Absent("There is no such file in a run that you may see.")


def sent(file: RunFile, *, by: User) -> HttpResponseBase:
    """To who may have it: for pages and programs."""
    actions.check_file_fetch(file, by=by)
    answer = guarded(streamed(file.blob), file.name)
    answer["ETag"] = f'"{file.blob.sha256}"'
    return answer
