"""What waits for webhooks is sent also when its message was lost."""

from __future__ import annotations

import pytest

from governance.actions import set_webhook
from governance.jobs.send_webhooks import send_webhooks
from governance.models import Delivery
from tests.governance.told import states

pytestmark = pytest.mark.django_db


def test_what_is_due_is_sent(hook, team, jonas):
    set_webhook(team, hook.url, by=jonas)

    assert send_webhooks() is None

    assert (len(hook.got), states(Delivery)) == (1, ["sent"])


def test_when_nothing_is_due_nothing_happens():
    assert send_webhooks() is None
