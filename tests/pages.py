"""What tests of pages ask of an answer."""

from __future__ import annotations

import html
import re

from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext


def said(answer: HttpResponse) -> str:
    """The words of a page, as they are read: no tags, single blanks."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.S)
    words = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r" +([.,:!?])", r"\1", " ".join(words.split()))


def told(answer: HttpResponse) -> list[str]:
    """The messages that an answer leaves for the next page."""
    return [message.message for message in get_messages(answer.wsgi_request)]


def queries(client: Client, address: str) -> int:
    """How many statements one look at a page takes."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(captured)
