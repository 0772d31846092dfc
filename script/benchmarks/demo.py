"""Tell the demo's story, and find its pages as people do: by the links of other pages."""

import re
import secrets
import time
from html import unescape
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from governance.models import User
from kb.demo import story

BEGINNINGS = ("/", "/search/?q=wine", "/styleguide/", "/models/?state=blocked")
LINK = re.compile(r'href="(/[^"#]*)')
# Of pages that differ in nothing but what they are about, that many are looked at for the dearest.
MOST_ALIKE = 12


def main() -> dict[str, Any]:
    """A session of the team's steward, and by name the address and the queries of each page."""
    admin = User.objects.filter(is_superuser=True).earliest("pk")
    story.tell(admin, secrets.token_urlsafe(16), lambda sentence: None)
    steward = User.objects.get(username="jonas")
    client = Client(raise_request_exception=False)
    client.force_login(steward)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={session}", "pages": walked(client)}


def walked(client: Client) -> dict[str, dict[str, Any]]:
    seen, ahead = set(BEGINNINGS), list(BEGINNINGS)
    found: dict[str, list[dict[str, Any]]] = {}
    while ahead:
        path = ahead.pop(0)
        name = name_of(path)
        alike = found.setdefault(name, [])
        answer = client.get(path) if name and len(alike) < MOST_ALIKE else HttpResponse(status=404)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        alike.append(looked(client, path))
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
