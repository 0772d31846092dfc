"""Once a day everybody who likes that gets one mail."""

from __future__ import annotations

import pytest

from governance.jobs.mail_digest import mail_digest
from governance.models import Mail
from governance.schedule import JOBS
from tests.governance.told import daily

pytestmark = pytest.mark.django_db


def test_it_writes_one_mail_for_each_person(team, jonas, mara):
    daily(team, jonas, mara)
    daily(team, jonas)

    assert (mail_digest(), Mail.objects.count()) == ("Wrote 2 daily mails.", 2)


def test_it_says_nothing_when_nobody_waits():
    assert mail_digest() is None


def test_it_is_daily_at_seven():
    assert JOBS["mail_digest"].plan.words == "daily at 07:00 UTC"
