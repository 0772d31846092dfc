"""Addresses of this site as others reach them: for what is read elsewhere, in a mail or by a program."""

from __future__ import annotations

from django.conf import settings

from governance.sentences import page_of


def absolute(address: str) -> str:
    return f"{settings.PUBLIC_URL}{address}"


def link(label: str) -> str:
    """The page of a label, or the first page where there is none."""
    return absolute(page_of(label) or "/")
