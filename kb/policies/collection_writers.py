"""In a collection those write who are named for it, and the stewards of its team."""

from __future__ import annotations

from governance import access
from governance.access import Objection, policy
from governance.models import User
from kb.models import Article, CollectionPerson


@policy(
    "article.edit",
    "article.restore",
    "article.verify",
    "article.archive",
    "article.unarchive",
    "article.attach",
    "article.detach",
)
def collection_writers(person: User, article: Article, **_: object) -> Objection | None:
    """A closed collection is written by nobody who does not read it."""
    collection = article.collection
    if collection is None or not (collection.closed or collection.guarded):
        return None
    if access.role_objection(person, "collection.view", article) is None:
        return None
    named = CollectionPerson.objects.filter(collection=collection, user=person.pk)
    if (named.filter(writes=True) if collection.guarded else named).exists():
        return None
    who = access.able(article, "collection.view")
    cure = f"{collection.created_by} or a steward of {article.team.slug} names you in it."
    return Objection(f"You do not write in the collection {collection.title}.", cure, who=who)
