"""Real things, made by the real actions."""

from __future__ import annotations

import io
import itertools
from functools import cache
from typing import Any

from django.contrib.auth.hashers import ScryptPasswordHasher, make_password

from governance import actions as governing
from governance.models import Membership, Team, User
from registry import actions, checking, receiving
from registry.models import Artifact, Kind, Version

_numbers = itertools.count(1)
PASSWORD = "correct horse battery 9"


class QuickHasher(ScryptPasswordHasher):
    """As it is, but not slow on purpose."""

    work_factor = 2**4


def person(username: str = "", **fields: Any) -> User:
    username = username or f"person{next(_numbers)}"
    return User.objects.create(username=username, password=hashed(), **fields)


@cache
def hashed() -> str:
    """Hashing is slow on purpose; once for all tests is enough."""
    return make_password(PASSWORD)


def admin() -> User:
    return person(f"admin{next(_numbers)}", is_superuser=True)


def team(slug: str = "") -> Team:
    slug = slug or f"team{next(_numbers)}"
    return Team.objects.create(slug=slug, name=slug.title(), created_by=User.system())


def member(of: Team, *roles: str, username: str = "") -> User:
    """Somebody with these roles, granted by nobody who takes part."""
    user = person(username)
    for role in roles:
        Membership.objects.create(team=of, user=user, role=role, granted_by=User.system())
    return user


def artifact(of: Team, by: User, kind: Kind = Kind.MODEL, name: str = "", **fields: Any) -> Artifact:
    return actions.add_artifact(of, kind=kind, name=name or f"thing{next(_numbers)}", by=by, **fields)


def draft(of: Artifact, by: User, files: dict[str, bytes] | None = None, **fields: Any) -> Version:
    version = actions.add_version(of, by=by, **fields)
    for path, content in (files or {"notes.txt": b"plain words\n"}).items():
        receiving.receive(version, path, io.BytesIO(content), len(content), by=by)
    return version


def submitted(of: Artifact, by: User, files: dict[str, bytes] | None = None, **fields: Any) -> Version:
    return actions.submit(draft(of, by, files, **fields), by=by)


def checked(of: Artifact, by: User, files: dict[str, bytes] | None = None, **fields: Any) -> Version:
    """A frozen version whose checks have run in the real sandbox."""
    version = submitted(of, by, files, **fields)
    checking.run(version.pk)
    return Version.objects.with_state().select_related("artifact__team", "added_by").get(pk=version.pk)


def approved(version: Version, steward: User, asker: User, alias: str = "production") -> None:
    approval = governing.request_approval(version.label, alias=alias, by=asker)
    governing.approve(approval, by=steward)
