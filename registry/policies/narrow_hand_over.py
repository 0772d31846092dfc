"""A token that manages nothing hands nothing over: owners delete what is theirs, and let others read it."""

from __future__ import annotations

from django.urls import reverse

from governance.access import Objection, policy
from governance.models import User
from governance.scopes import GROUPS
from registry.models import Artifact


@policy("artifact.edit")
def narrow_hand_over(
    person: User, artifact: Artifact, *, owner: User | None = None, **_: object
) -> Objection | None:
    token = person.token
    if token is None or token.manage or owner is None or owner.pk == artifact.owner_id:
        return None
    cure = f"make one with “{GROUPS['manage'].label}” ticked."
    sentence = f"This token may not hand over what you own. To do this, {cure}"
    return Objection(sentence, cure, who="you", link=reverse("governance:tokens"))
