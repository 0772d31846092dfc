"""A collection is changed by who made it, and by stewards of its team."""

from __future__ import annotations

from governance import access
from governance.access import Objection, policy
from governance.models import User
from kb.models import Collection


@policy("collection.edit")
def keeps_collection(person: User, collection: Collection, **_: object) -> Objection | None:
    if person.pk == collection.created_by_id:
        return None
    if access.role_objection(person, "collection.view", collection) is None:
        return None
    who = access.able(collection, "collection.view")
    return Objection(f"Only {collection.created_by}, or a steward, may do this.", "ask one of them.", who=who)
