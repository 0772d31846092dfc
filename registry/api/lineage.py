"""Where a version came from and what came from it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from governance.api.base import endpoint
from governance.models import User
from registry.api import found
from registry.api.below import Below
from registry.api.versions import Relative, relative
from registry.models import Link, Version

MOST = 200


class LineageAnswer(serializers.Serializer[Any]):
    parents = Relative(many=True)
    children = Relative(many=True, help_text=f"The newest {MOST}.")
    more_children = serializers.BooleanField()


class LineageView(Below):
    @endpoint(LineageAnswer)
    def retrieve(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """Its parents and children. Of what you may not see you learn that it is there."""
        version = found.version(self.person, kind, team, name, number)
        parents = relatives(self.person, version.parents.order_by("pk"), "parent")
        children = relatives(self.person, there(version.children.all()).order_by("-pk"), "version")
        return {"parents": parents, "children": children[:MOST], "more_children": len(children) > MOST}


def there(children: QuerySet[Link]) -> QuerySet[Link]:
    """Without those in the bin."""
    return children.filter(version__deleted_at=None, version__artifact__deleted_at=None)


def relatives(person: User, links: QuerySet[Link], end: str) -> list[dict[str, Any]]:
    """The other ends of some edges."""
    edges = list(links.select_related(f"{end}__artifact__team").defer(f"{end}__artifact__search")[: MOST + 1])
    ends: list[tuple[str, Version]] = [(edge.relation, getattr(edge, end)) for edge in edges]
    keys = [version.pk for _, version in ends]
    seen = set(Version.objects.visible_to(person).filter(pk__in=keys).values_list("pk", flat=True))
    return [relative(relation, version, version.pk in seen) for relation, version in ends]
