"""Versions: begun with a form, shown with their verdict, frozen, checked again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance import actions as governing
from governance.models import Event
from registry import actions
from registry.checks import for_kind
from registry.models import CheckResult, Severity, Version
from tests import factories
from tests.pages import queries, said, told
from tests.registry.conftest import found
from tests.registry.views.conftest import page

pytestmark = pytest.mark.django_db
NEW = "/models/fraud/scorer/versions/new/"
AUTHOR = "Someone other than the author must do this."
HIDDEN_NAME = "The name of a metric or parameter holds a character that cannot be seen."


def sent(*parents: tuple[str, str], **fields: str) -> dict[str, str]:
    """The form of a new version as a browser sends it."""
    rows = {
        f"parents-{number}-{name}": value
        for number, row in enumerate(parents)
        for name, value in zip(("relation", "label"), row, strict=True)
    }
    return {"parents-TOTAL_FORMS": str(len(parents)), "parents-INITIAL_FORMS": "0", **rows, **fields}


def passed(version: Version) -> Version:
    version.results.update(outcome="done", finished_at=timezone.now())
    return version


@pytest.fixture
def approved(clean, steward, author) -> Version:
    factories.approved(clean, steward, asker=author)
    return clean


@pytest.fixture
def production(approved, operator) -> Version:
    actions.promote(approved, "production", by=operator)
    return approved


# ------------------------------------------------------------------ begun


def test_a_version_is_begun_with_what_is_said_about_it(artifact, author, signed_in):
    fields = sent(notes="**First**.", metrics="pr_auc = 0.842\nmcc=-0.1", parameters="depth = 8\nname = gbm")

    answer = signed_in(author).post(NEW, fields)

    version = Version.objects.get()
    assert answer["Location"] == "/models/fraud/scorer/versions/1/"
    assert (version.notes, version.metrics) == ("**First**.", {"pr_auc": 0.842, "mcc": -0.1})
    assert version.parameters == {"depth": 8, "name": "gbm"}


def test_a_version_names_what_it_comes_from(clean, author, signed_in):
    label = clean.label

    signed_in(author).post(
        NEW, sent(("trained-on", label), ("evaluated-on", f"/{label}/"), ("trained-on", ""))
    )

    links = Version.objects.get(number=2).parents.order_by("pk")
    assert [(link.parent, link.relation) for link in links] == [
        (clean, "trained-on"),
        (clean, "evaluated-on"),
    ]


def test_what_may_be_named_is_offered(clean, draft, author, signed_in):
    words = signed_in(author).get(NEW).content.decode()

    assert (f'<option value="{clean.label}">' in words, draft.label in words) == (True, False)


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        (sent(metrics="pr_auc 0.8"), 400, "Write each line as name = value, not “pr_auc 0.8”."),
        (sent(metrics="a = 84.2 %"), 400, "“84.2 %” is not a number: write 0.842, not 84.2 %."),
        (sent(metrics="a = nan"), 400, "The metric a is not a finite number."),
        (
            sent(("trained-on", "models/fraud/none/versions/1")),
            400,
            "There is nothing called models/fraud/none",
        ),
        (sent(("trained-on", "models/fraud/scorer")), 400, "is no version: choose one from the list."),
        (sent(("odd", "")), 400, "Select a valid choice. odd is not one of the available choices."),
        (sent(notes="a\u202eb"), 400, "This text holds a character that cannot be seen"),
        (sent(metrics="a\u202eb = 1"), 400, HIDDEN_NAME),
        (sent(parameters="a\u202eb = 1"), 400, HIDDEN_NAME),
        (sent(parameters="a = x\u202ey"), 400, "This text holds a character that cannot be seen"),
    ],
)
def test_what_is_malformed_comes_back_with_its_sentence(
    artifact, author, signed_in, fields, status, sentence
):
    answer = signed_in(author).post(NEW, fields)

    assert (answer.status_code, Version.objects.count()) == (status, 0)
    assert sentence in said(answer)


def test_a_version_that_one_may_not_see_cannot_be_named(clean, stranger, signed_in):
    factories.artifact(stranger.memberships.first().team, stranger, name="other")

    answer = signed_in(stranger).post(
        "/models/elsewhere/other/versions/new/", sent(("trained-on", clean.label))
    )

    assert f"There is nothing called {clean.label} that you may see." in said(answer)


def test_a_draft_cannot_be_a_parent(draft, author, signed_in):
    answer = signed_in(author).post(NEW, sent(("trained-on", draft.label)))

    assert answer.status_code == 409
    assert f"{draft.label} is a draft: submit it before anything comes from it." in said(answer)


def test_who_does_not_push_begins_none(artifact, operator, signed_in):
    looked = signed_in(operator).get(NEW)
    answer = signed_in(operator).post(NEW, sent())

    assert (looked.status_code, answer.status_code) == (403, 403)
    assert "Your roles in fraud do not allow this" in said(answer)
    assert Event.objects.filter(action="version.add", outcome="refused").count() == 1


# ------------------------------------------------------------------ drafts


def test_a_draft_says_what_comes_next_to_its_author(draft, author, signed_in):
    words = said(signed_in(author).get(page(draft)))

    assert "Version 1 is a draft Upload its files, then submit it" in words
    assert "Submit version 1 Upload Or drop files and folders here Folder" in words
    assert "notes.txt" in words


def test_a_draft_without_files_cannot_be_submitted_yet(artifact, author, signed_in):
    version = actions.add_version(artifact, by=author)

    assert "Submit version 1, closed: It has no file yet." in said(signed_in(author).get(page(version)))


def test_a_draft_of_somebody_else_can_only_be_looked_at(draft, steward, signed_in):
    words = said(signed_in(steward).get(page(draft)))

    assert "mara is filling it. What it holds may still change." in words
    assert ("Submit version" in words, "Choose" in words, "Remove" in words) == (False, False, False)


def test_its_author_submits_a_draft(draft, author, signed_in):
    answer = signed_in(author).post(page(draft, "submit"))

    draft.refresh_from_db()
    assert (answer["Location"], draft.is_draft) == (page(draft), False)
    assert told(answer) == ["Version 1 is frozen and is being checked."]


def test_nobody_else_submits_it(draft, steward, signed_in):
    answer = signed_in(steward).post(page(draft, "submit"))

    draft.refresh_from_db()
    assert (answer.status_code, draft.is_draft) == (403, True)
    assert "Only mara, who began this draft, may change or submit it." in said(answer)


def test_submitting_twice_says_that_it_is_frozen(waiting, author, signed_in):
    answer = signed_in(author).post(page(waiting, "submit"))

    assert answer.status_code == 409
    assert "Version 1 is frozen: begin a new one to change anything." in said(answer)


# ------------------------------------------------------------------ checking


def test_while_checks_run_the_page_says_how_far_and_asks_again(waiting, author, signed_in):
    answer = signed_in(author).get(page(waiting))

    assert "Version 1 is being checked" in said(answer)
    part = answer.content.decode().partition('<div id="verdict"')[2].partition(">")[0]
    asks = f'hx-get="{page(waiting, "live")}" hx-trigger="every 2s" hx-swap="outerHTML"'
    assert part == f' data-live="The verdict" {asks}'


def test_the_part_asks_again_while_checks_run(waiting, author, signed_in):
    part = signed_in(author).get(page(waiting, "live")).content.decode()

    assert ("every 2s" in part, "hx-swap-oob" in part, "<html" in part) == (True, False, False)


def test_the_part_asks_no_more_when_checks_have_ended_and_brings_what_they_found(clean, author, signed_in):
    found(clean, Severity.HIGH)

    answer = signed_in(author).get(page(clean, "live"))

    part = answer.content.decode()
    assert ("every 2s" in part, part.count("hx-swap-oob")) == (False, 5)
    assert "It names strange.Name." in said(answer)


def test_checks_are_asked_for_again(clean, author, signed_in):
    before = timezone.now()

    answer = signed_in(author).post(page(clean, "recheck"))

    assert answer["Location"] == page(clean)
    assert {result.asked_at > before for result in clean.results.all()} == {True}


def test_who_may_not_ask_for_checks_is_told(clean, auditor, signed_in):
    answer = signed_in(auditor).post(page(clean, "recheck"))

    assert answer.status_code == 403
    assert "Your roles in fraud do not allow this" in said(answer)


def test_a_refusal_says_who_can_cure_it_and_where(clean, auditor, steward, signed_in):
    answer = signed_in(auditor).post(page(clean, "recheck"))

    assert "or somebody who has it acts. Who can: jonas. Go there" in said(answer)
    assert '<a href="/teams/fraud/">Go there</a>' in answer.content.decode()


# ------------------------------------------------------------------ the gate


def test_every_blocking_finding_is_an_objection_with_its_cure(clean, author, signed_in):
    found(clean, Severity.CRITICAL, "posix.system")
    found(clean, Severity.HIGH)

    words = said(signed_in(author).get(page(clean)))

    assert "Version 1 may not become production Two things stand in the way." in words
    assert "Once both are cured, one approval is needed." in words
    assert "1 notes.txt: It names posix.system. To cure it: push a version without it, or a steward" in words
    assert "2 notes.txt: It names strange.Name. To cure it:" in words


def test_who_can_cure_an_objection_stands_beside_it(clean, author, steward, signed_in):
    found(clean, Severity.CRITICAL)

    words = said(signed_in(author).get(page(clean)))

    assert "waives it with a reason and an end. Who can: jonas. Critical severity" in words


def test_an_author_is_told_why_waiving_is_closed(clean, author, signed_in):
    found(clean, Severity.HIGH)

    words = said(signed_in(author).get(page(clean)))

    assert f"Begin a new version Waive it, closed: {AUTHOR}" in words


def test_a_steward_who_is_not_the_author_is_led_to_the_waiver(clean, steward, signed_in):
    finding = found(clean, Severity.HIGH)

    links = signed_in(steward).get(page(clean)).content.decode()

    assert f'class="button " href="{page(clean, f"findings/{finding.pk}/waive/")}"' in links


def test_the_page_says_what_judged_its_files(clean, author, signed_in):
    CheckResult.objects.filter(check_name="pickle_imports").update(
        engine_version="cd" * 8, list_version="ab" * 8
    )

    words = said(signed_in(author).get(page(clean)))

    assert "pickle_imports engine cdcdcdcd, lists abababab" in words


def test_what_the_files_are_is_one_table(clean, author, signed_in):
    fact = {"type": "text", "media_type": "text/plain", "size": 12}
    CheckResult.objects.filter(check_name="file_type").update(fact=fact)

    words = said(signed_in(author).get(page(clean)))

    assert "What the files are File Type Media type notes.txt text text/plain" in words


def test_a_check_that_did_not_finish_is_not_a_pass_and_can_be_run_again(clean, author, signed_in):
    CheckResult.objects.update(outcome="failed", error="file_type stopped after 120 s.")

    words = said(signed_in(author).get(page(clean)))

    assert "1 file_type stopped after 120 s. Not evaluated is never a pass." in words
    assert "Not evaluated 12 B" in words
    assert "Check again" in words


def test_without_an_approval_one_is_asked_for(clean, author, signed_in):
    words = said(signed_in(author).get(page(clean)))

    assert "Version 1 is ready, and needs an approval to become production" in words
    assert "Production needs 1 approval, 0 given. To cure it: ask for an approval;" in words
    assert "Ask for approval" in words


def test_a_steward_is_led_to_the_request(clean, author, steward, signed_in):
    approval = governing.request_approval(clean.label, alias="production", by=author)

    answer = signed_in(steward).get(page(clean))

    assert "mara asked since just now Decide on it" in said(answer)
    assert f'class="button primary" href="/approvals/{approval.pk}/"' in answer.content.decode()


def test_an_author_is_led_to_the_request_without_being_asked_to_decide(clean, author, signed_in):
    approval = governing.request_approval(clean.label, alias="production", by=author)

    words = said(signed_in(author).get(page(clean)))

    assert (f"See request {approval.pk}" in words, "Decide on it" in words) == (True, False)


def test_what_is_approved_can_be_promoted_by_who_may(approved, operator, signed_in):
    answer = signed_in(operator).get(page(approved))

    assert "Version 1 may become production" in said(answer)
    assert (
        f'class="button primary" href="{page(approved, "aliases/production/promote/")}"'
        in answer.content.decode()
    )


def test_an_author_cannot_promote_and_is_told_why(approved, author, signed_in):
    words = said(signed_in(author).get(page(approved)))

    assert f"Promote to production, closed: {AUTHOR}" in words


def test_a_steward_cannot_promote_and_is_told_what_it_takes(approved, steward, signed_in):
    words = said(signed_in(steward).get(page(approved)))

    assert (
        "Promote to production, closed: Your roles in fraud do not allow this: it takes devops-engineer."
        in words
    )


def test_what_does_not_object_is_said_too(approved, operator, signed_in):
    words = said(signed_in(operator).get(page(approved)))

    number = len(for_kind("model"))
    finished = f"{number} of {number} checks finished"
    assert f"13 policies agree, {finished} " in words
    assert "It is not archived. The gate asks for no part of the card" in words


def test_what_is_in_production_says_so(production, author, signed_in):
    words = said(signed_in(author).get(page(production)))

    assert "scorer 1 In production" in words
    assert "Version 1 is production Nothing stands against it." in words


def test_what_is_in_production_and_would_not_pass_today_says_so(production, author, signed_in):
    found(production, Severity.HIGH)

    words = said(signed_in(author).get(page(production)))

    assert "Version 1 is production, but would not pass its gate today One thing stands in the way." in words


def test_a_reader_is_told_whether_it_may_be_fetched(production, reader, signed_in):
    words = said(signed_in(reader).get(page(production)))

    assert "Version 1 is production You may fetch it." in words
    assert ("Promote" in words, "Approvals Nobody" in words) == (False, False)


def test_a_version_whose_checks_wait_for_what_is_away_says_so(waiting, author, signed_in):
    waiting.results.update(error="The master key file is missing.")

    words = said(signed_in(author).get(page(waiting)))

    assert "Version 1 is being checked The master key file is missing." in words


@pytest.mark.parametrize("more", ["", "live"])
def test_readers_see_no_alias_of_what_was_not_released(production, artifact, author, reader, signed_in, more):
    actions.move_alias(factories.submitted(artifact, author), "canary", by=author)

    answer = signed_in(reader).get(page(production, more))

    assert [(row.name, row.version) for row in answer.context["aliases"]] == [
        ("production", production),
        ("staging", None),
    ]
    assert ("canary" in said(answer), "versions/2/" in answer.content.decode()) == (False, False)


def test_a_reader_is_told_why_a_release_may_not_be_fetched_any_more(production, reader, signed_in):
    found(production, Severity.CRITICAL)

    words = said(signed_in(reader).get(page(production)))

    assert "Version 1 may not be fetched 1 notes.txt: It names strange.Name." in words
    assert "Only its author and stewards may fetch it." in words


# ------------------------------------------------------------------ what else the page shows


def test_metrics_stand_beside_those_of_production(artifact, author, steward, operator, signed_in):
    first = passed(factories.submitted(artifact, author, metrics={"f1": 0.8}))
    factories.approved(first, steward, asker=author)
    actions.promote(first, "production", by=operator)
    second = passed(factories.submitted(artifact, author, metrics={"f1": 0.85}))

    words = said(signed_in(author).get(page(second)))

    assert "Metric Version 2 Production, 1 Change f1 0.85 0.8 +0.05" in words


def test_lineage_is_told_as_far_as_one_may_see_it(artifact, clean, author, stranger, signed_in):
    elsewhere = stranger.memberships.first().team
    elsewhere.memberships.create(user=author, role="auditor", granted_by=stranger)
    secret = factories.submitted(factories.artifact(elsewhere, stranger, name="secret"), stranger)
    child = factories.submitted(artifact, author, parents=[(clean, "derived-from"), (secret, "trained-on")])
    elsewhere.memberships.filter(user=author).delete()

    words = said(signed_in(author).get(page(child)))

    assert "Comes from scorer 1 derived from, model of fraud 1 version that you may not see" in words
    assert "secret" not in words


def test_a_version_names_what_it_went_into(artifact, clean, author, signed_in):
    factories.submitted(artifact, author, parents=[(clean, "derived-from")])

    assert "Went into scorer 2 derived from, model of fraud" in said(signed_in(author).get(page(clean)))


def test_approvals_say_what_was_signed_and_why_they_became_void(approved, author, signed_in):
    found(approved, Severity.LOW)
    governing.void_changed(approved, by=author)

    words = said(signed_in(author).get(page(approved)))

    assert "for production Void Asked by mara just now. Signs" in words
    assert "jonas approved just now The open findings are not the ones that were signed." in words


def test_its_events_are_shown_to_whoever_may_read_them(clean, steward, reader, operator, signed_in):
    of_steward = said(signed_in(steward).get(page(clean)))
    of_operator = said(signed_in(operator).get(page(clean)))

    assert "mara submitted this version, which froze it." in of_steward
    assert "You may read none of its events" in of_operator


def test_a_version_costs_the_same_however_much_there_is(artifact, author, steward, signed_in):
    small = passed(factories.submitted(artifact, author, metrics={"f1": 0.8}))
    found(small, Severity.HIGH)
    governing.request_approval(small.label, alias="production", by=author)
    files = {f"part/{number}.txt": b"%d" % number for number in range(5)}
    large = passed(
        factories.submitted(artifact, author, files | {"notes.txt": b"x"}, parents=[(small, "derived-from")])
    )
    for name in ("a.A", "b.B", "c.C"):
        found(large, Severity.HIGH, name)
    governing.request_approval(large.label, alias="production", by=author)
    client = signed_in(steward)

    first, second = queries(client, page(small)), queries(client, page(large))

    assert first == second <= 38


def test_a_version_that_is_approved_costs_no_more_than_thirty_five(approved, operator, signed_in):
    assert queries(signed_in(operator), page(approved)) <= 35


@pytest.mark.parametrize("more", ["", "live", "files/", "findings/"])
def test_what_one_may_not_see_is_not_there(clean, stranger, reader, signed_in, more):
    assert [signed_in(who).get(page(clean, more)).status_code for who in (stranger, reader)] == [404, 404]


@pytest.mark.parametrize("more", ["submit", "recheck", "upload"])
def test_what_changes_something_is_sent(clean, author, signed_in, more):
    assert signed_in(author).get(page(clean, more)).status_code == 405


@pytest.mark.parametrize(
    "more", ["", "live", "files/", "findings/", "remove", "aliases/", "submit", "upload"]
)
def test_nobody_is_sent_to_sign_in(clean, client, more):
    send = client.post if more in {"submit", "upload"} else client.get

    assert send(page(clean, more))["Location"].startswith("/account/login/?next=/models/fraud/scorer")
