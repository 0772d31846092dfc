"""What is deleted lies in the bin: invisible, had back or purged; and what is in use is not deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.models import PROTECT, Model
from django.utils import timezone

from governance import actions as governing
from governance import subjects
from governance.errors import Absent, Conflict
from governance.models import Event, User
from registry import actions
from registry.actions.bin import HOLDING
from registry.models import Artifact, Deletion, Finding, Record, Severity, Version, Waiver
from tests import factories
from tests.governance.api.caller import Caller, rows, said
from tests.pages import queries
from tests.pages import said as words
from tests.registry.actions.meeting import beside, until_somebody_waits
from tests.registry.conftest import found
from tests.registry.doors import BOTH, send

pytestmark = pytest.mark.django_db

ARTIFACT = {"page": "models/fraud/scorer/delete/", "api": "models/fraud/scorer"}
DRAFT = {"page": "models/fraud/scorer/versions/1/delete/", "api": "models/fraud/scorer/versions/1"}
BIN, API_BIN = "/teams/fraud/bin/", "teams/fraud/bin/"
ROLE = "Your roles in fraud do not allow this"
ONLY = "Only mara, who owns it, or a steward may do this."


@pytest.fixture
def draft(artifact, author) -> Version:
    return factories.draft(artifact, author)


def decide(version: Version, by: User) -> None:
    data = {"question": "Which metric?", "chosen": "pr_auc", "why": "Fraud is rare."}
    actions.add_record(version, "decision", data, by=by)


def restored(deletion: Deletion) -> str:
    return f"teams/fraud/bin/{deletion.pk}/restore"


def aged(deletion: Deletion, days: int = 30) -> Deletion:
    Deletion.objects.filter(pk=deletion.pk).update(at=timezone.now() - timedelta(days=days))
    return deletion


# ------------------------------------------------------------------ into the bin


@BOTH
@pytest.mark.parametrize("who", ["author", "steward"])
def test_owner_and_stewards_delete_what_nobody_uses(clean, request, door, who):
    person = request.getfixturevalue(who)

    status, _ = send(door, person, ARTIFACT[door], method="DELETE")

    deletion = Deletion.objects.get()
    assert (status, deletion.artifact, deletion.by) == (200, clean.artifact, person)
    event = Event.objects.get(action="artifact.delete")
    assert (event.actor, event.subject) == (person.username, "models/fraud/scorer")


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("colleague", 403, ONLY),
        ("operator", 403, ROLE),
        ("reader", 404, ""),
        ("stranger", 404, ""),
    ],
)
def test_others_do_not_delete_it(clean, request, stranger, door, who, status, sentence):
    got, text = send(door, request.getfixturevalue(who), ARTIFACT[door], method="DELETE")

    assert (got, Deletion.objects.count()) == (status, 0)
    assert sentence in text


@BOTH
@pytest.mark.parametrize("who", ["author", "steward"])
def test_who_began_a_draft_and_stewards_delete_it(draft, request, door, who):
    status, _ = send(door, request.getfixturevalue(who), DRAFT[door], method="DELETE")

    assert (status, Deletion.objects.get().version) == (200, draft)
    assert Event.objects.get(action="version.delete").subject == draft.label


@BOTH
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("colleague", 403, "Only mara, who began it, or a steward may do this."),
        ("operator", 403, ROLE),
        ("stranger", 404, ""),
    ],
)
def test_others_do_not_delete_a_draft(draft, request, stranger, door, who, status, sentence):
    got, text = send(door, request.getfixturevalue(who), DRAFT[door], method="DELETE")

    assert (got, Deletion.objects.count()) == (status, 0)
    assert sentence in text


@BOTH
def test_what_is_frozen_is_not_deleted(clean, author, door):
    status, text = send(door, author, DRAFT[door], method="DELETE")

    assert (status, Deletion.objects.count()) == (409, 0)
    assert "Version 1 is frozen: only drafts are deleted." in text


def test_looking_at_the_question_deletes_nothing(clean, author, signed_in):
    text = words(signed_in(author).get(f"/{ARTIFACT['page']}"))

    assert "Delete scorer? With all its versions it goes into the bin of fraud" in text
    assert Deletion.objects.count() == 0


@BOTH
def test_what_is_in_use_is_not_deleted(clean, author, door):
    actions.move_alias(clean, "nightly", by=author)

    status, text = send(door, author, ARTIFACT[door], method="DELETE")

    assert (status, Deletion.objects.count()) == (403, 0)
    assert "scorer is in use or was: nightly points at version 1." in text


@BOTH
def test_what_is_on_hold_is_not_deleted(draft, author, steward, door):
    actions.hold(draft.artifact, reason="A case.", by=steward)

    answers = [send(door, author, address[door], method="DELETE") for address in (ARTIFACT, DRAFT)]

    assert ([status for status, _ in answers], Deletion.objects.count()) == ([403, 403], 0)
    assert all("scorer is on legal hold: nothing of it may be deleted." in text for _, text in answers)


@BOTH
def test_deleting_twice_finds_nothing_the_second_time(clean, author, door):
    statuses = [send(door, author, ARTIFACT[door], method="DELETE")[0] for _ in range(2)]

    assert (statuses, Deletion.objects.count()) == ([200, 404], 1)


@pytest.mark.django_db(transaction=True)
def test_of_a_deletion_and_a_move_at_once_one_comes_first(clean, author):
    with transaction.atomic():
        actions.delete_artifact(clean.artifact, by=author)
        thread, came = beside(lambda: actions.move_alias(clean, "nightly", by=author))
        until_somebody_waits()
    thread.join()

    assert [type(each) for each in came] == [Absent]
    assert clean.aliases.count() == 0


# ------------------------------------------------------------------ in the bin


def test_it_is_seen_nowhere_but_in_the_bin(clean, author, steward, signed_in):
    found(clean, Severity.HIGH)
    actions.delete_artifact(clean.artifact, by=author)
    mara, page = Caller(author), signed_in(author)

    label = clean.artifact.label
    statuses = [
        mara.get(f"{label}{more}").status_code for more in ("", "/versions/", "/versions/1", "/aliases/")
    ]
    pages = [
        page.get(f"/{label}/{more}").status_code for more in ("", "versions/1/", "versions/1/files/notes.txt")
    ]
    lists = [mara.get(path).json()["results"] for path in ("models/", "findings/", "waivers/")]

    assert (statuses, pages, lists) == ([404] * 4, [404] * 3, [[], [], []])
    assert subjects.visible(steward, [label, clean.label]) == set()
    assert "scorer" not in words(page.get("/models/"))


def test_a_draft_is_seen_nowhere_but_in_the_bin(clean, artifact, author):
    second = factories.draft(artifact, author)
    actions.delete_draft(second, by=author)
    mara = Caller(author)

    assert mara.get(second.label).status_code == 404
    assert rows(mara.get("models/fraud/scorer/versions/"), "number") == [1]
    assert mara.get("models/fraud/scorer").json()["latest"]["number"] == 1


def test_a_draft_in_the_bin_is_neither_filled_nor_gone_on_with(artifact, author):
    begun, _ = actions.add_version_once(artifact, digest="a" * 64, by=author)
    actions.delete_draft(begun, by=author)

    other, is_new = actions.add_version_once(artifact, digest="a" * 64, by=author)

    assert (other.number, is_new) == (2, True)
    with pytest.raises(Absent, match="It was deleted meanwhile"):
        actions.expect_file(begun, "notes.txt", by=author)


@BOTH
def test_its_name_stays_taken(artifact, author, door):
    actions.delete_artifact(artifact, by=author)
    until = f"{timezone.now() + timedelta(days=30):%-d %B %Y}"

    address = "models/new/" if door == "page" else "models"
    status, text = send(door, author, address, {"team": "fraud", "name": "Scorer"})

    assert status == 409
    assert f"A model called Scorer lies in the bin of fraud until {until}: restore it." in text


def test_the_bin_shows_what_one_may_have_back(artifact, author, colleague, steward, signed_in):
    mine = factories.artifact(artifact.team, colleague, name="mine")
    actions.delete_artifact(artifact, by=author)
    actions.delete_draft(factories.draft(mine, colleague), by=colleague)

    seen = {who: rows(Caller(who).get(API_BIN), "label") for who in (author, colleague, steward)}

    assert seen == {
        author: ["models/fraud/scorer"],
        colleague: ["models/fraud/mine/versions/1"],
        steward: ["models/fraud/mine/versions/1", "models/fraud/scorer"],
    }
    text = words(signed_in(author).get(BIN))
    assert "scorer models/fraud/scorer" in text
    assert "30 days Have it back: scorer" in text
    assert "mine" not in text


def test_the_bin_is_searched(artifact, author, steward, signed_in):
    actions.delete_artifact(artifact, by=author)
    actions.delete_artifact(factories.artifact(artifact.team, author, name="other"), by=author)

    text = words(signed_in(steward).get(f"{BIN}?search=scor"))

    assert ("models/fraud/scorer" in text, "models/fraud/other" in text) == (True, False)
    assert signed_in(steward).get(f"{BIN}?search={'a+' * 9}").status_code == 400


@pytest.mark.parametrize("who", ["operator", "reader", "stranger"])
def test_who_deletes_nothing_has_no_bin(artifact, request, stranger, signed_in, who):
    person = request.getfixturevalue(who)

    assert [signed_in(person).get(BIN).status_code, Caller(person).get(API_BIN).status_code] == [404, 404]


def test_the_bin_takes_the_same_few_queries_however_full(artifact, author, steward, signed_in):
    actions.delete_draft(factories.draft(artifact, author), by=author)
    page, api = queries(signed_in(steward), BIN), Caller(steward).queries(API_BIN)
    for _ in range(2):
        actions.delete_artifact(factories.artifact(artifact.team, author), by=author)

    assert queries(signed_in(steward), BIN) == page
    assert Caller(steward).queries(API_BIN) == api <= 6


# ------------------------------------------------------------------ and back


@BOTH
@pytest.mark.parametrize("who", ["author", "steward"])
def test_it_comes_back_as_it_was(clean, author, request, door, who):
    deletion = actions.delete_artifact(clean.artifact, by=author)

    status, _ = send(door, request.getfixturevalue(who), restored(deletion))

    assert (status, Deletion.objects.count()) == (200, 0)
    assert Caller(author).get(clean.label).json()["state"] == "ready"
    assert Event.objects.get(action="artifact.restore").subject == "models/fraud/scorer"


@BOTH
@pytest.mark.parametrize(("who", "status"), [("colleague", 404), ("operator", 404), ("stranger", 404)])
def test_others_do_not_have_it_back(clean, author, request, stranger, door, who, status):
    deletion = actions.delete_artifact(clean.artifact, by=author)

    got, _ = send(door, request.getfixturevalue(who), restored(deletion))

    assert (got, Deletion.objects.count()) == (status, 1)


@BOTH
def test_a_draft_comes_back_after_its_artifact(draft, author, door):
    inner = actions.delete_draft(draft, by=author)
    outer = actions.delete_artifact(draft.artifact, by=author)

    statuses = [send(door, author, restored(each))[0] for each in (inner, outer, inner)]

    assert (statuses, Deletion.objects.count()) == ([409, 200, 200], 0)


def test_having_it_back_twice_is_said(artifact, author):
    deletion = actions.delete_artifact(artifact, by=author)
    actions.restore(deletion, by=author)

    with pytest.raises(Conflict, match="It is not in the bin any more"):
        actions.restore(deletion, by=author)


# ------------------------------------------------------------------ gone for good


def test_all_rows_go_and_the_event_stays(clean, artifact, author, steward):
    waiver = actions.waive(
        found(clean, Severity.HIGH), reason="Ours.", expires=timezone.now() + timedelta(days=9), by=steward
    )
    factories.submitted(artifact, author, parents=[(clean, "derived-from")])
    decide(clean, author)
    deletion = aged(actions.delete_artifact(artifact, by=author))

    assert actions.purge(deletion, by=User.system()) is True

    left = (Artifact, Version, Deletion, Finding, Waiver, Record)
    assert [model.objects.count() for model in left] == [0] * 6
    event = Event.objects.get(action="artifact.purge")
    assert (event.actor, event.subject, event.before["by"]) == ("system", "models/fraud/scorer", "mara")
    assert waiver.pk is not None


def holding(model: type[Model]) -> set[str]:
    """What keeps a row of this model from being deleted."""
    related = model._meta.related_objects
    return {each.related_model._meta.model_name for each in related if each.on_delete is PROTECT}


def test_purging_knows_every_table_that_holds_an_artifact():
    """A new one goes into HOLDING of registry/actions/bin.py, or is deleted with what it names."""
    known = {Artifact._meta.get_field(name).related_model._meta.model_name for name in HOLDING}

    assert holding(Artifact) == known | {"alias", "version"}  # nothing with an alias is deleted
    assert holding(Version) == {"alias", "evaluation", "move", "link", "record"}


def test_its_name_is_free_then(artifact, author):
    actions.purge(aged(actions.delete_artifact(artifact, by=author)), by=User.system())

    assert factories.artifact(artifact.team, author, name="scorer").pk != artifact.pk


def test_the_number_of_a_purged_draft_is_not_given_again(draft, artifact, author):
    decide(draft, author)
    actions.purge(aged(actions.delete_draft(draft, by=author)), by=User.system())

    assert factories.draft(artifact, author).number == 2


def test_what_is_young_or_back_is_not_purged(artifact, author):
    young = aged(actions.delete_artifact(artifact, by=author), days=29)
    assert actions.purge(young, by=User.system()) is False

    actions.restore(young, by=author)

    assert actions.purge(young, by=User.system()) is False
    assert Artifact.objects.count() == 1


def test_in_an_archived_team_it_waits(artifact, author, steward):
    deletion = aged(actions.delete_artifact(artifact, by=author))
    governing.archive_team(artifact.team, by=steward)

    assert actions.purge(deletion, by=User.system()) is False

    governing.unarchive_team(artifact.team, by=factories.admin())
    assert actions.purge(deletion, by=User.system()) is True


def test_nobody_but_the_clock_purges(artifact, author, steward):
    deletion = aged(actions.delete_artifact(artifact, by=author))

    with pytest.raises(Exception, match="Only the site administrator may do this"):
        actions.purge(deletion, by=steward)

    assert Event.objects.get(action="artifact.purge").outcome == "refused"


def test_outside_of_the_bin_what_is_frozen_stays(clean):
    for table in ("registry_file", "registry_version"):
        with (
            pytest.raises((InternalError, ProgrammingError), match="frozen version"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")


def test_what_somebody_is_asked_to_approve_is_not_deleted(clean, author, operator):
    governing.request_approval(clean.label, alias="production", by=operator)

    answer = Caller(author).delete(ARTIFACT["api"])

    assert said(answer) == (403, "scorer is in use or was: 1 request for an approval of it is open.")
