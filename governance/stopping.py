"""Links in mails by which one stops being told of what one had asked to be told of: they work without signing
in, say who and of what, and can do nothing else."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from governance.kinds import KINDS
from governance.links import absolute
from governance.models import User

SALT = "governance.stopping"


def link(person: User, kind: str) -> str:
    key = signing.dumps([person.pk, kind], salt=SALT)
    return absolute(reverse("governance:stop", args=[key]))


def read(key: str) -> tuple[User, str] | None:
    """Whose link this is and of what; nothing for what was not made here."""
    try:
        number, kind = signing.loads(key, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=number, is_active=True).first()
    return (person, kind) if person and kind in KINDS else None
