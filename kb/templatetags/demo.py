"""What the demo tells on the sign-in page and at home, while there is one."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context

from governance import access
from governance.pages import why_not
from kb.demo import guests, loading
from kb.demo.loading import Site

register = template.Library()


@register.inclusion_tag("kb/_demo_entrance.html", takes_context=True)
def demo_entrance(context: Context) -> dict[str, Any]:
    """`{% demo_entrance %}`: who can sign in, and with what."""
    return {"password": guests.shown_password(context["request"]), "guests": guests.GUESTS}


@register.inclusion_tag("kb/_demo_home.html", takes_context=True)
def demo_home(context: Context) -> dict[str, Any]:
    """`{% demo_home %}`: what the person who is signed in can try."""
    request = context["request"]
    here = guests.shown_password(request)
    return {"guest": guests.guest(request.user.username) if here else None}


@register.inclusion_tag("kb/_demo_site.html", takes_context=True)
def demo_site(context: Context) -> dict[str, Any]:
    """`{% demo_site %}`: to the site administrator, while the site is new or holds the demo."""
    person = context["request"].user
    if not access.administers(person) or settings.PRODUCTION:
        return {"demo": None}
    demo = loading.standing()
    return {"demo": demo, "closed": why_not(person, "demo.load", Site()) if demo else ""}
