"""Finding what an address names, as far as one may see it: else there is nothing there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import register_converter

from governance.api.base import in_path
from governance.api.routes import Anything, Part
from governance.errors import Absent
from governance.models import User
from governance.prepared import prepared
from registry.models import KINDS, Artifact, Version
from registry.models.versions import VersionQuerySet


class KindPart(Part):
    regex = "|".join(KINDS)


class FilePath(Part):
    """All that is left of an address, but for a last slash."""

    regex = r"[\s\S]+"

    def to_python(self, value: str) -> str:
        return value.removesuffix("/") or value


register_converter(KindPart, "kind")
register_converter(FilePath, "file")

in_path("kind", "What it is one of.", enum=list(KINDS))
in_path("name", "The artifact's name, in any case.", pattern="[A-Za-z0-9._-]{1,100}")
in_path("number", "The version's number.", type="integer", minimum=1)
in_path("alias", "The alias' name, such as production.", pattern=Anything.regex)
in_path("path", "The file's path inside its version; slashes are part of it.")

# Texts and what is worked out from them are left where they are, unless they are shown.
HEAVY = ("description", "search")


def artifact(person: User, kind: str, team: str, name: str) -> Artifact:
    for found in called(person, kind, team=team, lowered=name.lower()):
        return found
    raise Absent(f"There is no {KINDS[kind].value} {name} of {team} that you may see.")


@prepared
def called(person: User, kind: str, *, team: Any, lowered: Any) -> QuerySet[Artifact]:
    seen = Artifact.objects.visible_to(person).defer("search").select_related("team", "owner", "held_by")
    same_name = seen.alias(lowered=Lower("name")).filter(lowered=lowered)
    return same_name.filter(kind=KINDS[kind], team__slug=team).order_by()


def now_called(person: User, kind: str, team: str, name: str) -> str:
    """What is called otherwise now and had this name; nothing when there is none that one may see."""
    seen = Artifact.objects.visible_to(person).filter(kind=KINDS[kind], team__slug=team)
    renamed = seen.filter(former_names__name__iexact=name).exclude(name__iexact=name)
    return renamed.order_by().values_list("name", flat=True).first() or ""


def versions(person: User, kind: str, team: str, name: str) -> VersionQuerySet:
    """Those of one artifact that this person may see, with what their labels need."""
    return of_one(person, kind, team, name.lower()).select_related("added_by")


def of_one(person: User, kind: str, team: Any, lowered: Any) -> VersionQuerySet:
    rows = Version.objects.visible_to(person).alias(lowered=Lower("artifact__name"))
    rows = rows.filter(lowered=lowered, artifact__kind=KINDS[kind], artifact__team__slug=team)
    return rows.select_related("artifact__team").defer(*[f"artifact__{field}" for field in HEAVY])


def version(person: User, kind: str, team: str, name: str, number: int) -> Version:
    for found in numbered(person, kind, team=team, lowered=name.lower(), number=number):
        return found
    raise Absent(f"There is no version {number} of {name} that you may see.")


@prepared
def numbered(person: User, kind: str, *, team: Any, lowered: Any, number: Any) -> VersionQuerySet:
    return of_one(person, kind, team, lowered).select_related("added_by").filter(number=number).order_by()
