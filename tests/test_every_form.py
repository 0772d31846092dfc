"""Every form of every page in the table of who may what: sent, sent twice, and sent when the session is over.
Nothing breaks, and nothing that was typed is lost.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

import html5lib
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client

from governance import keeping
from governance.models import User
from tests.test_every_page import html as page_of
from tests.test_every_page import nothing, pages
from tests.test_who_may import SIGN_IN, World, world

__all__ = ["world"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

PEOPLE = ("adm", "ste", "aut")
TYPED = {"input", "textarea"}
# How something that is typed and not fine looks, by the kind of its field.
SHOWN = {"/styleguide/"}  # its forms lead nowhere
SAYS_SO = ('role="alert"', 'aria-invalid="true"', 'class="problem')
FILES = (
    "/upload",
    "/articles/import/fraud/",
    "/files/notes.txt",
    "/trail/export",
)  # a browser sends a file there, or is sent one
ONCE = ("/webhook/secret", "/preview/notes.txt")  # the answer itself is what may be seen once only
WORDS = {"email": "no address", "number": "987654321", "date": "1999-01-31", "url": "no address"}


@dataclass
class Form:
    """A form of a page as a browser would send it, and what was typed into it."""

    page: str
    action: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    pressed: bool = False  # the first button, as by Enter

    def __str__(self) -> str:
        return f"{self.page}: the form to {self.action}"


def forms(address: str, text: str) -> Iterator[Form]:
    """Those that send something."""
    page = html5lib.parse(text, namespaceHTMLElements=False)
    for found in page.iter("form"):
        if found.get("method", "").lower() != "post" or address in SHOWN:
            continue
        form = Form(address, urljoin(address, found.get("action") or address))
        for each in found.iter():
            fill(form, each.tag, each, each.get("name"))
        yield form


def fill(form: Form, tag: str, each, name: str | None) -> None:
    kind = each.get("type", "text")
    if tag == "select" and name:
        chosen = [one for one in each.iter("option") if one.get("selected") is not None]
        for one in chosen or list(each.iter("option"))[:1]:
            form.sent.setdefault(name, []).append(one.get("value", ""))
    if tag == "button" and name and each.get("type", "submit") == "submit" and not form.pressed:
        form.pressed = True
        form.sent.setdefault(name, []).append(each.get("value", ""))
    if tag not in TYPED or not name or kind in {"submit", "button", "file"}:
        return
    if kind == "hidden" or (kind in {"checkbox", "radio"} and each.get("checked") is not None):
        form.sent.setdefault(name, []).append(each.get("value", "on"))
    elif kind not in {"checkbox", "radio"}:
        words = WORDS.get(kind, f"Typed into {name} & <b>")[: int(each.get("maxlength") or 200)]
        form.sent[name] = [words]
        if kind != "password" and not keeping.SECRET.search(name):
            form.typed[name] = words


def lost(form: Form, text: str) -> list[str]:
    """What was typed and is not on a page."""
    read = html.unescape(text)
    return [name for name, words in form.typed.items() if words not in read]


def every_form(world: World, who: str) -> Iterator[Form]:
    """Each address that forms of pages send to, once."""
    seen = set()
    for row in pages(who):
        answer = world.ask(who, "GET", row)
        if answer.status_code != 200 or not (text := page_of(answer)).startswith("<!doctype html>"):
            continue
        for form in forms("/" + row.address.format(**world.about(row)), text):
            if form.action not in seen:
                seen.add(form.action)
                yield form


@pytest.mark.parametrize("who", PEOPLE)
def test_a_form_redirects_or_comes_back_with_what_was_typed(world, who):
    wrong = []
    for form in every_form(world, who):
        first, again = twice(world.client, world.sessions[who], form)
        if form.action.endswith(FILES):
            continue
        if first.status_code not in {302, 303} and (first.status_code >= 500 or lost(form, first.said)):
            wrong.append(f"{form} answers {first.status_code} without {lost(form, first.said)}")
        done = first.status_code in {302, 303} or form.action.endswith(ONCE)
        if not done and not any(word in first.said for word in SAYS_SO):
            wrong.append(f"{form} answers {first.status_code} and does not say what is wrong")
        if again.status_code >= 500:
            wrong.append(f"{form} answers {again.status_code} the second time")

    nothing(wrong)


def twice(client: Client, session: str, form: Form):
    """The same sent from two tabs, or once more by a reload; then as if it had never been."""
    client.cookies.clear()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        answers = [
            client.post(form.action, form.sent, HTTP_REFERER=f"http://testserver{form.page}") for _ in "12"
        ]
        for answer in answers:
            answer.said = page_of_any(answer)
        transaction.set_rollback(True)
    return answers


def page_of_any(answer) -> str:
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


@pytest.mark.parametrize("who", PEOPLE)
def test_what_was_typed_is_there_again_when_the_session_had_ended(world, who):
    person = whose(world.sessions[who])
    wrong = []
    for form in (each for each in every_form(world, who) if each.typed):
        with transaction.atomic():
            text = after_signing_in(person, form)
            transaction.set_rollback(True)
        if lost(form, text):
            wrong.append(f"{form} has lost {lost(form, text)}")

    nothing(wrong)


def whose(session: str) -> User:
    return User.objects.get(pk=Session.objects.get(session_key=session).get_decoded()["_auth_user_id"])


def after_signing_in(person: User, form: Form) -> str:
    """The page of the form, for who had to sign in when they sent it."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    client.get("/account/")
    Session.objects.all().delete()
    answer = client.post(form.action, form.sent, HTTP_REFERER=f"http://testserver{form.page}")
    if not answer.get("Location", "").startswith(SIGN_IN):
        return page_of_any(answer)  # one need not be signed in
    client.force_login(person)
    return page_of_any(client.get(form.page))
