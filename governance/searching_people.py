"""Teams, people and approvals, found by words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from governance.models import Approval, Team, User
from governance.prepared import prepared
from governance.searches import Hit, searches
from governance.searching import by_name, having, searched
from governance.sentences import spoken

NEWEST = 500  # of approvals, which are looked through word by word


@searches("team", "Teams", "team", rank=60, of_teams=False)
def teams(person: User, text: str, most: int) -> Iterable[Hit]:
    rows = searched(Team.objects.visible_to(person), ("slug", "name"), text).order_by("slug")
    for slug, name in rows.values_list("slug", "name")[:most]:
        yield Hit(slug, reverse("governance:team", args=[slug]), name if name != slug else "")


@searches("person", "People", "people", rank=70, of_teams=False)
def people(person: User, text: str, most: int) -> Iterable[Hit]:
    """The administrator is led to their account, others to what they own."""
    seen = User.objects.visible_to(person).filter(is_active=True)
    rows = searched(seen, ("username", "first_name", "last_name"), text).order_by("username")
    for found in rows.only("username", "first_name", "last_name")[:most]:
        if person.is_superuser:
            href = f"{reverse('governance:users')}?{urlencode({'search': found.username})}"
        else:
            href = f"/models/?{urlencode({'owner': found.username})}"
        yield Hit(found.username, href, str(found) if str(found) != found.username else "")


@searches("approval", "Approvals", "approve", rank=90)
def approvals(person: User, text: str, most: int) -> Iterable[Hit]:
    """Among the newest."""
    number, words = by_name(text)
    for found in newest_approvals(person, number, most, **words):
        title = f"{spoken(found.subject)} for {found.alias}"
        about = f"asked by {found.requested_by}" + (", closed" if found.closed_at else "")
        yield Hit(title, reverse("governance:approval", args=[found.pk]), about)


@prepared
def newest_approvals(
    person: User, number: int, most: int, *, word0: Any, word1: Any, word2: Any, word3: Any,
    word4: Any, word5: Any, word6: Any, word7: Any,
) -> QuerySet[Approval]:  # fmt: skip
    words = (word0, word1, word2, word3, word4, word5, word6, word7)[:number]
    near = Approval.objects.visible_to(person).order_by("-pk").values("pk")[:NEWEST]
    fields = ("subject", "alias", "note", "requested_by__username")
    rows = having(Approval.objects.filter(pk__in=near), fields, words).order_by("-pk")
    return rows.select_related("requested_by").defer("evidence")[:most]
