"""Tell the demo's story, and find its pages as people do: by the links of other pages."""

import re
import secrets
import time
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLResolver, get_resolver, resolve

from governance.models import User
from kb.demo import story

BEGINNINGS = ("/", "/search/?q=wine", "/styleguide/", "/models/?state=blocked", "/following/", "/shortcuts/")
BEGINNINGS += ("/account/logout/", "/account/reset/", "/account/confirm/", "/twins/", "/runs/confidential/")
LINK = re.compile(r'href="(/[^"#]*)')
# Of pages that differ in nothing but what they are about, that many are looked at for the dearest.
MOST_ALIKE = 12
# What sends a form, a file or a part of a page; and pages of a state that the story does not come to.
NONE_HERE = """
docs governance:codes_file governance:inbox_read governance:inbox_read_all governance:inbox_undo
governance:inbox_unread governance:invitation_revoke governance:job_pause governance:job_resume
governance:job_run governance:service_hand_over governance:session_end governance:sessions_end
governance:theme governance:trail_export governance:webhook_again governance:webhook_remove
governance:webhook_resume governance:webhook_secret kb:attachment
kb:article_acknowledge kb:article_end_reading kb:article_rate kb:article_unwatch kb:article_watch
kb:attachment_shown kb:article_restore kb:collection_watch kb:missed kb:pulse
kb:run_file kb:step_file passkey passkey_challenge
registry:board_json registry:board_sarif registry:bom registry:card_file registry:client
registry:confirm_copy registry:follow
registry:live registry:recheck registry:remove_file registry:restore registry:signature
registry:signing_key registry:submit registry:unfollow registry:upload schema

account_login governance:codes governance:factor_remove governance:lock_lift governance:team_unarchive
governance:token_revoke governance:user_reactivate join kb:article_compare kb:attachment_remove
governance:stop kb:demo kb:demo_away kb:import kb:twins_both kb:wanted kb:week
password_reset registry:compare_two registry:delete_draft registry:end_grant registry:gate_request
registry:grant registry:name_end registry:open registry:promote registry:reinstate registry:release_hold
registry:signing_key_end registry:unarchive second_step
"""
NO_PAGES = set(NONE_HERE.split())


def main() -> dict[str, Any]:
    """By name each page that somebody is led to, as the steward or else as the administrator: a session, the
    address, the queries. And the names to which nobody is led, of those that answer with a page at all."""
    admin = User.objects.filter(is_superuser=True).earliest("pk")
    story.tell(admin, secrets.token_urlsafe(16), lambda sentence: None)
    found: dict[str, dict[str, Any]] = {}
    for person in (User.objects.get(username="jonas"), admin):
        client = Client(raise_request_exception=False)
        client.force_login(person)
        found = {**walked(client), **found}
    return {"pages": found, "unseen": sorted(set(names()) - set(found) - NO_PAGES)}


def names(resolver: Any = None, space: str = "") -> Iterator[str]:
    """Of every address of the table of addresses, but for the API."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from names(each, f"{space}{each.namespace}:" if each.namespace else space)
        elif each.name and not str(getattr(each.callback, "__module__", "")).endswith("api"):
            yield f"{space}{each.name}"


def walked(client: Client) -> dict[str, dict[str, Any]]:
    seen, ahead = set(BEGINNINGS), list(BEGINNINGS)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    found: dict[str, list[dict[str, Any]]] = {}
    while ahead:
        path = ahead.pop(0)
        name = name_of(path)
        alike = found.setdefault(name, [])
        answer = client.get(path) if name and len(alike) < MOST_ALIKE else HttpResponse(status=404)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        alike.append({**looked(client, path), "cookie": cookie})
        links = {unescape(link) for link in LINK.findall(answer.content.decode())} - seen
        seen |= links
        ahead += sorted(links)
    return {name: max(alike, key=lambda page: page["cpu"]) for name, alike in sorted(found.items()) if alike}


def name_of(path: str) -> str:
    """Nothing for what is no page of a person."""
    try:
        return "" if path.startswith(("/api/", "/static/")) else resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""


def looked(client: Client, path: str) -> dict[str, Any]:
    began = time.process_time()
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return {"path": path, "queries": len(captured), "cpu": time.process_time() - began}
