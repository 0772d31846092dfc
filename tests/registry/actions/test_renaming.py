"""Artifacts get other names: the old ones go on leading to them, at both doors and in what was agreed."""

from __future__ import annotations

import pytest
from django.db import transaction

from governance import actions as governing
from governance import subjects
from governance.errors import Conflict
from governance.models import Approval, Event, Notification
from registry import actions
from registry.models import Artifact, FormerName, Version
from tests import factories
from tests.governance.api.caller import Caller, rows, said
from tests.pages import said as words
from tests.registry.actions.meeting import beside, until_somebody_waits
from tests.registry.doors import BOTH, send
from tests.registry.granting import asked, restricted

pytestmark = pytest.mark.django_db

RENAME = "models/fraud/scorer/rename/"
ONLY = "Only mara, who owns it, or a steward may do this."
OLD, NEW = "models/fraud/scorer", "models/fraud/judge"


@pytest.fixture
def renamed(clean, author) -> Version:
    actions.rename(clean.artifact, "judge", by=author)
    return Version.objects.select_related("artifact__team", "added_by").get(pk=clean.pk)


def name_of(artifact: Artifact) -> str:
    return Artifact.objects.get(pk=artifact.pk).name


def former() -> list[str]:
    return list(FormerName.objects.order_by("pk").values_list("name", flat=True))


# ------------------------------------------------------------------ who, and to what


@BOTH
@pytest.mark.parametrize("who", ["author", "steward"])
def test_owner_and_stewards_rename(clean, request, door, who):
    status, _ = send(door, request.getfixturevalue(who), RENAME, {"name": "judge"})

    assert (status, name_of(clean.artifact), former()) == (200, "judge", ["scorer"])
    event = Event.objects.get(action="artifact.rename")
    assert (event.subject, event.before, event.after) == (NEW, {"was": OLD}, {"is": NEW})


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize(
    ("who", "name", "status", "sentence"),
    [
        ("colleague", "judge", 403, ONLY),
        ("operator", "judge", 403, "Your roles in fraud do not allow this"),
        ("stranger", "judge", 404, ""),
        ("author", "scorer", 409, "It is called scorer already."),
        ("author", "Other", 409, "fraud already has a model called Other."),
        ("author", "previous", 409, "fraud had a model called previous: the name stays reserved"),
        ("author", "thrown", 409, "A model called thrown lies in the bin of fraud until"),
        ("author", "a..b", 400, ""),
        ("author", "", 400, ""),
        ("author", "x" * 101, 400, ""),
    ],
)
def test_others_and_names_that_are_taken_are_refused(
    clean, request, stranger, door, who, name, status, sentence
):
    author, team = clean.artifact.owner, clean.team
    actions.rename(factories.artifact(team, author, name="previous"), "other", by=author)
    actions.delete_artifact(factories.artifact(team, author, name="thrown"), by=author)

    got, text = send(door, request.getfixturevalue(who), RENAME, {"name": name})

    assert (got, name_of(clean.artifact)) == (status, "scorer")
    assert sentence in text


@BOTH
def test_a_former_name_is_given_to_nobody_else(renamed, author, door):
    address = "models/new/" if door == "page" else "models"
    status, text = send(door, author, address, {"team": "fraud", "name": "Scorer"})

    assert status == 409
    assert "fraud had a model called Scorer: the name stays reserved for what it was." in text


def test_of_another_kind_or_team_it_is_free(renamed, author):
    factories.artifact(renamed.team, author, "dataset", name="scorer")
    pricing = factories.team("pricing")

    made = factories.artifact(pricing, factories.member(pricing, "data-scientist"), name="scorer")

    assert made.label == "models/pricing/scorer"


@BOTH
def test_it_may_be_called_as_before(renamed, author, door):
    status, _ = send(door, author, "models/fraud/judge/rename/", {"name": "scorer"})

    assert (status, name_of(renamed.artifact), former()) == (200, "scorer", ["judge"])


def test_only_its_case_may_change(clean, author):
    actions.rename(clean.artifact, "Scorer", by=author)

    assert (name_of(clean.artifact), Caller(author).get(OLD).json()["name"]) == ("Scorer", "Scorer")


def test_a_held_one_may_be_renamed(clean, author, steward):
    actions.hold(clean.artifact, reason="A case.", by=steward)

    assert actions.rename(clean.artifact, "judge", by=author).label == NEW


@pytest.mark.django_db(transaction=True)
def test_a_name_that_is_just_given_up_is_not_given_meanwhile(clean, author):
    other = factories.artifact(clean.team, author, name="other")
    with transaction.atomic():
        actions.rename(clean.artifact, "judge", by=author)
        thread, came = beside(lambda: actions.rename(other, "scorer", by=author))
        until_somebody_waits()
    thread.join()

    assert [type(each) for each in came] == [Conflict]
    assert (name_of(clean.artifact), name_of(other)) == ("judge", "other")


# ------------------------------------------------------------------ the old name leads on


def test_old_pages_lead_to_the_new_ones(renamed, author, signed_in):
    client = signed_in(author)

    answers = [
        client.get(f"/{OLD}/{more}") for more in ("", "versions/1/?tab=1", "versions/1/files/notes.txt")
    ]

    assert [answer.status_code for answer in answers] == [301] * 3
    assert [answer["Location"] for answer in answers] == [
        f"/{NEW}/",
        f"/{NEW}/versions/1/?tab=1",
        f"/{NEW}/versions/1/files/notes.txt",
    ]
    assert answers[0]["Cache-Control"] == "private, no-store"


def test_what_is_sent_to_an_old_page_arrives(renamed, author, signed_in):
    answer = signed_in(author).post(f"/{OLD}/versions/1/recheck")

    assert (answer.status_code, answer["Location"]) == (302, f"/{NEW}/versions/1/")


@pytest.mark.slow
def test_old_addresses_of_programs_are_answered_with_the_new_label(renamed, author, operator):
    mara, priya = Caller(author), Caller(operator)

    assert mara.get(OLD).json()["label"] == NEW
    assert rows(mara.get(f"{OLD}/versions/"), "label") == [f"{NEW}/versions/1"]
    assert mara.get(f"{OLD}/versions/1").json()["label"] == f"{NEW}/versions/1"
    assert priya.put(f"{OLD}/aliases/staging", {"version": 1}).json()["label"] == f"{NEW}/versions/1"
    assert mara.get(f"{OLD}/aliases/staging").json()["label"] == f"{NEW}/versions/1"
    assert mara.get(f"{OLD}/aliases/staging/files/notes.txt").body == b"plain words\n"
    assert mara.get(f"{OLD}/versions/1/archive.tar").status_code == 200
    assert mara.patch(OLD, {"description": "It judges."}).json()["description"] == "It judges."
    begun = mara.post(f"{OLD}/versions/", {"parents": [parent()]}).json()
    assert begun["label"] == f"{NEW}/versions/2"
    assert begun["parents"][0]["label"] == f"{NEW}/versions/1"
    assert mara.put(f"{OLD}/versions/2/files/more.txt", b"more").json()["size"] == 4
    assert mara.post(f"{OLD}/versions/2/submit").status_code == 202


def parent() -> dict[str, object]:
    return {"kind": "model", "team": "fraud", "name": "scorer", "version": 1, "relation": "derived-from"}


def test_what_is_absent_under_the_old_name_is_absent(renamed, author):
    assert said(Caller(author).get(f"{OLD}/versions/9")) == (
        404,
        "There is no version 9 of judge that you may see.",
    )


def test_what_comes_from_an_absent_version_is_refused_after_only_its_case_changed(clean, artifact, author):
    actions.rename(artifact, "Scorer", by=author)
    parent = {"kind": "model", "team": "fraud", "name": "scorer", "version": 9, "relation": "derived-from"}

    answer = Caller(author).post("models/fraud/scorer/versions/", {"parents": [parent]})

    assert said(answer) == (404, "There is no version 9 of fraud/scorer that you may see.")


def test_an_old_name_tells_a_stranger_nothing(renamed, stranger, signed_in):
    answer = Caller(stranger).get(OLD)

    assert said(answer) == (404, "There is no model scorer of fraud that you may see.")
    assert signed_in(stranger).get(f"/{OLD}/").status_code == 404


# ------------------------------------------------------------------ the record, and what was agreed


def test_events_of_both_names_are_found_by_either(renamed, author, steward, signed_in):
    actions.recheck(renamed, by=author)
    jonas = Caller(steward)

    found = [
        {(row["subject"], row["action"]) for row in jonas.get(f"events/?subject={label}").json()["results"]}
        for label in (f"{OLD}/versions/1", f"{NEW}/versions/1")
    ]

    assert found[0] == found[1]
    assert {(f"{OLD}/versions/1", "version.submit"), (f"{NEW}/versions/1", "version.recheck")} <= found[0]
    assert "submitted" in words(signed_in(steward).get(f"/trail/?subject={NEW}"))
    assert "submitted this version" not in words(signed_in(steward).get(f"/{NEW}/versions/1/"))
    assert "submitted fraud/scorer 1" in words(signed_in(steward).get(f"/{NEW}/versions/1/"))


def test_both_labels_are_seen_by_who_may_see_it(renamed, author, stranger):
    labels = {OLD, f"{OLD}/versions/1", NEW, f"{NEW}/versions/1"}

    assert subjects.visible(author, labels) == labels
    assert subjects.visible(stranger, labels) == set()
    assert subjects.find(author, f"{OLD}/versions/1")[1] == renamed


def test_what_was_asked_before_is_decided_and_used_afterwards(clean, author, steward, operator):
    asked = governing.request_approval(clean.label, alias="production", by=operator)
    actions.rename(clean.artifact, "judge", by=author)

    governing.approve(asked, by=steward)
    version = Version.objects.get(pk=clean.pk)
    actions.promote(version, "production", by=operator)

    approval = Approval.objects.get()
    assert (approval.outcome, approval.subject, approval.digest) == (
        "used",
        f"{NEW}/versions/1",
        asked.digest,
    )
    assert approval.evidence == asked.evidence


@pytest.mark.parametrize("label", [OLD, NEW, f"{OLD}/versions/1", f"{NEW}/versions/1"])
def test_requests_are_found_by_either_name(clean, author, operator, label):
    asked = governing.request_approval(clean.label, alias="production", by=operator)
    actions.rename(clean.artifact, "judge", by=author)

    assert rows(Caller(operator).get(f"approvals/?subject={label}"), "id") == [asked.pk]


def test_what_was_agreed_before_is_used_afterwards(clean, author, steward, operator):
    factories.approved(clean, steward, asker=operator)
    actions.rename(clean.artifact, "judge", by=author)
    actions.rename(clean.artifact, "scorer", by=author)
    actions.rename(clean.artifact, "jury", by=author)

    answer = Caller(operator).put(f"{OLD}/aliases/production", {"version": 1})

    assert (answer.status_code, answer.json()["label"]) == (200, "models/fraud/jury/versions/1")


def test_a_request_by_the_old_label_is_about_what_it_names_now(renamed, author, operator):
    approval = governing.request_approval(f"{OLD}/versions/1", alias="production", by=operator)

    assert approval.subject == f"{NEW}/versions/1"
    with pytest.raises(Conflict, match="asked for already"):
        governing.request_approval(renamed.label, alias="production", by=operator)


@pytest.mark.django_db(transaction=True)
def test_a_request_beside_a_renaming_is_about_the_new_label(clean, author, operator):
    with transaction.atomic():
        actions.rename(clean.artifact, "judge", by=author)
        thread, came = beside(
            lambda: governing.request_approval(clean.label, alias="production", by=operator)
        )
        until_somebody_waits()
    thread.join()

    assert [each.subject for each in came] == [f"{NEW}/versions/1"]


def test_what_people_were_told_is_still_shown(clean, author, signed_in):
    Notification.objects.create(
        user=author, kind="finding-blocking", subject=clean.label, sentence="It is blocked."
    )
    actions.rename(clean.artifact, "judge", by=author)

    assert "It is blocked." in words(signed_in(author).get("/inbox/"))


def test_what_was_asked_of_a_dataset_is_still_shown_and_settled(team, author, operator, signed_in):
    grant = asked(restricted(team, author), operator)
    actions.rename(grant.artifact, "port", by=author)
    (told,) = Notification.objects.filter(kind="grant-asked", user=author)

    shown = words(signed_in(author).get("/inbox/"))
    actions.approve_grant(grant, by=author)

    told.refresh_from_db()
    assert (told.sentence in shown, told.read_at is not None) == (True, True)
    assert told.subject == f"datasets/fraud/port/grants/{grant.pk}"
