"""What the lists of governance share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from governance.paging import Page


def pager(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """The addresses of the pages beside this one: the same filters, another cursor."""
    return {"newer": beside(request, page.newer), "older": beside(request, page.older)}


def beside(request: HttpRequest, cursor: str) -> str:
    return without(request, "cursor", cursor=cursor) if cursor else ""


def without(request: HttpRequest, *names: str, **others: str) -> str:
    """This address without some filters, and with others."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    for name, value in others.items():
        query[name] = value
    return f"?{query.urlencode()}"
