"""Messages that everybody is done with are forgotten after 90 days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.jobs.trim_messages import trim_messages
from governance.mailing import to_digest
from governance.models import Delivery, Mail, Notification, User, Webhook
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now()
OLD, YOUNG = NOW - timedelta(days=91), NOW - timedelta(days=89)


@pytest.fixture
def mara() -> User:
    return factories.person("mara")


def told(mara: User, read_at=None, **fields) -> Notification:
    fields = {"kind": "review", "subject": "teams/fraud", "sentence": "x", **fields}
    return Notification.objects.create(user=mara, read_at=read_at, **fields)


def mail(mara: User, state: str, made_at=OLD) -> Mail:
    made = Mail.objects.create(user=mara, state=state)
    Mail.objects.filter(pk=made.pk).update(made_at=made_at)
    return made


def left(model) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def test_what_was_read_long_ago_goes_and_the_rest_stays(mara):
    told(mara, OLD)
    kept = [told(mara, YOUNG).pk, told(mara).pk]

    said = trim_messages()

    assert (left(Notification), said) == (kept, "Forgot 1 notification, 0 mails, 0 deliveries.")


def test_what_people_know_of_a_blocked_version_stays_known(mara):
    told(mara, OLD, kind="finding-blocking", subject="models/a/b/versions/1")
    last = told(mara, OLD, kind="finding-blocking", subject="models/a/b/versions/1")

    trim_messages()

    assert left(Notification) == [last.pk]


def test_mails_that_have_ended_go(mara):
    for state in ("sent", "refused", "needless", "unknown"):
        mail(mara, state)
    kept = [mail(mara, "waiting").pk, mail(mara, "sending").pk, mail(mara, "sent", YOUNG).pk]

    trim_messages()

    assert left(Mail) == kept


def test_what_nobody_read_is_not_sent_a_second_time(mara):
    carried = mail(mara, "sent")
    told(mara, way="daily", mail=carried)

    trim_messages()

    assert (left(Mail), to_digest().count()) == ([carried.pk], 0)


def test_a_mail_goes_with_what_it_carried(mara):
    told(mara, OLD, way="daily", mail=mail(mara, "sent"))

    trim_messages()

    assert (left(Mail), left(Notification)) == ([], [])


def test_deliveries_that_have_ended_go(mara):
    team = factories.team("fraud")
    hook = Webhook.objects.create(team=team, address="https://example.org/", secret=b"x", set_by=mara)
    made = {
        name: Delivery.objects.create(webhook=hook, kind="review", subject=team.label, body="{}", state=state)
        for name, state in [("sent", "sent"), ("failed", "failed"), ("waiting", "waiting"), ("new", "sent")]
    }
    Delivery.objects.exclude(pk=made["new"].pk).update(made_at=OLD)

    trim_messages()

    assert left(Delivery) == [made["waiting"].pk, made["new"].pk]


def test_with_nothing_old_nothing_is_said(mara):
    told(mara, YOUNG)

    assert trim_messages() is None
