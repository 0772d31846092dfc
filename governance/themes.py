"""Light, dark, high contrast, or as the system likes it."""

from __future__ import annotations

from django.http import HttpRequest

THEMES = ("light", "dark", "contrast")
CHOICES = (*THEMES, "system")


def theme_of(request: HttpRequest) -> str:
    """What the person chose; for who is not known yet, what this browser remembers. Nobody is asked for: a
    page that says that the database is away has its theme, too."""
    person = getattr(request, "_cached_user", None)
    chosen = getattr(person, "theme", "") or request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""
