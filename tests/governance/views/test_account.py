"""One's own account: name, time zone, theme, e-mail, and where one is signed in."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from governance import browsers, letters, zones
from governance.models import Browser, Event, Mail, Notification, User
from tests import factories
from tests.pages import queries, said, told

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PROFILE = {"name": "Mara Lindqvist", "time_zone": "Asia/Tokyo", "theme": "contrast"}


@pytest.fixture
def mara() -> User:
    return factories.person("mara")


@pytest.fixture
def client(mara: User) -> Client:
    return signed_in(mara)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    Browser.objects.filter(key=client.session.session_key).update(agent=FIREFOX)
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# ------------------------------------------------------------------ profile


def test_a_profile_is_changed_on_the_record(client, mara):
    answer = client.post("/account/", PROFILE)

    mara.refresh_from_db()
    event = Event.objects.get(action="profile.set")
    assert (str(mara), mara.time_zone, mara.theme) == ("Mara Lindqvist", "Asia/Tokyo", "contrast")
    assert (event.actor, event.before["time_zone"], event.after["time_zone"]) == ("mara", "", "Asia/Tokyo")
    assert told(answer) == ["Your profile is changed."]


def test_nothing_changed_is_no_event(client):
    client.post("/account/", {"name": "", "time_zone": "", "theme": "system"})
    client.post("/account/", {"name": "", "time_zone": "", "theme": "system"})

    assert Event.objects.filter(action="profile.set").count() == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "x" * 151}, "Ensure this value has at most 150 characters (it has 151)."),
        (
            {"name": "\u202eMara"},
            "This text holds a character that cannot be seen, such as a direction mark.",
        ),
        ({"time_zone": "Mars/Olympus"}, "Choose a zone of the list."),
        ({"theme": "pink"}, "Select a valid choice. pink is not one of the available choices."),
    ],
)
def test_a_bad_profile_says_what_is_wrong_and_changes_nothing(client, mara, sent, sentence):
    answer = client.post("/account/", {**PROFILE, **sent})

    mara.refresh_from_db()
    assert (answer.status_code, sentence in said(answer)) == (400, True)
    assert (mara.first_name, mara.time_zone, mara.theme) == ("", "", "")


def test_a_name_with_markup_is_shown_as_it_is_written(client):
    client.post("/account/", {**PROFILE, "name": "<b>Mara</b> 🦊"})

    assert "&lt;b&gt;Mara&lt;/b&gt; 🦊" in client.get("/account/").content.decode()


def test_times_are_shown_in_the_zone_of_who_looks(client, mara):
    before = client.get("/account/").content.decode()
    client.post("/account/", PROFILE)

    page = client.get("/account/").content.decode()

    assert (" UTC" in before, " JST" in before, " JST" in page) == (True, False, True)
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_zone_that_has_gone_is_utc():
    assert str(zones.zone("Mars/Olympus")) == "UTC"


def test_the_theme_follows_the_person_into_another_browser(client, mara):
    client.post("/theme", {"theme": "dark"})

    page = signed_in(mara).get("/account/").content.decode()

    assert '<html lang="en" data-theme="dark">' in page


def test_who_is_not_signed_in_has_the_theme_of_the_browser(client):
    client.post("/theme", {"theme": "dark"})
    client.post("/account/logout/")

    assert 'data-theme="dark"' in client.get("/account/login/").content.decode()


# ------------------------------------------------------------------ e-mail


def test_the_address_is_changed_and_stays_out_of_the_trail(client, mara):
    client.post("/account/email/", {"email": "mara@example.org"})

    mara.refresh_from_db()
    event = Event.objects.get(action="email.set")
    assert mara.email == "mara@example.org"
    assert (event.before, event.after) == (None, None)


def test_the_old_address_is_told(client, mara):
    User.objects.update(email="old@example.org")
    client.post("/account/email/", {"email": "new@example.org"})

    letter = letters.write(Mail.objects.get())

    assert letter.to == ["old@example.org"]
    assert letter.subject.startswith("The account mara has another e-mail address now.")


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("nowhere", 400, "Enter a valid email address."),
        ("", 400, "This field is required."),
        ("old@example.org", 409, "This is the address already."),
    ],
)
def test_a_bad_address_says_so(client, mara, address, status, sentence):
    User.objects.update(email="old@example.org")

    answer = client.post("/account/email/", {"email": address})

    mara.refresh_from_db()
    assert (answer.status_code, sentence in said(answer), mara.email) == (status, True, "old@example.org")


# ------------------------------------------------------------------ sessions


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "An unknown browser"),
    ],
)
def test_a_browser_is_called_by_what_it_is(agent, words):
    assert browsers.device(agent) == words


def test_a_sign_in_notes_the_browser_and_its_address(mara):
    cache.clear()

    Client(headers={"user-agent": FIREFOX}).post(
        "/account/login/", {"login": "mara", "password": factories.PASSWORD}, REMOTE_ADDR="192.0.2.7"
    )

    browser = Browser.objects.get()
    assert (browser.user, browser.agent, browser.address) == (mara, FIREFOX, "192.0.2.7")


def test_the_list_marks_the_one_that_asks(client, mara):
    signed_in(mara)

    words = said(client.get("/account/sessions/"))

    assert (words.count("Firefox on Linux This one"), words.count("Firefox on Linux")) == (1, 3)


def test_one_browser_is_signed_out_and_the_others_stay(client, mara):
    other, third = signed_in(mara), signed_in(mara)
    browser = Browser.objects.get(key=other.session.session_key)

    answer = client.post(f"/account/sessions/{browser.pk}/end")

    assert told(answer) == ["Firefox on Linux is signed out."]
    assert [is_in(each) for each in (client, other, third)] == [True, False, True]
    assert Event.objects.get(action="session.end").after == {"browsers": "a browser"}


def test_everywhere_is_here_too(client, mara):
    other = signed_in(mara)

    answer = client.post("/account/sessions/end")

    assert answer["Location"] == "/account/login/"
    assert [is_in(client), is_in(other), Session.objects.count()] == [False, False, 0]
    assert Event.objects.get(action="session.end").actor == "mara"


def test_somebody_else_is_not_signed_out(client, mara):
    stranger = signed_in(factories.person("zoe"))
    browser = Browser.objects.get(user=mara)

    answer = stranger.post(f"/account/sessions/{browser.pk}/end")

    assert (answer.status_code, is_in(client)) == (404, True)


def test_what_is_signed_out_already_is_not_there(client, mara):
    other = signed_in(mara)
    browser = Browser.objects.get(key=other.session.session_key)
    client.post(f"/account/sessions/{browser.pk}/end")

    assert client.post(f"/account/sessions/{browser.pk}/end").status_code == 404


def test_signing_out_leaves_no_browser(client, mara):
    client.post("/account/logout/")

    assert Browser.objects.count() == 0


def test_a_new_password_ends_the_others_and_keeps_this_one_in_the_list(client, mara):
    other = signed_in(mara)
    new = "another horse battery 8"

    client.post("/account/password/", {"oldpassword": factories.PASSWORD, "password1": new, "password2": new})

    assert [is_in(client), is_in(other)] == [True, False]
    assert Browser.objects.get().key == client.session.session_key
    told_ = Notification.objects.get(user=mara)
    assert told_.sentence == "Your password was changed. Every other browser is signed out."


def test_a_session_that_has_run_out_is_not_listed(client, mara):
    other = signed_in(mara)
    Session.objects.filter(pk=other.session.session_key).update(expire_date=timezone.now())

    assert Browser.objects.visible_to(mara).count() == 1


def test_a_browser_is_seen_again_after_a_while(client, mara):
    session = client.session
    session[browsers.SEEN] = 0
    session.save()
    Browser.objects.update(seen_at="2020-01-01T00:00:00Z")

    client.get("/account/")
    first = Browser.objects.get().seen_at
    client.get("/account/")

    assert (first.year > 2020, Browser.objects.get().seen_at) == (True, first)


def test_three_sessions_cost_as_much_as_one(client, mara):
    with_one = queries(client, "/account/sessions/")
    signed_in(mara), signed_in(mara)

    assert queries(client, "/account/sessions/") == with_one
