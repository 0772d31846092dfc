"""Records are declared and withdrawn, at both doors, and stay as they were."""

from __future__ import annotations

import hashlib
import json
import threading

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from governance.errors import Conflict
from governance.models import Event
from registry import actions, records
from registry.actions import records as declaring
from registry.models import Record
from registry.records import KINDS
from tests import factories
from tests.governance.api.caller import Caller, rows, said
from tests.pages import queries, told
from tests.pages import said as words
from tests.registry.views.conftest import page

pytestmark = pytest.mark.django_db

DECISION = {"question": "Which metric?", "chosen": "pr_auc", "why": "Fraud is rare."}
API = "models/fraud/scorer/versions/1/records/"
WHY = "The wrong file was evaluated."
ROLE = "Your roles in fraud do not allow this: it takes "


def declared(version, by, kind="decision", data=None) -> Record:
    made, _ = actions.add_record(version, kind, data or KINDS[kind].example, by=by)
    return made


class Page:
    """What a person says and is told at pages."""

    def __init__(self, person, sign_in) -> None:
        self.client = sign_in(person)

    def add(self, version, kind, data):
        sent = {"kind": kind, "data": json.dumps(data)}
        return self.answered(self.client.post(page(version, "records/new/"), sent))

    def withdraw(self, record, reason):
        address = page(record.version, f"records/{record.pk}/withdraw/")
        return self.answered(self.client.post(address, {"reason": reason}))

    def answered(self, answer):
        return (200, "") if answer.status_code == 302 else (answer.status_code, words(answer))


class Program:
    """The same for a program."""

    def __init__(self, person, sign_in) -> None:
        self.caller = Caller(person)

    def add(self, version, kind, data):
        return self.answered(self.caller.post(f"{version.label}/records/", {"kind": kind, "data": data}))

    def withdraw(self, record, reason):
        return self.answered(self.caller.post(f"{record.label}/withdraw", {"reason": reason}))

    def answered(self, answer):
        return (200, "") if answer.status_code < 300 else said(answer)


DOORS = pytest.mark.parametrize("door", [Page, Program])


# ------------------------------------------------------------------ declaring


@pytest.mark.slow
@DOORS
@pytest.mark.parametrize("name", ["clean", "draft"])
def test_who_pushes_declares_evidence_of_any_kind(request, author, signed_in, door, name):
    version = request.getfixturevalue(name)
    for kind in KINDS.values():
        assert door(author, signed_in).add(version, kind.name, kind.example) == (200, "")

    assert sorted(version.records.values_list("kind", flat=True)) == sorted(KINDS)
    assert {record.by for record in version.records.all()} == {author}


@DOORS
def test_who_runs_things_declares_what_runs(clean, operator, signed_in, door):
    answers = {
        kind.name: door(operator, signed_in).add(clean, kind.name, kind.example)[0] for kind in KINDS.values()
    }

    assert answers == {name: 200 if name in records.OPERATED else 403 for name in KINDS}


@pytest.mark.slow
@DOORS
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("operator", 403, f"{ROLE}data-engineer or data-scientist or steward."),
        ("auditor", 403, f"{ROLE}data-engineer or data-scientist or steward."),
        ("reader", 404, "that you may see."),
        ("stranger", 404, "that you may see."),
    ],
)
def test_others_do_not(request, team, clean, signed_in, door, who, status, sentence):
    person = factories.member(team, "auditor") if who == "auditor" else request.getfixturevalue(who)

    given, text = door(person, signed_in).add(clean, "decision", DECISION)

    refused = Event.objects.filter(action="record.add", outcome="refused").count()
    assert (given, sentence in text, Record.objects.count()) == (status, True, 0)
    assert refused == (1 if status == 403 else 0)


@DOORS
def test_the_same_record_twice_is_one(clean, author, steward, signed_in, door):
    for person in (author, steward):
        assert door(person, signed_in).add(clean, "decision", DECISION) == (200, "")

    assert [(record.by, record.kind) for record in Record.objects.all()] == [(author, "decision")]
    assert Event.objects.filter(action="record.add").count() == 1


def test_a_program_is_told_whether_it_is_new(clean, author):
    caller, sent = Caller(author), {"kind": "decision", "data": DECISION}

    first, second = caller.post(API, sent), caller.post(API, sent)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    digest = hashlib.sha256(records.canonical("decision", DECISION)).hexdigest()
    assert {name: first.json()[name] for name in ("version", "kind", "data", "declared", "digest", "by")} == {
        "version": clean.label,
        "kind": "decision",
        "data": DECISION,
        "declared": True,
        "digest": digest,
        "by": "mara",
    }


@pytest.mark.slow
@DOORS
@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({"question": "Which?"}, 400, "is a required property."),
        ({**DECISION, "threshold": 1e19}, 400, "It holds a number that is too large."),
        ({**DECISION, "why": "a\x00b"}, 400, "This text holds a character that cannot be seen"),
        ({**DECISION, "more": {"x": "x" * (64 << 10)}}, 413, "A record holds at most 64 KiB"),
        (
            {**DECISION, "more": json.loads('{"x":' * 40 + "1" + "}" * 40)},
            400,
            "is nested deeper than 32 levels.",
        ),
        ({**DECISION, "threshold": float("nan")}, 400, "NaN is not a number of JSON."),
        ([DECISION], 400, ""),
    ],
)
def test_what_is_malformed_or_hostile_is_refused(clean, author, signed_in, door, data, status, sentence):
    given, text = door(author, signed_in).add(clean, "decision", data)

    assert (given, sentence in text, Record.objects.count()) == (status, True, 0)


@DOORS
def test_a_kind_that_is_none_is_refused(clean, author, signed_in, door):
    assert door(author, signed_in).add(clean, "moons", DECISION)[0] == 400


def test_the_number_of_records_is_bounded(clean, author, monkeypatch):
    monkeypatch.setattr(declaring, "MOST_RECORDS", 1)
    declared(clean, author)

    with pytest.raises(Conflict, match="A version has at most 1 records"):
        declared(clean, author, "decision", DECISION)


def test_a_record_is_an_event_with_its_digest(clean, author):
    record = declared(clean, author)

    event = Event.objects.get(action="record.add")
    assert (event.subject, event.actor, event.after) == (
        clean.label,
        "mara",
        {"record": record.pk, "kind": "decision", "sha256": record.digest},
    )


def test_the_digest_is_worked_out_again_from_what_is_kept(clean, author):
    data = {**DECISION, "threshold": -0.0, "more": {"a": 1e-300, "b": 1e18, "c": [0.1, 3.0, "ü", None, True]}}
    record = declared(clean, author, data=data)

    kept = Record.objects.get(pk=record.pk)

    assert hashlib.sha256(records.canonical(kept.kind, kept.data)).hexdigest() == kept.digest


# ------------------------------------------------------------------ as they were


@pytest.mark.parametrize("change", [{"data": {}}, {"kind": "cost"}, {"digest": "0" * 64}])
def test_what_was_declared_does_not_change(clean, author, change):
    record = declared(clean, author)

    with pytest.raises(ProgrammingError, match="A record does not change"), transaction.atomic():
        Record.objects.filter(pk=record.pk).update(**change)


def test_what_was_declared_is_not_deleted(clean, author):
    record = declared(clean, author)

    with pytest.raises(ProgrammingError, match="A record does not change"), transaction.atomic():
        record.delete()


def test_the_database_holds_that_one_of_a_digest_stands(clean, author):
    record = declared(clean, author)

    with pytest.raises(IntegrityError, match="one_record_of_a_digest_stands"), transaction.atomic():
        Record.objects.create(version=clean, kind="decision", data={}, digest=record.digest, by=author)


@pytest.mark.django_db(transaction=True)
def test_the_same_record_at_once_is_one(clean, author):
    together, found = threading.Barrier(4), []

    def work() -> None:
        together.wait(5)
        found.append(actions.add_record(clean, "decision", DECISION, by=author))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(is_new for _, is_new in found) == [False, False, False, True]
    assert len({record.pk for record, _ in found}) == 1


# ------------------------------------------------------------------ withdrawing


@pytest.mark.slow
@DOORS
@pytest.mark.parametrize("who", ["author", "steward"])
def test_a_record_is_withdrawn_with_a_reason_and_stays(request, clean, author, signed_in, door, who):
    record, person = declared(clean, author), request.getfixturevalue(who)

    assert door(person, signed_in).withdraw(record, WHY) == (200, "")

    record.refresh_from_db()
    event = Event.objects.get(action="record.withdraw")
    assert (record.stands, record.withdrawn_by, record.reason) == (False, person, WHY)
    assert (event.subject, event.actor, event.reason) == (clean.label, person.username, WHY)


@pytest.mark.slow
@DOORS
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("operator", 403, "Only mara, who declared it, or a steward may withdraw this record."),
        ("reader", 404, "that you may see."),
        ("stranger", 404, "that you may see."),
    ],
)
def test_nobody_else_withdraws_it(request, clean, author, signed_in, door, who, status, sentence):
    record = declared(clean, author)

    given, text = door(request.getfixturevalue(who), signed_in).withdraw(record, WHY)

    record.refresh_from_db()
    assert (given, sentence in text, record.stands) == (status, True, True)


@pytest.mark.slow
@DOORS
def test_it_is_withdrawn_once_and_not_without_a_reason(clean, author, signed_in, door):
    record = declared(clean, author)
    empty = door(author, signed_in).withdraw(record, " ")
    door(author, signed_in).withdraw(record, WHY)

    again = door(author, signed_in).withdraw(record, "Once more.")

    record.refresh_from_db()
    assert (empty[0], again[0], record.reason) == (400, 409, WHY)
    assert "This record was withdrawn already." in again[1]


def test_what_was_withdrawn_may_be_declared_anew(clean, author):
    first = declared(clean, author)
    actions.withdraw_record(first, reason=WHY, by=author)

    second = declared(clean, author)

    assert (first.pk == second.pk, second.stands, Record.objects.count()) == (False, True, 2)


def test_a_withdrawal_does_not_change_either(clean, author):
    record = declared(clean, author)
    actions.withdraw_record(record, reason=WHY, by=author)

    with pytest.raises(ProgrammingError, match="A record does not change"), transaction.atomic():
        Record.objects.filter(pk=record.pk).update(reason="another")


def test_a_record_of_another_version_is_not_there(clean, author, artifact, signed_in):
    record = declared(factories.submitted(artifact, author), author)

    assert Caller(author).get(f"{API}{record.pk}/").status_code == 404
    assert signed_in(author).get(page(clean, f"records/{record.pk}/withdraw/")).status_code == 404


# ------------------------------------------------------------------ seen


def test_the_page_of_a_version_shows_them_as_declared(clean, author, operator, signed_in):
    record = declared(clean, author)
    gone = declared(clean, operator, "cost")
    actions.withdraw_record(gone, reason=WHY, by=operator)

    answer = signed_in(author).get(page(clean))

    text = words(answer)
    assert "Records Declared by people, not measured here" in text
    assert f"record {record.pk}, declared by mara just now" in text
    assert "Which metric decides, and from where on is it good enough?" in text
    assert f"Withdrawn by priya just now: “{WHY}”" in text
    assert "<s>Cost</s>" in answer.content.decode()
    assert text.count("Withdraw it") == 1


def test_who_uses_releases_sees_no_form_and_no_empty_part(
    clean, author, steward, operator, reader, signed_in
):
    factories.approved(clean, steward, asker=operator)
    actions.promote(clean, "production", by=operator)
    empty = words(signed_in(reader).get(page(clean)))
    declared(clean, author)

    text = words(signed_in(reader).get(page(clean)))

    assert ("Records" in empty, "Records Declared by people" in text, "Declare one" in text) == (
        False,
        True,
        False,
    )


def test_data_that_looks_like_markup_is_text(clean, author, signed_in):
    declared(clean, author, data={**DECISION, "why": "<script>alert(1)</script>"})

    assert "<script>alert" not in signed_in(author).get(page(clean)).content.decode()


@pytest.mark.parametrize(("query", "kinds"), [("", ["cost", "decision"]), ("kind=cost", ["cost"])])
def test_they_are_listed_by_kind(clean, author, signed_in, query, kinds):
    declared(clean, author)
    declared(clean, author, "cost")

    text = words(signed_in(author).get(page(clean, f"records/?{query}")))

    assert rows(Caller(author).get(f"{API}?{query}"), "kind") == kinds
    assert f"{len(kinds)} declared" in text


def test_a_kind_that_is_none_is_not_listed(clean, author, signed_in):
    answers = (
        signed_in(author).get(page(clean, "records/?kind=moons")),
        Caller(author).get(f"{API}?kind=moons"),
    )

    assert [answer.status_code for answer in answers] == [400, 400]


def test_three_cost_as_much_as_one(clean, author, signed_in):
    client, caller = signed_in(author), Caller(author)
    addresses = (page(clean), page(clean, "records/"))
    declared(clean, author)
    one = [queries(client, address) for address in addresses], caller.queries(API)
    declared(clean, author, "cost")
    declared(clean, author, "decision", DECISION)

    assert ([queries(client, address) for address in addresses], caller.queries(API)) == one


def test_the_form_begins_with_the_example_of_a_kind(clean, operator, author, signed_in):
    usual = words(signed_in(author).get(page(clean, "records/new/")))
    cost = signed_in(operator).get(page(clean, "records/new/?kind=cost"))

    assert "pr_auc" in usual
    assert "EffectiveCost" in words(cost)
    assert '<option value="training"' not in cost.content.decode()


def test_what_was_typed_comes_back_when_it_is_refused(clean, author, signed_in):
    answer = signed_in(author).post(
        page(clean, "records/new/"), {"kind": "decision", "data": '{"question": '}
    )

    assert answer.status_code == 400
    assert "This text is not JSON in UTF-8." in words(answer)
    assert "{&quot;question&quot;:" in answer.content.decode()


def test_who_declares_is_told_what_it_became(clean, author, signed_in):
    client, sent = signed_in(author), {"kind": "decision", "data": json.dumps(DECISION)}

    first, second = (told(client.post(page(clean, "records/new/"), sent)) for _ in range(2))

    pk = Record.objects.get().pk
    assert first == [f"Record {pk} is declared. It stays as it is; it can be withdrawn."]
    assert second[-1] == f"Exactly this was declared already, by mara: it is record {pk}."


def test_programs_can_know_what_to_declare(reader):
    kinds = Caller(reader).get("records/kinds/").json()["results"]

    assert [kind["kind"] for kind in kinds] == list(KINDS)
    assert kinds[0]["schema"] == KINDS["training"].schema
    assert kinds[0]["example"] == KINDS["training"].example
