"""What people say of themselves, and where they are signed in."""

from __future__ import annotations

from governance import access, audit, browsers, moving, zones
from governance.actions.saving import cleaned
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Browser, User
from governance.names import plain_text
from governance.themes import CHOICES


@action("profile.set")
def set_profile(
    user: User,
    *,
    name: str | None = None,
    time_zone: str | None = None,
    theme: str | None = None,
    by: User,
) -> User:
    """The name shown, the zone in which times are shown, and the theme; None leaves each as it is."""
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    access.check(by, "profile.set", user)
    if time_zone and time_zone not in zones.NAMES:
        raise Invalid("There is no such time zone.", errors={"time_zone": ["Choose a zone of the list."]})
    if theme is not None and theme not in CHOICES:
        raise Invalid(f"A theme is one of {', '.join(CHOICES[:-1])} or {CHOICES[-1]}.")
    given = {"first_name": name, "time_zone": time_zone, "theme": theme}
    changed = {field: value for field, value in given.items() if value not in (None, shown(user, field))}
    before = {field: shown(user, field) for field in changed}
    for field, value in changed.items():
        setattr(user, field, value)
    if "first_name" in changed:
        plain_text(user.first_name, "name")
        user.last_name = ""
    cleaned(user)
    user.save(update_fields=[*changed, "last_name"])
    if changed:
        audit.record("profile.set", user, by=by, before=before, after=changed)
    return user


def shown(user: User, field: str) -> str:
    """A field as its person sees it: the two names of before are one."""
    return user.get_full_name() if field == "first_name" else str(getattr(user, field))


@action("email.set")
def set_email(user: User, email: str, *, by: User) -> User:
    """Where mails go, and links that set a new password. The old address is told; the trail has neither."""
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    access.check(by, "email.set", user)
    if email == user.email:
        raise Conflict("This is the address already.", errors={"email": ["This is the address already."]})
    old, user.email = user.email, email
    cleaned(user)
    user.save(update_fields=["email"])
    audit.record("email.set", user, by=by)
    if old:
        moving.tell_old(user, old)
    return user


@action("session.end")
def end_session(browser: Browser, *, by: User) -> None:
    """Sign out one browser of one's own."""
    access.check(by, "session.end", browser.user)
    if not browsers.end(browser.user, only=browser.key):
        raise Conflict("This browser is signed out already.")
    audit.record("session.end", browser.user, by=by, after={"browsers": "a browser"})


@action("session.end")
def end_sessions(user: User, *, by: User) -> int:
    """Sign out every browser of one's own; how many."""
    access.check(by, "session.end", user)
    ended = browsers.end(user)
    audit.record("session.end", user, by=by, after={"browsers": "every browser"})
    return ended
