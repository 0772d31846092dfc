"""People follow artifacts, and hear of what becomes of them."""

from __future__ import annotations

from collections.abc import Collection

from governance import access, audit
from governance.audit import action
from governance.models import User
from governance.telling import tell
from registry.models import Artifact, Follow, Version


@action("artifact.follow")
def follow(artifact: Artifact, *, by: User) -> bool:
    """Be told of it from now on; whether that is new."""
    access.check(by, "artifact.follow", artifact)
    _, new = Follow.objects.get_or_create(artifact=artifact, person=by)
    if new:
        audit.record("artifact.follow", artifact, by=by)
    return new


@action("artifact.unfollow")
def unfollow(artifact: Artifact, *, by: User) -> bool:
    """Be told of it no more; whether it was followed."""
    access.check(by, "artifact.unfollow", artifact)
    gone, _ = Follow.objects.filter(artifact=artifact, person=by).delete()
    if gone:
        audit.record("artifact.unfollow", artifact, by=by)
    return bool(gone)


def news(version: Version, sentence: str, *, by: User, told: Collection[User] = ()) -> None:
    """Tell those who follow its artifact, but for who did it and who is told already. Of a version that they
    may not see they are shown nothing: the inbox and the mail look."""
    known = {by.pk, *(person.pk for person in told)}
    people = User.objects.filter(follows__artifact=version.artifact_id).exclude(pk__in=known)
    if found := list(people):
        tell("followed", found, version, sentence)
