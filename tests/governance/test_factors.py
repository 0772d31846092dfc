"""A second factor: set up, asked for, used up, taken away."""

from __future__ import annotations

import threading
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from governance import actions, browsers, factors, pictures
from governance.models import Browser, Event, Notification, User
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said, told

pytestmark = pytest.mark.django_db

LOGIN, STEP = "/account/login/", "/account/second-step/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "This code is wrong, or was used already."


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    cache.clear()


@pytest.fixture
def mara() -> User:
    return factories.person("mara")


@pytest.fixture
def codes(mara: User) -> list[str]:
    """Mara has an app; its recovery codes."""
    return actions.add_app(mara, secret=SECRET, code=code_at(-1), by=mara)


def code_at(offset: int = 0, secret: str = SECRET) -> str:
    """What the app shows, so many periods from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // factors.PERIOD + offset))


def password(client: Client, **more: str):
    return client.post(LOGIN, {"login": "mara", "password": factories.PASSWORD, **more})


def step(client: Client, code: str):
    return client.post(STEP, {"code": code})


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# ------------------------------------------------------------------ setting up


def test_an_app_is_set_up_by_its_first_code_and_codes_are_shown_once(mara):
    client = signed_in(mara)
    page = client.get("/account/security/app/")
    secret = page.context["secret"]

    answer = client.post("/account/security/app/", {"code": code_at(secret=secret)})

    codes = answer.context["codes"]
    assert (len(codes), {len(code) for code in codes}, len(set(codes))) == (10, {10}, 10)
    assert factors.codes_left(mara) == 10
    assert [code for code in codes if code in client.get("/account/security/").content.decode()] == []
    event = Event.objects.get(action="factor.add")
    assert (event.actor, event.after) == ("mara", {"factor": "an authenticator app"})
    sentence = "Your account has an authenticator app as a second factor now."
    assert Notification.objects.get(user=mara).sentence == sentence


def test_the_secret_lies_sealed_in_session_and_row(mara):
    client = signed_in(mara)
    secret = client.get("/account/security/app/").context["secret"]
    held = str(dict(client.session))
    client.post("/account/security/app/", {"code": code_at(secret=secret)})

    assert secret not in held
    assert secret not in str(list(Authenticator.objects.values()))
    assert "totp" not in client.session


def test_the_first_factor_signs_other_browsers_out(mara):
    client, other = signed_in(mara), signed_in(mara)
    secret = client.get("/account/security/app/").context["secret"]

    client.post("/account/security/app/", {"code": code_at(secret=secret)})

    assert [is_in(client), is_in(other), Browser.objects.count()] == [True, False, 1]


@pytest.mark.parametrize("code", ["000000", "", "abc", "1" * 21, "\uff11\uff12\uff13\uff14\uff15\uff16"])
def test_a_wrong_code_sets_up_nothing(mara, code):
    client = signed_in(mara)
    client.get("/account/security/app/")

    answer = client.post("/account/security/app/", {"code": code})

    assert (answer.status_code, Authenticator.objects.count()) == (400, 0)


def test_a_second_app_is_refused(mara, codes):
    client = signed_in(mara)

    assert client.get("/account/security/app/").status_code == 409


def test_an_old_sign_in_is_confirmed_first(mara):
    client = signed_in(mara)
    session = client.session
    session[browsers.CONFIRMED] -= 3600
    session.save()

    addresses = ("/account/security/app/", "/account/security/passkey/", "/account/security/codes/")
    answers = [client.get(address) for address in addresses]

    assert {answer["Location"].partition("?")[0] for answer in answers} == {"/account/confirm/"}


def test_the_picture_says_what_the_app_takes(mara):
    square = pictures.qr(factors.address(mara, SECRET))

    assert factors.address(mara, SECRET) == (f"otpauth://totp/Steward%3Amara?secret={SECRET}&issuer=Steward")
    assert square.path.startswith("M4 4h7v1h-7z")
    assert square.size > 40


def test_what_is_no_passkey_is_refused(mara):
    client = signed_in(mara)
    client.get("/account/security/passkey/")

    answers = [
        client.post("/account/security/passkey/", {"name": "x", "credential": sent}).status_code
        for sent in ("{}", "[]", "null", "no json", '{"id": 5}', '{"id": "AA", "response": {}}')
    ]

    assert (answers, Authenticator.objects.count()) == ([400] * 6, 0)


# ------------------------------------------------------------------ signing in


def test_the_password_alone_does_not_sign_in(client, mara, codes):
    answer = password(client)

    assert answer["Location"] == STEP
    assert is_in(client) is False
    assert Event.objects.filter(action="session.open").count() == 0


def test_the_code_signs_in_and_one_comes_where_one_wanted(client, mara, codes):
    password(client, next="/teams/")

    answer = step(client, code_at())

    assert (answer["Location"], is_in(client)) == ("/teams/", True)
    assert [event.outcome for event in Event.objects.filter(action="session.open")] == ["done"]


def test_a_code_that_was_used_opens_nothing_again(mara, codes):
    first, second = Client(), Client()
    password(first), password(second)
    step(first, code_at())

    answer = step(second, code_at())

    assert (answer.status_code, WRONG in said(answer), is_in(second)) == (403, True, False)
    event = Event.objects.filter(action="session.open", outcome="refused").get()
    assert (event.actor, event.reason) == ("mara", "Wrong code.")


def test_the_code_of_setting_up_opens_nothing(client, mara, codes):
    password(client)

    assert step(client, code_at(-1)).status_code == 403


@pytest.mark.parametrize("offset", [-3, 3])
def test_a_code_of_another_time_opens_nothing(client, mara, codes, offset):
    password(client)

    assert step(client, code_at(offset)).status_code == 403


def test_a_recovery_code_opens_once_and_is_told(mara, codes):
    first, second = Client(), Client()
    password(first), password(second)
    step(first, f"{codes[3][:5]} {codes[3][5:]}")  # as it is shown

    answer = step(second, codes[3])

    assert (is_in(first), answer.status_code, factors.codes_left(mara)) == (True, 403, 9)
    assert Event.objects.get(action="codes.use").after == {"left": 9}
    told_ = [message.sentence for message in Notification.objects.filter(user=mara)]
    assert "A recovery code was used to sign in: 9 are left." in told_


def test_wrong_codes_lock_the_name(client, mara, codes):
    password(client)
    for _ in range(4):
        step(client, "000000")

    answer = step(client, code_at())

    assert (answer.status_code, is_in(client)) == (429, False)


def test_there_is_no_second_step_without_a_first(client, mara, codes):
    assert step(client, code_at())["Location"] == LOGIN


def test_who_has_none_signs_in_as_before(client, mara):
    assert password(client)["Location"] == "/"


def test_a_made_up_passkey_signs_nobody_in(client, mara, codes):
    client.get("/account/passkey/challenge")

    answer = client.post("/account/passkey/", {"credential": '{"response": {"userHandle": "MQ"}}'})

    assert (answer["Location"], is_in(client)) == (LOGIN, False)
    assert told(answer) == [factors.NOT_A_PASSKEY]
    assert Event.objects.get(action="session.open").reason == "Unknown passkey."


@pytest.mark.django_db(transaction=True)
def test_of_two_with_one_recovery_code_one_gets_in(mara):
    codes = actions.add_app(mara, secret=SECRET, code=code_at(-1), by=mara)
    got = []

    def run() -> None:
        with transaction.atomic():
            got.append(factors.use_code(mara, codes[0]))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(got) == ["", "recovery_codes"]


# ------------------------------------------------------------------ is it you?


def test_who_has_a_factor_confirms_by_it(mara, codes):
    client = signed_in(mara)

    by_password = client.post("/account/confirm/", {"password": factories.PASSWORD})
    by_code = client.post("/account/confirm/", {"code": code_at()})

    assert (by_password.status_code, by_code.status_code) == (400, 302)


def test_a_wrong_code_confirms_nothing(mara, codes):
    answer = signed_in(mara).post("/account/confirm/", {"code": "000000"})

    assert (answer.status_code, WRONG in said(answer)) == (403, True)
    assert Event.objects.get(action="session.confirm").outcome == "refused"


# ------------------------------------------------------------------ taken away


def test_new_codes_end_the_old_ones(client, mara, codes):
    answer = signed_in(mara).post("/account/security/codes/")
    new = answer.context["codes"]
    password(client)

    statuses = [step(client, codes[0]).status_code, step(client, new[0]).status_code]

    assert statuses == [403, 302]
    assert Event.objects.get(action="codes.renew").actor == "mara"


def test_codes_are_saved_as_a_file(mara, codes):
    answer = signed_in(mara).post("/account/security/codes/file", {"code": codes})

    assert answer["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert answer.content.decode().replace(" ", "").splitlines()[2:] == codes


@pytest.mark.parametrize("sent", [[], ["<b>"], ["1" * 13], ["1234567890", "x"]])
def test_a_file_holds_codes_alone(mara, sent):
    assert signed_in(mara).post("/account/security/codes/file", {"code": sent}).status_code == 400


def test_with_the_last_factor_the_codes_go(client, mara, codes):
    factor = Authenticator.objects.get(type="totp")

    answer = signed_in(mara).post(f"/account/security/{factor.pk}/remove")

    assert told(answer) == ["“Authenticator app” is taken away."]
    assert (Authenticator.objects.count(), password(client)["Location"]) == (0, "/")
    assert Event.objects.get(action="factor.remove").before == {"factor": "an authenticator app"}


def test_nobody_takes_away_what_is_somebody_elses(mara, codes):
    factor = Authenticator.objects.get(type="totp")

    answer = signed_in(factories.person("zoe")).post(f"/account/security/{factor.pk}/remove")

    assert (answer.status_code, Authenticator.objects.count()) == (404, 2)


@pytest.mark.parametrize("door", ["page", "program"])
def test_the_administrator_takes_away_what_was_lost(client, mara, codes, door):
    ada = factories.person("ada", is_superuser=True)
    other = signed_in(mara)

    if door == "page":
        signed_in(ada).post("/users/mara/second-factor")
    else:
        Caller(ada).delete("users/mara/second-factor")

    assert (is_in(other), password(client)["Location"]) == (False, "/")
    event = Event.objects.get(action="factor.reset")
    assert (event.actor, event.subject) == ("ada", "users/mara")
    assert Notification.objects.filter(user=mara, sentence__startswith="ada took your second factor").exists()


@pytest.mark.parametrize(
    ("username", "sentence"), [("ada", "This is for others"), ("zoe", "has no second factor")]
)
def test_there_may_be_nothing_to_take_away(username, sentence):
    ada, _ = factories.person("ada", is_superuser=True), factories.person("zoe")

    answer = Caller(ada).delete(f"users/{username}/second-factor")

    assert (answer.status_code, sentence in answer.json()["detail"]) == (409, True)


def test_whoever_runs_the_server_helps_the_last_administrator(client, mara, codes, capsys):
    call_command("reset_second_factor", "mara")

    assert capsys.readouterr().out == "The password of mara is enough to sign in again.\n"
    assert (password(client)["Location"], Event.objects.get(action="factor.reset").actor) == ("/", "system")


@pytest.mark.parametrize(
    ("username", "sentence"), [("zoe", "There is nobody called zoe."), ("mara", "mara has no second factor.")]
)
def test_the_command_says_what_is_wrong(mara, username, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("reset_second_factor", username)
