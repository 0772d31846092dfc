"""Every shortcut, once: the page and the dialog list them, and scripts act on what this table says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from governance.models import User
from kb.entries import PAGES


@dataclass(frozen=True)
class Shortcut:
    """Keys that are pressed one after the other; `href` is where a jump leads."""

    keys: str
    what: str
    href: str = ""

    @property
    def each(self) -> list[str]:
        return self.keys.split()


EVERYWHERE = (
    Shortcut("/", "Search everything"),
    Shortcut("Ctrl+K", "Search everything, also while typing"),
    Shortcut("?", "Show these shortcuts"),
    Shortcut("Esc", "Close what is open"),
)
LISTS = (
    Shortcut("j", "Next row"),
    Shortcut("k", "Row before"),
    Shortcut("Enter", "Open the row"),
    Shortcut("x", "Choose the row, where rows can be chosen"),
)
INBOX = (
    Shortcut("e", "Mark the message as read or unread"),
    Shortcut("z", "Take the last one back"),
)


ARTIFACTS = (Shortcut("c", "Copy the command that fetches it"),)


def jumps(person: User) -> Iterator[Shortcut]:
    """G and a letter: to each page of the navigation that this person has."""
    for page in PAGES:
        if page.key and page.seen(person):
            yield Shortcut(f"g {page.key}", f"Go to {page.title}", reverse(page.view))


def groups(person: User) -> list[tuple[str, list[Shortcut]]]:
    return [
        ("Everywhere", [*EVERYWHERE]),
        ("In lists", [*LISTS]),
        ("In the inbox", [*INBOX]),
        ("On a model, dataset or asset", [*ARTIFACTS]),
        ("Go to", [*jumps(person)]),
    ]
