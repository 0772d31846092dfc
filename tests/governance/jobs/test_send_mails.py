"""Mails whose message was lost are sent all the same."""

from __future__ import annotations

import pytest

from governance.jobs.send_mails import send_mails
from governance.models import Mail
from tests.governance.told import at_once, states

pytestmark = pytest.mark.django_db


def test_what_is_due_is_sent(server, team, jonas):
    at_once(team, jonas)

    assert send_mails() is None

    assert (len(server.letters), states(Mail)) == (1, ["sent"])


def test_when_nothing_is_due_no_server_is_asked(server):
    send_mails()

    assert server.words == []
