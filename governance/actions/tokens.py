"""Tokens are made and revoked."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from governance import access, audit, tokens
from governance.actions.saving import saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Team, Token, User


@action("token.add")
def add_token(
    user: User,
    *,
    name: str,
    days: int = settings.TOKEN_DAYS,
    team: Team | None = None,
    approve: bool = True,
    waive: bool = True,
    manage: bool = True,
    by: User,
) -> tuple[Token, str]:
    """A token of one's own, or of a service account that one answers for, and its text, which is not kept and
    cannot be shown again. It reaches into one team or all, and decides and manages as is said: see
    `scopes.GROUPS`."""
    ticked = {"approve": approve, "waive": waive, "manage": manage}
    access.check(by, "token.add", user, team=team, groups=[name for name, yes in ticked.items() if yes])
    if not 1 <= days <= 366:
        raise Invalid("A token lasts 1 to 366 days.", errors={"days": ["Choose 1 to 366 days."]})
    if team is not None and not user.memberships.filter(team=team).exists():
        sentence = f"{user.username} is not in {team.slug}, so a token for it would open nothing."
        raise Invalid(sentence, errors={"team": [sentence]})
    text = tokens.make()
    token = saved(
        Token(
            user=user,
            name=name,
            prefix=text[:8],
            digest=tokens.digest(text),
            team=team,
            made_by=(by.answered_by or by) if user.answered_by_id is not None else None,
            **ticked,
            expires_at=timezone.now() + timedelta(days=days),
        )
    )
    after = {"name": name, "days": days, "for": team.slug if team else "every team", "may": token.groups}
    audit.record("token.add", f"{token.label}", by=by, after=after)
    return token, text


@action("token.revoke")
def revoke_token(token: Token, *, by: User) -> None:
    access.check(by, "token.revoke", token)
    changed = Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    if changed != 1:
        raise Conflict("This token is revoked already.")
    audit.record("token.revoke", f"{token.label}", by=by, before={"name": token.name})
