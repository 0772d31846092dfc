"""What the demo tells on the sign-in page and at home, while there is one."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from kb.demo import guests

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
