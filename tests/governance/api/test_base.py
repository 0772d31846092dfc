"""What holds for every endpoint: who may ask, what is read, what a refusal looks like."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from governance import actions
from governance.models import Team, Token, User
from tests import factories
from tests.governance.api.caller import PROBLEM, Caller, rows, said

pytestmark = pytest.mark.django_db

UNKNOWN = "This token is unknown, expired or revoked. Make a new one on your page."


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def person(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


def signed_in(person: User, **options: bool) -> Client:
    client = Client(**options)
    client.force_login(person)
    return client


# ------------------------------------------------------------------ who asks


def test_nobody_is_told_to_sign_in() -> None:
    answer = Caller().get("teams/")

    assert said(answer) == (401, "Sign in, or send a token: Authorization: Bearer stw_…")
    assert answer["WWW-Authenticate"] == 'Bearer realm="steward"'


@pytest.mark.parametrize("token", ["stw_unknown", "password", "stw_é", "stw_" + "x" * 500, "stw_ x", ""])
def test_unknown_token_is_refused_and_never_ignored(token: str) -> None:
    answer = Caller().get("teams/", HTTP_AUTHORIZATION=f"Bearer {token}")

    assert said(answer) == (401, UNKNOWN)


def test_other_kinds_of_authorization_are_refused(person: User) -> None:
    answer = Caller().get("teams/", HTTP_AUTHORIZATION="Basic bWFyYTpzZWNyZXQ=")

    assert said(answer) == (401, UNKNOWN)


def test_expired_token_is_refused(person: User) -> None:
    caller = Caller(person)
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert said(caller.get("me/")) == (401, UNKNOWN)


def test_revoked_token_is_refused(person: User) -> None:
    token, text = actions.add_token(person, name="old", by=person)
    actions.revoke_token(token, by=person)

    assert said(Caller(token=text).get("me/")) == (401, UNKNOWN)


def test_token_of_an_account_that_is_not_active_is_refused(person: User) -> None:
    caller = Caller(person)
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert said(caller.get("me/")) == (401, UNKNOWN)


def test_session_reads(person: User) -> None:
    answer = signed_in(person).get("/api/v1/me/")

    assert (answer.status_code, answer.json()["token"]) == (200, None)


def test_session_writes_with_the_token_of_its_page(person: User) -> None:
    client = signed_in(person, enforce_csrf_checks=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32

    answer = client.post("/api/v1/tokens/", {"name": "n"}, "application/json", HTTP_X_CSRFTOKEN="a" * 32)

    assert answer.status_code == 201


def test_session_does_not_write_for_another_page(person: User) -> None:
    client = signed_in(person, enforce_csrf_checks=True)

    answer = client.post("/api/v1/tokens/", {"name": "n"}, "application/json")

    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)
    assert answer.json()["detail"] == (
        "A page of ours sends its CSRF token in X-CSRFToken. Programs send a token of their own instead."
    )
    assert Token.objects.count() == 0


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize("path", ["teams/fraud/members/", "teams/fraud/members", "me", "me/"])
def test_addresses_work_with_and_without_their_last_slash(person: User, path: str) -> None:
    assert Caller(person).get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["nothing/", "teams/FRAUD/", "teams/" + "x" * 300, "users/a%20b/", "tokens/0"]
)
def test_what_is_no_address_is_a_problem_document(person: User, path: str) -> None:
    answer = Caller(person).get(path)

    assert (*said(answer), answer["Content-Type"]) == (
        404,
        "There is nothing here that you may see.",
        PROBLEM,
    )


def test_method_that_an_address_does_not_have_is_told(person: User) -> None:
    answer = Caller(person).ask("DELETE", "teams/")

    assert said(answer) == (405, "This address does not do that: see Allow.")
    assert answer["Allow"] == "GET, HEAD, POST"


def test_options_say_nothing(person: User) -> None:
    assert Caller(person).ask("OPTIONS", "teams/").status_code == 405


def test_every_answer_has_the_id_of_its_request_and_is_not_kept(person: User) -> None:
    answer = Caller(person).get("nothing", HTTP_X_REQUEST_ID="a-request-of-mine")
    kept = Caller(person).get("teams/")

    assert answer["X-Request-Id"] == answer.json()["request_id"] == "a-request-of-mine"
    assert kept["Cache-Control"] == "private, no-store"


# ------------------------------------------------------------------ queries


def test_parameter_that_is_not_known_is_refused(person: User) -> None:
    answer = Caller(person).get("teams/?serach=x")

    assert said(answer) == (400, "serach: There is no such field.")
    assert answer.json()["errors"] == {"serach": ["There is no such field."]}


def test_parameter_of_an_endpoint_that_takes_none_is_refused(person: User) -> None:
    assert said(Caller(person).get("me/?x=1")) == (400, "x: There is no such field.")


def test_parameter_that_is_there_twice_is_refused(person: User) -> None:
    assert said(Caller(person).get("teams/?search=a&search=b")) == (
        400,
        "The parameter search is there twice.",
    )


@pytest.mark.parametrize(
    "query", ["search=%00", "size=0", "size=201", "size=x", "cursor=%FF", "cursor=", "cursor=x"]
)
def test_malformed_parameters_are_refused(person: User, query: str) -> None:
    assert Caller(person).get(f"teams/?{query}").status_code == 400


def test_too_many_parameters_are_refused(person: User) -> None:
    query = "&".join(f"a{number}=1" for number in range(2000))

    assert said(Caller(person).get(f"teams/?{query}")) == (400, "This request is malformed.")


def test_lists_lead_from_page_to_page(team: Team) -> None:
    admin = Caller(factories.admin())
    for number in range(4):
        factories.team(f"t{number}")

    first = admin.get("teams/?size=2&search=t")
    second = admin.get(first.json()["next"].removeprefix("http://testserver"))
    back = admin.get(second.json()["previous"].removeprefix("http://testserver"))

    assert [rows(page, "slug") for page in (first, second, back)] == [
        ["t0", "t1"],
        ["t2", "t3"],
        ["t0", "t1"],
    ]
    assert (first.json()["previous"], second.json()["next"]) == (None, None)


# ------------------------------------------------------------------ bodies


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "This body is not JSON in UTF-8."),
        (b"\xff", "This body is not JSON in UTF-8."),
        (b"[]", "Send a JSON object, in braces."),
        (b"null", "Send a JSON object, in braces."),
        (b'{"name": NaN}', "NaN is not a number of JSON."),
        (b'{"name": -Infinity}', "-Infinity is not a number of JSON."),
        (b'{"name": 1e999}', "1e999 is too large a number."),
        (b'{"name": 12345678901234567890123}', "12345678901234567890 is too large a number."),
        (b'{"name": "a", "name": "b"}', "The field name is there twice."),
        (b'{"name": "\\ud800"}', "This body is not JSON in UTF-8."),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "This JSON is nested deeper than 32 levels."),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "This JSON is nested deeper than 32 levels."),
        (b'{"name": "n", "nmae": "m"}', "nmae: There is no such field."),
        (b'{"name": 5}', "name: Not a valid string."),
        (b'{"name": "n", "days": "5"}', "days: A valid integer is required."),
        (b'{"name": "n", "days": true}', "days: A valid integer is required."),
        (b'{"name": "a\\u0000b"}', "name: Null characters are not allowed."),
        (b"{}", "name: This field is required."),
        (b"", "name: This field is required."),
    ],
)
def test_malformed_bodies_are_refused(person: User, body: bytes, sentence: str) -> None:
    answer = Caller(person).ask("POST", "tokens/", body, CONTENT_TYPE="application/json")

    assert said(answer) == (400, sentence)


def test_fields_that_are_wrong_are_named_by_their_place(person: User) -> None:
    factories.artifact(person.memberships.get().team, person, name="scorer")
    parent = {"kind": "modle", "team": "t", "name": "n", "version": 1, "relation": "trained-on"}

    answer = Caller(person).post("models/fraud/scorer/versions/", {"parents": [parent]})

    assert answer.json()["errors"] == {"parents.0.kind": ['"modle" is not a valid choice.']}


def test_body_of_more_than_a_mebibyte_is_refused(person: User) -> None:
    answer = Caller(person).post("tokens/", {"name": "n" * (1 << 20)})

    assert said(answer) == (413, "A JSON body has at most 1 MiB.")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_body_that_is_not_said_to_be_json_is_refused(person: User, kind: str) -> None:
    answer = Caller(person).ask("POST", "tokens/", b"name=n", CONTENT_TYPE=kind)

    assert said(answer) == (415, "Send JSON, with Content-Type: application/json.")


def test_body_whose_length_is_not_announced_is_refused(person: User) -> None:
    answer = Caller(person).post("tokens/", {"name": "n"}, HTTP_TRANSFER_ENCODING="chunked")

    assert answer.status_code == 411


def test_body_where_none_is_expected_is_refused(person: User) -> None:
    factories.draft(factories.artifact(person.memberships.get().team, person, name="scorer"), person)

    answer = Caller(person).post("models/fraud/scorer/versions/1/submit", {"force": True})

    assert said(answer) == (400, "force: There is no such field.")


# ------------------------------------------------------------------ what breaks


@pytest.mark.parametrize("error", [OperationalError, DatabaseError])  # the second when it hangs up meanwhile
def test_database_that_is_away_is_said_and_comes_back(person: User, error: type[Exception]) -> None:
    caller = Caller(person)

    def away(*_: object) -> None:
        raise error("connection to 10.1.2.3 failed")

    with connection.execute_wrapper(away):
        answer = caller.get("teams/")

    assert said(answer) == (503, "The database is away. Nothing was changed; try again in a moment.")
    assert answer["Retry-After"] == "2"
    assert caller.get("teams/").status_code == 200


def test_what_nobody_foresaw_says_nothing_of_itself(person: User) -> None:
    caller = Caller(person)

    def broken(*_: object) -> None:
        raise RuntimeError("secret at /var/lib")

    with connection.execute_wrapper(broken):
        answer = caller.get("/api/v1/teams/")

    assert said(answer) == (500, "This was not foreseen. The log has the details under the request id.")
