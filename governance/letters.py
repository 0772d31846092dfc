"""What an e-mail says: plain text and simple HTML, with links to pages and nothing that decides by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from governance import inbox, stopping
from governance.kinds import NEVER, kind_of
from governance.links import absolute, link
from governance.models import Mail, Notification
from governance.templatetags import words

MOST = 50
LONGEST_SUBJECT = 150


Letter = Callable[[Mail], dict[str, str] | None]

_letters: dict[str, Letter] = {}


def letter(purpose: str) -> Callable[[Letter], Letter]:
    """Register what a letter of a purpose says: its sentence, and the href and word of its link; None when it
    is not needed any more."""

    def register(function: Letter) -> Letter:
        _letters[purpose] = function
        return function

    return register


Details = Callable[[Notification], list[dict[str, str]]]

_details: dict[str, Details] = {}


def details(kind: str) -> Callable[[Details], Details]:
    """Register what a mail says below a message of a kind: each a sentence, and href and word of its link.
    Worked out when the mail is sent, of what its person sees then."""

    def register(function: Details) -> Details:
        _details[kind] = function
        return function

    return register


def write(mail: Mail) -> EmailMultiAlternatives | None:
    """What is sent; nothing when that is not needed any more."""
    if not mail.purpose:
        return about_messages(mail)
    said = _letters[mail.purpose](mail)
    to = mail.address or mail.user.email
    return None if said is None or not to else made(mail, to, one_line(said["sentence"]), {"items": [said]})


def about_messages(mail: Mail) -> EmailMultiAlternatives | None:
    """The letter, of what its person may see and has not read by now; nothing when there is none."""
    notifications = list(mail.notifications.unread().order_by("pk"))
    seen = inbox.visible(mail.user, [(found.pk, found.subject) for found in notifications])
    told = [found for found in notifications if found.pk in seen]
    if not told or not mail.user.is_active or not mail.user.email:
        return None
    stopped = stops(mail, told)
    context = {
        "person": mail.user,
        "items": [each for notification in told[:MOST] for each in items(notification)],
        "stops": stopped,
        "more": len(told) - MOST,
        "inbox": absolute(reverse("governance:inbox")),
        "settings": absolute(reverse("governance:inbox_settings")),
    }
    letter = made(mail, mail.user.email, subject(mail, told), context)
    if len(told) == len(stopped) == 1:
        letter.extra_headers["List-Unsubscribe"] = f"<{stopped[0]['href']}>"
        letter.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return letter


def stops(mail: Mail, told: list[Notification]) -> list[dict[str, str]]:
    """Links that stop what was asked for."""
    kinds = dict.fromkeys(found.kind for found in told if kind_of(found.kind).usual == NEVER)
    return [{"word": kind_of(kind).words, "href": stopping.link(mail.user, kind)} for kind in kinds]


def made(mail: Mail, to: str, subject: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        subject=subject[:LONGEST_SUBJECT],
        body=render_to_string("mail/letter.txt", context),
        to=[to],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    return letter


def items(notification: Notification) -> list[dict[str, Any]]:
    more = _details.get(notification.kind)
    return [item(notification), *(more(notification) if more else [])]


def item(notification: Notification) -> dict[str, Any]:
    """One message with the page where one does something about it."""
    return {
        "sentence": one_line(notification.sentence),
        "href": link(notification.subject),
        "word": kind_of(notification.kind).open,
    }


def subject(mail: Mail, told: list[Notification]) -> str:
    if mail.day is None:
        return one_line(told[0].sentence)[:LONGEST_SUBJECT]
    return f"{words.counted(len(told), 'message')} of {mail.day.day} {mail.day:%B}"


def one_line(text: str) -> str:
    return " ".join(text.split())
