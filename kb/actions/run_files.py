"""Files that people put into a run as evidence, and what the checks say of them."""

from __future__ import annotations

from typing import Any

from governance import access
from governance.actions import saved
from governance.audit import action
from governance.errors import Conflict, Denied, Invalid, TooLarge
from governance.models import User
from governance.names import check_path
from kb import tasks
from kb.actions.entries import find_need, in_turn, written
from kb.actions.run_parts import allowed, at_work, locked, noted, told
from kb.models import Entry, Run, RunFile
from kb.models.run_files import LARGEST, LONGEST, MOST
from kb.playbooks import Need
from kb.proving import StepNow
from registry.actions.blobs import keep_blob
from registry.storage import Stored


def expect_file(
    run: Run, step: str, need: int, name: str, size: int, *, by: User
) -> tuple[str, StepNow, Need]:
    """The name as it is kept; raises before a byte is read what would be raised after the last."""
    now, asked = find_need(run, step, need)
    allowed(by, "run.put", run, step=now, kind=asked.kind)
    in_turn(run, now)
    if asked.kind != "upload":
        raise Conflict("This step asks for no file here.")
    name = check_path(name)
    if "/" in name or len(name) > LONGEST:
        raise Invalid(f"The name of a file has at most {LONGEST} characters and no slash.")
    if size > LARGEST:
        raise TooLarge(f"A file has at most {LARGEST >> 20} MiB: keep larger ones as an asset.")
    return name, now, asked


@action("run.put")
def put_file(run: Run, step: str, need: int, name: str, stored: Stored, *, by: User) -> Entry:
    """Keep sealed bytes as evidence of a step: it proves once the checks have found nothing. The same bytes
    under the same name again change nothing; after others they are what counts again."""
    run = at_work(run)
    name, now, asked = expect_file(run, step, need, name, stored.size, by=by)
    files = RunFile.objects.filter(run=run)
    same = files.filter(step=step, need=need, name=name, blob__sha256=stored.sha256).first()
    if same is None and files.count() >= MOST:
        raise Conflict(f"A run holds at most {MOST} files.")
    blob = keep_blob(run.team, stored)
    newest = run.entries.filter(step=step, need=need, kind=Entry.BIND).last()
    if same is not None and newest is not None and newest.label == same.label:
        return newest
    made = same or saved(RunFile(run=run, step=step, need=need, name=name, blob=blob, added_by=by))
    entry = Entry(
        run=run, step=step, need=need, by=by, kind=Entry.BIND, label=made.label, digest=stored.sha256
    )
    if same is None:
        tasks.enqueue_run_file(made.pk)
    return written(run, entry, {"step": now.step.title, "what": asked.text}, "run.put")


@action("run.check")
def note_checked(file: RunFile, outcome: str, issues: list[dict[str, Any]], *, by: User) -> bool:
    """Keep what the checks said, once: whether it still waited for them."""
    run = locked(file.run)
    now = RunFile.objects.waiting().filter(pk=file.pk).update(outcome=outcome, issues=issues)
    if not now:
        return False
    noted("run.check", run, by=by, after={"what": outcome})
    if outcome != RunFile.CLEAN:
        told(run, {file.added_by}, f"A file that you put into run {run.pk} did not pass its checks.")
    return True


def check_file_fetch(file: RunFile, *, by: User) -> None:
    """Raise why somebody may not have the bytes: until the checks found nothing, who put it in alone, and
    stewards where it is not in confidence."""
    steward = not file.run.confidential and access.role_objection(by, "finding.waive", file) is None
    if file.outcome == RunFile.CLEAN or file.added_by_id == by.pk or steward:
        return
    sentence = {
        "": "Its checks have not finished.",
        RunFile.BLOCKED: "Its checks found something.",
        RunFile.FAILED: "Its checks could not be finished, and not evaluated is never a pass.",
    }[file.outcome]
    refusal = f"{sentence} Until then who put it in alone fetches it."
    raise Conflict(refusal) if file.run.confidential else Denied(refusal)
