"""Locks of sign-in are lifted."""

from __future__ import annotations

from governance import access, audit
from governance.audit import action
from governance.errors import Conflict
from governance.models import Tries, User


@action("lock.lift")
def lift_lock(tries: Tries, *, by: User) -> None:
    """Let sign-in be tried again at once. Only the site administrator may."""
    access.check(by, "lock.lift", tries.label)
    found = Tries.objects.select_for_update(of=("self",)).select_related("user").filter(pk=tries.pk).first()
    if found is None or not found.is_full:
        raise Conflict("This is not locked any more.")
    found.delete()
    audit.record("lock.lift", found.label, by=by, before={"whose": whose(found), "wrong": found.wrong})


def whose(tries: Tries) -> str:
    """Whose sign-in is locked, in words."""
    if tries.kind == "address":
        return f"the address {tries.key}"
    return tries.user.username if tries.user else "a name that nobody has"
