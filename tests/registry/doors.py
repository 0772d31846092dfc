"""One write through both doors, page and API: the same people, the same outcomes, the same sentences."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from governance.models import User
from tests.governance.api.caller import Caller
from tests.pages import said

BOTH = pytest.mark.parametrize("door", ["page", "api"])


def send(
    door: str, person: User, address: str, sent: dict[str, Any] | None = None, method: str = "POST"
) -> tuple[int, str]:
    """The status, 200 for what is done, and the words of the answer. An API's address is the page's without
    its last slash; `method` is the API's."""
    if door == "api":
        answer = Caller(person).ask(method, address.rstrip("/"), sent)
        return (200 if answer.status_code < 300 else answer.status_code), answer.body.decode()
    client = Client(raise_request_exception=False)
    client.force_login(person)
    answer = client.post(f"/{address}", sent or {})
    return (200 if answer.status_code == 302 else answer.status_code), said(answer)
