"""Nobody takes over an account that looks into what they may not: that would be a grant to themself."""

from __future__ import annotations

from governance.access import Objection, able, policy
from governance.leaving import said
from governance.models import User
from registry.models import Artifact
from registry.models.grants import inside


@policy("service.hand_over")
def restricted_account(
    person: User, account: User, *, to: User | None = None, **_: object
) -> Objection | None:
    """By its own grants or as an owner. Somebody else may get it: two people have agreed then."""
    if to is None or not to.counts_as & person.counts_as:
        return None
    names = list(beyond(person, account))
    if not names:
        return None
    what = said(person, account.team, names) if account.team else ""
    return Objection(
        f"{account.username} looks into what is restricted ({what}): nobody hands it over to themself.",
        "another steward hands it over, or its grant ends first.",
        who=able(account, "service.hand_over", but={person.pk}),
    )


def beyond(person: User, account: User) -> list[str]:
    """The names of the restricted datasets into which an account looks and this person does not."""
    closed = Artifact.objects.filter(restricted=True, team=account.team_id, deleted_at=None)
    found = closed.filter(inside(account)).exclude(pk__in=closed.filter(inside(person)))
    return list(found.order_by("name").values_list("name", flat=True))
