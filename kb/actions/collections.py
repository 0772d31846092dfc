"""Collections are made and changed: what they are called, and who of the team reads and writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from governance import access, audit
from governance.actions import cleaned, saved
from governance.audit import action
from governance.errors import Absent, Conflict, Invalid
from governance.models import Team, User
from kb.models import Collection, CollectionPerson
from kb.models.collections import MOST_PEOPLE


@action("collection.add")
def add_collection(
    team: Team,
    *,
    slug: str,
    title: str,
    closed: bool = False,
    guarded: bool = False,
    readers: Iterable[User] = (),
    writers: Iterable[User] = (),
    by: User,
) -> Collection:
    """A new collection of a team. Who makes it reads and writes it."""
    access.check(by, "collection.add", team)
    if Collection.objects.filter(team=team, slug=slug).exists():
        raise Conflict(f"{team.slug} already has a collection {slug}.", errors={"slug": ["It is taken."]})
    flags = {"closed": closed, "guarded": guarded}
    collection = saved(cleaned(Collection(team=team, slug=slug, title=title.strip(), created_by=by, **flags)))
    name_people(collection, readers, [*writers, by])
    audit.record("collection.add", collection, by=by, after=told(collection))
    return collection


@action("collection.edit")
def edit_collection(collection: Collection, /, *, by: User, **changes: Any) -> Collection:
    """Change its title, whether it is closed or guarded, or who is named in it."""
    rows = Collection.objects.select_for_update(of=("self",)).select_related("team", "created_by")
    found = rows.filter(pk=collection.pk).first()
    if found is None:
        raise Absent("It is not there any more.")
    access.check(by, "collection.edit", found)
    before, title = told(found), found.title
    for name in ("title", "closed", "guarded"):
        setattr(found, name, changes.get(name, getattr(found, name)))
    cleaned(found)
    found.save(update_fields=["title", "closed", "guarded"])
    if "readers" in changes or "writers" in changes:
        now = named(found)
        name_people(found, changes.get("readers", now[False]), changes.get("writers", now[True]))
    after = told(found)
    if after != before or title != found.title:
        audit.record("collection.edit", found, by=by, before=before, after=after)
    return found


def name_people(collection: Collection, readers: Iterable[User], writers: Iterable[User]) -> None:
    """These and nobody else; who writes reads."""
    parts = {person.pk: False for person in readers} | {person.pk: True for person in writers}
    if len(parts) > MOST_PEOPLE:
        raise Invalid(f"At most {MOST_PEOPLE} people are named in a collection: open it to the team instead.")
    members = User.objects.filter(memberships__team=collection.team, pk__in=parts).values_list(
        "pk", flat=True
    )
    if set(parts) - set(members):
        outside = User.objects.filter(pk__in=set(parts) - set(members)).order_by("username").first()
        raise Invalid(f"{outside} is not in {collection.team.slug}.")
    collection.people.all().delete()
    CollectionPerson.objects.bulk_create(
        CollectionPerson(collection=collection, user_id=key, writes=writes) for key, writes in parts.items()
    )


def named(collection: Collection) -> dict[bool, list[User]]:
    """Who is named, by whether they write."""
    rows = collection.people.select_related("user").order_by("user__username")
    found: dict[bool, list[User]] = {False: [], True: []}
    for part in rows:
        found[part.writes].append(part.user)
    return found


def told(collection: Collection) -> dict[str, Any]:
    """Of a closed one no title: auditors read the trail, who may not be named in it."""
    people = named(collection)
    return {
        **({} if collection.closed else {"title": collection.title}),
        "closed": collection.closed,
        "guarded": collection.guarded,
        "readers": [person.username for person in people[False]],
        "writers": [person.username for person in people[True]],
    }
