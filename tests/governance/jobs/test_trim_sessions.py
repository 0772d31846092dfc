"""Sessions that have run out are forgotten."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from governance.jobs.trim_sessions import trim_sessions
from governance.models import Browser
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_has_run_out_goes_and_what_lasts_stays():
    old, new = Client(), Client()
    for client in (old, new):
        client.force_login(factories.person())
    Session.objects.filter(pk=old.session.session_key).update(expire_date=timezone.now())

    said = trim_sessions()

    assert said == "Forgot 1 session."
    assert [browser.key for browser in Browser.objects.all()] == [new.session.session_key]


def test_nothing_to_forget_is_nothing_to_tell():
    assert trim_sessions() is None
