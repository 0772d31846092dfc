"""E-mails: to the right people, once, from a server that may be away, slow, or killed."""

from __future__ import annotations

import logging
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from governance import actions, mailing
from governance.models import Mail, Membership, Notification, User
from tests import elsewhere, factories, tls
from tests.governance.told import at_once, daily, letters, pass_time, states, text
from tests.receivers import MailServer

pytestmark = pytest.mark.django_db


def only() -> Mail:
    return Mail.objects.get()


# ------------------------------------------------------------------ at once


def test_what_goes_at_once_is_one_letter_to_each(server, team, jonas, mara):
    at_once(team, jonas, mara)

    mailing.send_due()

    assert [letter["To"] for letter in letters(server)] == ["jonas@example.org", "mara@example.org"]
    assert states(Mail) == ["sent", "sent"]


def test_a_letter_says_it_and_leads_to_its_page(server, team, jonas):
    at_once(team, jonas, sentence="Version 3 of scorer is blocked: 2 findings.")

    mailing.send_due()

    (letter,) = letters(server)
    assert letter["Subject"] == "Version 3 of scorer is blocked: 2 findings."
    assert letter["Message-ID"] == only().message_id
    assert text(letter).splitlines()[:2] == [
        "Version 3 of scorer is blocked: 2 findings.",
        "Read why: https://steward.example/teams/fraud/",
    ]
    assert "How you are told: https://steward.example/inbox/settings/" in text(letter)
    assert '<a href="https://steward.example/teams/fraud/">Read why</a>' in text(letter, "html")


def test_a_sentence_cannot_become_a_head_or_a_tag(server, team, jonas):
    at_once(team, jonas, sentence="<b>Bold</b>\r\nBcc: zoe@example.org")

    mailing.send_due()

    (letter,) = letters(server)
    assert (letter["Subject"], letter["Bcc"]) == ("<b>Bold</b> Bcc: zoe@example.org", None)
    assert "&lt;b&gt;Bold&lt;/b&gt;" in text(letter, "html")


def test_nothing_is_sent_twice(server, team, jonas):
    at_once(team, jonas)

    mailing.send_due()
    mailing.send_due()

    assert len(server.letters) == 1


def test_who_has_no_address_has_an_inbox(server, team):
    at_once(team, factories.member(team, "steward"))

    assert (Mail.objects.count(), Notification.objects.count()) == (0, 1)


def test_who_likes_the_inbox_gets_no_mail(server, team, jonas):
    actions.set_ways(jonas, {"finding-blocking": "inbox"}, by=jonas)

    at_once(team, jonas)

    assert Mail.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda jonas: Notification.objects.update(read_at=timezone.now()),
        lambda jonas: Membership.objects.filter(user=jonas).delete(),
        lambda jonas: User.objects.filter(pk=jonas.pk).update(is_active=False),
        lambda jonas: User.objects.filter(pk=jonas.pk).update(email=""),
    ],
    ids=["read by now", "may not see it any more", "left", "without an address by now"],
)
def test_what_nobody_needs_any_more_is_not_sent(server, team, jonas, change):
    at_once(team, jonas)
    change(jonas)

    mailing.send_due()

    assert (server.letters, states(Mail)) == ([], ["needless"])


# ------------------------------------------------------------------ a server that misbehaves


def test_a_server_that_is_away_is_asked_once_and_later_again(server, team, jonas, mara):
    server.stop()
    at_once(team, jonas, mara)
    before = timezone.now()

    mailing.send_due()

    mails = Mail.objects.order_by("pk")
    assert states(Mail) == ["waiting", "waiting"]
    assert {mail.last_error for mail in mails} == {
        "The mail server could not be reached (ConnectionRefusedError)."
    }
    assert all(
        timedelta(0) < mail.due_at - before - timedelta(minutes=1) < timedelta(seconds=5) for mail in mails
    )


def test_when_it_is_back_what_waited_is_sent(server, team, jonas, settings):
    settings.EMAIL_PORT = 1
    at_once(team, jonas)
    mailing.send_due()
    settings.EMAIL_PORT = server.port
    pass_time(Mail)

    mailing.send_due()

    assert (len(server.letters), states(Mail)) == (1, ["sent"])


def test_pauses_grow(server, team, jonas):
    server.stop()
    at_once(team, jonas)
    pauses = []

    for _ in range(8):
        pass_time(Mail)
        mailing.send_due()
        pauses.append(round((only().due_at - timezone.now()).total_seconds() / 60))

    assert pauses == [1, 2, 5, 15, 30, 60, 120, 120]


def test_after_three_days_a_mail_is_given_up(server, team, jonas):
    server.stop()
    at_once(team, jonas)
    Mail.objects.update(made_at=timezone.now() - timedelta(days=3, minutes=1))

    mailing.send_due()

    assert states(Mail) == ["refused"]
    assert Notification.objects.unread().count() == 1


def test_a_server_that_never_speaks_holds_up_one_attempt(server, team, jonas, mara):
    server.hang_at = "hello"
    at_once(team, jonas, mara)
    began = time.monotonic()

    mailing.send_due()

    assert time.monotonic() - began < 15
    assert states(Mail) == ["waiting", "waiting"]


@pytest.mark.parametrize(
    ("word", "answer", "sentence"),
    [
        ("MAIL", "451 later", "The mail server refused the mail: 451."),
        ("RCPT", "550 nobody called jonas, password hunter2", "The mail server refused the recipient: 550."),
        ("DATA", "452 full", "The mail server refused the mail: 452."),
        (".", "554 spam", "The mail server refused the mail: 554."),
    ],
)
def test_what_the_server_refuses_is_tried_again(server, team, jonas, word, answer, sentence):
    server.replies[word] = answer
    at_once(team, jonas)

    mailing.send_due()

    assert (states(Mail), only().last_error) == (["waiting"], sentence)
    server.replies.clear()
    pass_time(Mail)
    mailing.send_due()
    assert states(Mail) == ["sent"]


def test_one_bad_address_holds_up_nobody_else(server, team, jonas, mara):
    User.objects.filter(pk=jonas.pk).update(email="jonas@ex ample.org")
    jonas.refresh_from_db()
    at_once(team, jonas, mara)

    mailing.send_due()

    assert states(Mail) == ["waiting", "sent"]


def test_a_server_that_hangs_up_before_the_letter_is_tried_again(server, team, jonas):
    server.cut_after = "RCPT"
    at_once(team, jonas)

    mailing.send_due()

    assert states(Mail) == ["waiting"]


def test_a_server_that_hangs_up_after_the_letter_may_have_it_so_it_is_not_sent_again(server, team, jonas):
    server.cut_after = "."
    at_once(team, jonas)

    mailing.send_due()
    server.cut_after = ""
    pass_time(Mail)
    mailing.send_due()

    assert (len(server.letters), states(Mail), only().last_error) == (1, ["unknown"], mailing.LOST)
    assert Notification.objects.unread().count() == 1


def test_what_was_cut_off_between_claim_and_sending_is_not_sent_again(server, team, jonas, mara):
    at_once(team, jonas, mara)
    mailing.claim()

    mailing.send_due()

    assert [letter["To"] for letter in letters(server)] == ["mara@example.org"]
    assert states(Mail) == ["unknown", "sent"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_sender_that_is_killed_while_it_sends_leaves_no_second_letter(server, team, jonas, mara):
    server.hang_at = "."
    server.cut_after = ""
    at_once(team, jonas)
    process = elsewhere.process(
        "from governance import mailing\nmailing.send_due()",
        STEWARD_MAIL_URL=f"smtp://127.0.0.1:{server.port}",
    )
    until(lambda: server.letters)
    process.send_signal(signal.SIGKILL)
    process.wait()
    server.hang_at = ""
    at_once(team, mara)

    until(lambda: mailing.send_due() or states(Mail) == ["unknown", "sent"])

    assert [letter["To"] for letter in letters(server)] == ["jonas@example.org", "mara@example.org"]


def until(reached) -> None:
    for _ in range(200):
        if reached():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_mail_once(server, team):
    people = [factories.member(team, "steward") for _ in range(12)]
    for person in people:
        person.email = f"{person.username}@example.org"
    User.objects.bulk_update(people, ["email"])
    at_once(team, *people)

    elsewhere.at_once(*[mailing.send_due] * 4)

    assert sorted(letter["To"] for letter in letters(server)) == sorted(person.email for person in people)
    assert set(states(Mail)) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_even_without_the_lock_no_two_claim_the_same(server, team, jonas, mara):
    at_once(team, jonas, mara)
    claimed = []

    elsewhere.at_once(*[lambda: claimed.append(mailing.claim())] * 4)

    assert sorted(mail.pk for mail in claimed if mail) == sorted(Mail.objects.values_list("pk", flat=True))


# ------------------------------------------------------------------ secrets


@pytest.fixture
def locked(settings, tmp_path, monkeypatch):
    """A server with TLS that wants a password."""
    files = tls.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    server = MailServer(tls=tls.context(files))
    settings.EMAIL_BACKEND = "governance.mail_server.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "localhost", server.port, True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "steward", "hunter2"
    yield server
    server.stop()


def test_a_password_goes_over_tls_alone(locked, team, jonas):
    at_once(team, jonas)

    mailing.send_due()

    assert locked.words[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]
    assert (locked.logins, states(Mail)) == ([b"\0steward\0hunter2"], ["sent"])


def test_a_wrong_password_is_in_no_row_and_no_log(locked, team, jonas, caplog):
    locked.replies["AUTH"] = "535 hunter2 is not the password of steward"
    at_once(team, jonas)

    with caplog.at_level(logging.DEBUG):
        mailing.send_due()

    assert only().last_error == "The mail server refused the mail: 535."
    assert "hunter2" not in caplog.text
    assert "hunter2" not in str(Mail.objects.values())


# ------------------------------------------------------------------ once a day


def test_the_daily_mail_is_one_letter_of_what_is_not_read(server, team, jonas):
    daily(team, jonas, sentence="First.")
    daily(team, jonas, sentence="Second.")
    daily(team, jonas, sentence="Read already.")
    Notification.objects.filter(sentence="Read already.").update(read_at=timezone.now())

    assert mailing.post_digests() == 1
    mailing.send_due()

    (letter,) = letters(server)
    today = timezone.now()
    assert letter["Subject"] == f"2 messages of {today.day} {today:%B}"
    assert text(letter).splitlines()[0:6:3] == ["First.", "Second."]
    assert "Read already." not in text(letter)


def test_a_second_run_on_the_same_day_writes_nothing(server, team, jonas):
    daily(team, jonas)
    mailing.post_digests()
    daily(team, jonas)

    assert mailing.post_digests() == 0


def test_what_came_after_is_in_the_mail_of_the_next_day(server, team, jonas):
    daily(team, jonas, sentence="First.")
    mailing.post_digests()
    daily(team, jonas, sentence="Second.")
    Mail.objects.update(day=timezone.now().date() - timedelta(days=1))

    mailing.post_digests()

    second = Mail.objects.latest("pk")
    assert [found.sentence for found in second.notifications.all()] == ["Second."]


def test_a_daily_mail_says_nothing_of_what_one_may_not_see_any_more(server, team, jonas):
    other = factories.team("pricing")
    Membership.objects.create(team=other, user=jonas, role="reader", granted_by=User.system())
    daily(team, jonas, sentence="Of fraud.")
    daily(other, jonas, sentence="Of pricing.")
    mailing.post_digests()
    Membership.objects.filter(user=jonas, team=other).delete()

    mailing.send_due()

    (letter,) = letters(server)
    assert ("Of fraud." in text(letter), "Of pricing." in letter.as_string()) == (True, False)


def test_of_very_much_the_daily_mail_says_how_much_more_there_is(server, team, jonas):
    for number in range(53):
        daily(team, jonas, sentence=f"Number {number}.")
    mailing.post_digests()

    mailing.send_due()

    (letter,) = letters(server)
    assert "And 3 more in your inbox: https://steward.example/inbox/" in text(letter)
    assert text(letter).count("Number ") == 50


def test_who_has_read_everything_gets_no_daily_mail(team, jonas):
    daily(team, jonas)
    Notification.objects.update(read_at=timezone.now())

    assert mailing.post_digests() == 0


@pytest.mark.django_db(transaction=True)
def test_two_that_write_the_daily_mail_at_once_write_one(server, team, jonas):
    for _ in range(5):
        daily(team, jonas)

    elsewhere.at_once(*[mailing.post_digests] * 4)

    assert [mail.notifications.count() for mail in Mail.objects.all()] == [5]


# ------------------------------------------------------------------ ways


def test_without_a_choice_each_kind_has_its_usual_way(jonas):
    ways = mailing.ways_of(jonas)

    assert {kind for kind, way in ways.items() if way == "once"} == {
        "account",
        "approval-asked",
        "article-to-read",
        "attachment-blocked",
        "finding-blocking",
        "glass-asked",
        "incident",
        "run-fell",
        "scanner-blind",
        "withdrawn",
    }
    assert {kind for kind, way in ways.items() if way == "inbox"} == {
        "article-watched",
        "followed",
        "playbook-unused",
    }
    assert {kind for kind, way in ways.items() if way == "never"} == {"article-week"}
    assert set(ways.values()) == {"once", "daily", "inbox", "never"}


def test_the_newest_trouble_with_mail_is_known(server, team, jonas):
    at_once(team, jonas)
    mailing.send_due()
    assert mailing.trouble_of(jonas) == ""
    server.stop()
    at_once(team, jonas)
    mailing.send_due()

    assert mailing.trouble_of(jonas) == "The mail server could not be reached (ConnectionRefusedError)."
