"""A zip of Markdown is sent, looked at and taken in. A worker reads it and stores what is in it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from governance import access, audit
from governance.audit import action
from governance.errors import Absent, Conflict
from governance.models import Team, User
from governance.telling import hurry
from kb.models import Import
from kb.models.imports import CHANGED, NEW, STORED, TASK
from registry.actions.blobs import keep_blob
from registry.storage import Stored


@transaction.atomic
def send_import(team: Team, name: str, stored: Stored, *, by: User) -> Import:
    """Keep a sealed zip until its sender has seen what is in it, in place of one that was not taken in: no
    event, as it says nothing to anybody yet."""
    access.check(by, "article.import", team)
    Import.objects.filter(team=team, by=by, confirmed_at=None).delete()
    made = Import.objects.create(team=team, by=by, name=name[:255], blob=keep_blob(team, stored))
    hurry(TASK)
    return made


def drop_import(sent: Import) -> None:
    """Forget one that was not taken in. Its bytes are swept."""
    gone, _ = Import.objects.filter(pk=sent.pk, confirmed_at=None).delete()
    if not gone:
        raise Conflict("It is being taken in already.")


@action("article.import")
def take_import(sent: Import, /, *, by: User) -> Import:
    """Have what was planned stored. A second time changes nothing."""
    rows = Import.objects.visible_to(by).select_for_update(of=("self",)).select_related("team").defer("plan")
    found = rows.filter(pk=sent.pk).first()
    if found is None:
        raise Absent("It is not there any more.")
    access.check(by, "article.import", found.team)
    if found.state in {"taking", "done"}:
        return found
    if found.state != "read":
        raise Conflict(found.problem or "It is still being read.")
    counts = found.counts()
    if STORED.isdisjoint(counts):
        raise Conflict("There is nothing in it to take in.")
    found.confirmed_at = timezone.now()
    found.save(update_fields=["confirmed_at"])
    after = {what: counts.get(what, 0) for what in (NEW, CHANGED)}
    audit.record("article.import", found.team, by=by, after=after)
    hurry(TASK)
    return found


def forget_imports() -> int:
    """Those with which nothing is done any more."""
    gone, _ = Import.objects.over().delete()
    return gone
