"""A team whose members have addresses, and the servers of others that mails and webhooks go to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from governance.models import Team, User
from tests import factories
from tests.receivers import Hook, MailServer, running


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def jonas(team: Team) -> User:
    return with_address(factories.member(team, "steward", username="jonas"))


@pytest.fixture
def mara(team: Team) -> User:
    return with_address(factories.member(team, "data-scientist", username="mara"))


def with_address(person: User) -> User:
    person.email = f"{person.username}@example.org"
    person.save(update_fields=["email"])
    return person


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server that Steward is set to use."""
    server = MailServer()
    settings.EMAIL_BACKEND = "governance.mail_server.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 2
    settings.PUBLIC_URL, settings.PUBLIC_HOST = "https://steward.example", "steward.example"
    yield server
    server.stop()


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    """A receiver of webhooks on this machine, which the settings allow."""
    settings.WEBHOOK_INNER = True
    settings.PUBLIC_URL = "https://steward.example"
    with running(Hook()) as hook:
        yield hook
