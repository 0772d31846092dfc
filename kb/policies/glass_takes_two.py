"""Nobody looks into a confidential run on one word: who lets them in is somebody else and not named in it."""

from __future__ import annotations

from django.db.models import Q

from governance import access
from governance.access import Objection, policy
from governance.models import Membership, User
from kb.models import Glass

CURE = "another steward of the team, or another administrator, decides."


@policy("glass.confirm", "glass.reject")
def glass_takes_two(person: User, glass: Glass, **_: object) -> Objection | None:
    """Whose account or role the one who asks made since the run began does not count."""
    if person.counts_as & {glass.asked_by_id}:
        return Objection("Somebody else than who asked must do this.", CURE)
    if glass.run.people.filter(user__in=person.counts_as).exists():
        return Objection("You are named in it: somebody who is not must do this.", CURE)
    if not independent(person, glass):
        sentence = (
            "Who asked made your account or gave you the role since it began: your word does not count."
        )
        return Objection(sentence, CURE)
    return None


def independent(person: User, glass: Glass) -> bool:
    """By who asked nobody is made for it: what was there before the run counts."""
    made_for_it = person.created_by_id == glass.asked_by_id and person.date_joined > glass.run.started_at
    if made_for_it or access.administers(person):
        return not made_for_it
    held = Membership.objects.filter(team=glass.team, user=person, role="steward")
    return held.filter(~Q(granted_by=glass.asked_by_id) | Q(granted_at__lt=glass.run.started_at)).exists()
