"""Teams, people and approvals, found by words."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from governance.models import Approval, Team, User
from governance.searches import Hit, searches
from governance.searching import searched
from governance.sentences import spoken

NEWEST = 500  # of approvals, which are looked through word by word


@searches("team", "Teams", "team", rank=60)
def teams(person: User, text: str, most: int) -> Iterable[Hit]:
    rows = searched(Team.objects.visible_to(person), ("slug", "name"), text).order_by("slug")
    for slug, name in rows.values_list("slug", "name")[:most]:
        yield Hit(slug, reverse("governance:team", args=[slug]), name if name != slug else "")


@searches("person", "People", "people", rank=70)
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
    near = Approval.objects.visible_to(person).order_by("-pk").values("pk")[:NEWEST]
    fields = ("subject", "alias", "note", "requested_by__username")
    rows = searched(Approval.objects.filter(pk__in=near), fields, text).order_by("-pk")
    for found in rows.select_related("requested_by")[:most]:
        title = f"{spoken(found.subject)} for {found.alias}"
        about = f"asked by {found.requested_by}" + (", closed" if found.closed_at else "")
        yield Hit(title, reverse("governance:approval", args=[found.pk]), about)
