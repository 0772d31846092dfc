"""Lists of artifacts, making one, describing it, and its page."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from governance.models import Event
from registry import actions
from registry.models import Artifact, Kind, Severity
from registry.presenting import addresses
from tests import factories
from tests.pages import queries, said, told
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

NEW = {
    "team": "fraud",
    "name": "risk",
    "description": "Monthly risk.",
    "tags": "tabular, Nightly",
    "licence": "MIT",
}


# ------------------------------------------------------------------ lists


def test_a_label_is_where_its_page_is(clean):
    pages = [addresses.of_artifact(clean.artifact), addresses.of_version(clean)]

    assert [addresses.of_label(clean.artifact.label), addresses.of_label(clean.label)] == pages


def test_what_people_write_is_shown_in_a_row_and_never_run(team, author, signed_in):
    factories.artifact(team, author, name="scorer", description="<script>alert('&')</script>")

    page = signed_in(author).get("/models/").content.decode()

    assert page.count("&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;") == 1


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_has_a_list_of_its_own(team, author, signed_in, kind):
    for each in Kind:
        factories.artifact(team, author, kind=each, name=f"only-{each}")

    words = said(signed_in(author).get(f"/{kind.plural}/"))

    assert [f"only-{each}" in words for each in Kind] == [each == kind for each in Kind]


def test_a_row_says_how_the_newest_version_stands(clean, author, signed_in):
    found(clean, Severity.HIGH)
    found(clean, Severity.MEDIUM, "other.Name")

    words = said(signed_in(author).get("/models/"))

    assert "fraud / scorer Blocked version 1 1 high, 1 medium none" in words


def test_a_row_says_how_far_checks_are(waiting, author, signed_in):
    words = said(signed_in(author).get("/models/"))

    assert re.search(r"0 of \d+ checks version 1 no finding so far", words)


def test_a_row_says_what_is_in_production_and_its_first_metric(
    artifact, author, steward, operator, signed_in
):
    version = in_production(artifact, author, steward, operator, metrics={"pr_auc": 0.842})

    words = said(signed_in(author).get("/models/"))

    assert f"In production version {version.number} no finding 1 0.842 pr_auc" in words


def test_a_row_says_that_somebody_asks_for_an_approval(clean, author, signed_in):
    signed_in(author).post(f"/{clean.label}/aliases/production/ask/", {"note": ""})

    assert "Asks for approval version 1" in said(signed_in(author).get("/models/"))


def test_a_row_shows_the_first_line_of_the_description(team, author, signed_in):
    factories.artifact(team, author, description="\n## Scores **payments**\n\nMore of it.")

    words = said(signed_in(author).get("/models/"))

    assert ("Scores payments" in words, "More of it" in words) == (True, False)


def test_readers_see_only_what_was_released(artifact, author, steward, operator, reader, team, signed_in):
    in_production(artifact, author, steward, operator)
    factories.draft(artifact, author)
    factories.artifact(team, author, name="hidden")

    words = said(signed_in(reader).get("/models/"))

    assert ("In production version 1" in words, "hidden" in words) == (True, False)


def test_a_stranger_sees_nothing_of_it(artifact, stranger, signed_in):
    words = said(signed_in(stranger).get("/models/"))

    assert ("scorer" in words, "There is no model yet" in words) == (False, True)


def test_three_artifacts_cost_as_much_as_one(team, author, signed_in):
    client = signed_in(author)
    full(team, author)
    with_one = queries(client, "/models/")
    full(team, author)
    full(team, author)

    assert queries(client, "/models/") == with_one


def full(team, author):
    """An artifact about which every column has something to say."""
    version = factories.submitted(factories.artifact(team, author), author, metrics={"f1": 0.5})
    version.results.update(outcome="done", finished_at=timezone.now())
    found(version, Severity.LOW)
    actions.move_alias(version, "candidate", by=author)
    return version


# ------------------------------------------------------------------ search, filters, order


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=card", ["card-fraud"]),
        ("search=monthly", ["risk"]),
        ("search=%26%7C%21", []),
        ("team=fraud", ["card-fraud", "risk"]),
        ("team=pricing", ["premium"]),
        ("tag=tabular", ["card-fraud"]),
        ("licence=MIT", ["risk"]),
        ("owner=mara", ["card-fraud", "risk"]),
        ("state=draft", ["card-fraud"]),
        ("state=ready", []),
        ("search=card&team=pricing", []),
    ],
)
def test_a_filter_in_the_address_narrows_the_list(team, author, signed_in, query, names):
    card = factories.artifact(team, author, name="card-fraud", tags=["tabular"])
    factories.draft(card, author)
    factories.artifact(team, author, name="risk", description="Monthly risk", licence="MIT")
    pricing = factories.team("pricing")
    other = factories.member(pricing, "data-scientist", username="aiko")
    factories.artifact(pricing, other, name="premium")
    pricing.memberships.create(user=author, role="auditor", granted_by=other)

    words = said(signed_in(author).get(f"/models/?{query}"))

    assert [name for name in ("card-fraud", "premium", "risk") if f"/ {name}" in words] == names


def test_what_is_filtered_is_said_and_can_be_taken_away(artifact, author, signed_in):
    answer = signed_in(author).get("/models/?team=fraud&sort=name")

    assert 'class="filter on" href="?sort=name"' in answer.content.decode()


def test_nothing_matching_offers_to_clear(artifact, author, signed_in):
    words = said(signed_in(author).get("/models/?search=nothing-like-it"))

    assert "No model matches. Clear filters" in words


def test_a_list_is_sorted_by_name_when_asked(team, author, signed_in):
    for name in ("beta", "alpha", "gamma"):
        factories.artifact(team, author, name=name)

    rows = signed_in(author).get("/models/?sort=name").context["rows"]

    assert [row.artifact.name for row in rows] == ["alpha", "beta", "gamma"]


def test_what_changed_last_stands_first(team, author, signed_in):
    for name in ("beta", "alpha"):
        factories.artifact(team, author, name=name)
    actions.edit_artifact(Artifact.objects.get(name="beta"), description="New.", by=author)

    rows = signed_in(author).get("/models/").context["rows"]

    assert [row.artifact.name for row in rows] == ["beta", "alpha"]


def test_a_long_list_has_pages(team, author, signed_in):
    for number in range(51):
        factories.artifact(team, author, name=f"m{number:03}")
    client = signed_in(author)

    first = client.get("/models/?sort=name")
    second = client.get(first.context["pager"]["older"].replace("?", "/models/?"))

    assert len(first.context["rows"]) == 50
    assert [row.artifact.name for row in second.context["rows"]] == ["m050"]


@pytest.mark.parametrize(
    "query", ["state=odd", "team=nowhere", "search=%00", "cursor=odd", "sort=odd", "search=" + "x" * 201]
)
def test_a_malformed_filter_says_so(artifact, author, signed_in, query):
    assert signed_in(author).get(f"/models/?{query}").status_code == 400


# ------------------------------------------------------------------ making one


def test_a_member_who_pushes_makes_a_model(team, author, signed_in):
    answer = signed_in(author).post("/models/new/", {**NEW, "tags": "tabular nightly,tabular"})

    artifact = Artifact.objects.get()
    assert answer["Location"] == "/models/fraud/risk/"
    assert (artifact.kind, artifact.owner, artifact.tags, artifact.licence) == (
        "model",
        author,
        ["tabular", "nightly"],
        "MIT",
    )
    assert told(answer) == ["risk is made. Push its first version."]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"name": "a/b"},
            "Use letters A to Z, digits, dots, hyphens and underscores; begin with a letter or digit.",
        ),
        (
            {"name": ".."},
            "Use letters A to Z, digits, dots, hyphens and underscores; begin with a letter or digit.",
        ),
        ({"name": "x" * 300}, "Ensure this value has at most 100 characters (it has 300)."),
        (
            {"name": "a\u202eb"},
            "Use letters A to Z, digits, dots, hyphens and underscores; begin with a letter or digit.",
        ),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"name": ""}, "This field is required."),
        (
            {"tags": "Not_A_Slug"},
            "Use small letters a to z, digits and hyphens; begin and end with a letter or digit.",
        ),
        (
            {"licence": "MIT & <b>"},  # the parser of licences breaks on it
            "Give the licence by its SPDX name, such as Apache-2.0, or LicenseRef-Internal for your own.",
        ),
        (
            {"licence": "MIT OR"},  # here, too
            "Give the licence by its SPDX name, such as Apache-2.0, or LicenseRef-Internal for your own.",
        ),
        (
            {"licence": "free for all"},
            "Give the licence by its SPDX name, such as Apache-2.0, or LicenseRef-Internal for your own.",
        ),
        (
            {"description": "a\u202eb"},
            "This text holds a character that cannot be seen, such as a direction mark.",
        ),
    ],
)
def test_what_is_malformed_is_said_beside_its_field(team, author, signed_in, changed, sentence):
    answer = signed_in(author).post("/models/new/", {**NEW, "tags": "", **changed})

    assert answer.status_code == 400
    assert sentence in said(answer)
    assert Artifact.objects.count() == 0


def test_the_same_name_in_another_case_is_refused(artifact, author, signed_in):
    answer = signed_in(author).post("/models/new/", {**NEW, "tags": "", "name": "SCORER"})

    assert answer.status_code == 409
    assert "fraud already has a model called SCORER." in said(answer)


def test_who_may_push_nowhere_is_told_what_it_takes(team, operator, signed_in):
    answer = signed_in(operator).get("/models/new/")

    assert answer.status_code == 403
    assert "It takes a team in which you are data-engineer or data-scientist or steward." in said(answer)


def test_a_form_for_a_team_in_which_one_does_not_push_is_refused_on_the_record(team, operator, signed_in):
    answer = signed_in(operator).post("/models/new/", {**NEW, "tags": ""})

    assert answer.status_code == 403
    assert (
        "Your roles in fraud do not allow this: it takes data-engineer or data-scientist or steward."
        in said(answer)
    )
    assert Event.objects.filter(action="artifact.add", outcome="refused", actor="priya").count() == 1


def test_a_team_that_one_does_not_see_is_no_choice(team, stranger, signed_in):
    answer = signed_in(stranger).post("/models/new/", {**NEW, "tags": ""})

    assert (answer.status_code, Artifact.objects.count()) == (400, 0)


def test_the_teams_in_which_one_pushes_are_offered(team, author, signed_in):
    factories.team("pricing").memberships.create(user=author, role="reader", granted_by=author)

    form = signed_in(author).get("/datasets/new/").context["form"]

    assert form.fields["team"].widget.choices == [("fraud", "fraud")]


# ------------------------------------------------------------------ describing it


def test_a_member_who_pushes_changes_what_is_said(artifact, author, steward, signed_in):
    sent = {"description": "Anew.", "tags": "a, b", "licence": "", "owner": "jonas"}

    answer = signed_in(author).post("/models/fraud/scorer/edit/", sent)

    artifact.refresh_from_db()
    assert answer["Location"] == "/models/fraud/scorer/"
    assert (artifact.description, artifact.tags, artifact.owner) == ("Anew.", ["a", "b"], steward)


def test_the_edit_form_begins_with_what_is_there(team, author, signed_in):
    factories.artifact(team, author, name="scorer", description="As it is.", tags=["a", "b"], licence="MIT")

    page = signed_in(author).get("/models/fraud/scorer/edit/").content.decode()

    assert [text in page for text in ("As it is.", 'value="a, b"', 'value="MIT"')] == [True, True, True]


def test_who_does_not_push_may_not_edit(artifact, operator, signed_in):
    answer = signed_in(operator).get("/models/fraud/scorer/edit/")

    assert answer.status_code == 403
    assert "Your roles in fraud do not allow this" in said(answer)


def test_an_owner_who_may_not_push_is_no_choice(artifact, author, operator, signed_in):
    sent = {"description": "", "tags": "", "licence": "", "owner": "priya"}

    answer = signed_in(author).post("/models/fraud/scorer/edit/", sent)

    artifact.refresh_from_db()
    assert (answer.status_code, artifact.owner) == (400, author)


# ------------------------------------------------------------------ its page


def test_the_page_lists_versions_with_state_and_metric(artifact, author, steward, operator, signed_in):
    in_production(artifact, author, steward, operator, metrics={"f1": 0.9})
    factories.draft(artifact, author)

    words = said(signed_in(author).get("/models/fraud/scorer/"))

    assert "2 Draft not checked" in words
    assert "1 production Ready no finding 0.9 f1" in words


def test_the_page_tells_how_aliases_moved(artifact, author, steward, operator, signed_in):
    in_production(artifact, author, steward, operator)

    assert "production moved to 1 priya" in said(signed_in(author).get("/models/fraud/scorer/"))


def test_commands_have_the_real_address(artifact, author, signed_in):
    page = said(signed_in(author).get("/models/fraud/scorer/"))

    assert "versions=http://testserver/api/v1/models/fraud/scorer/versions" in page
    assert "http://testserver/api/v1/models/fraud/scorer/versions/1/files/model.pkl" in page
    assert "STEWARD_URL=http://testserver python3 steward.py push fraud/scorer model.pkl --wait" in page
    assert "STEWARD_URL=http://testserver python3 steward.py pull fraud/scorer@production scorer/" in page


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        (Kind.MODEL, ["push fraud/thing model.pkl --wait", "pull fraud/thing:1 thing/"]),
        (
            Kind.DATASET,
            ["push fraud/thing data.csv --kind dataset --wait", "pull dataset:fraud/thing:1 thing/"],
        ),
    ],
)
def test_the_client_has_one_line_for_each_way_and_three_for_a_pipeline(team, author, signed_in, kind, lines):
    factories.submitted(factories.artifact(team, author, kind=kind, name="thing"), author)

    commands = signed_in(author).get(f"/{kind.plural}/fraud/thing/").context["commands"]

    start = "STEWARD_URL=http://testserver python3 steward.py "
    assert [commands["push"], commands["pull"]] == [f"{start}{line}" for line in lines]
    assert commands["pipeline"].splitlines() == [
        "curl -fsSO http://testserver/client/steward.py",
        "export STEWARD_URL=http://testserver  # STEWARD_TOKEN is a secret of the pipeline",
        f"python3 steward.py {lines[0]}",
    ]


def test_an_alias_is_what_the_client_fetches_by(artifact, author, steward, operator, signed_in):
    in_production(artifact, author, steward, operator)

    page = said(signed_in(author).get("/models/fraud/scorer/"))

    assert "pull fraud/scorer@production scorer/" in page


def test_peoples_markdown_is_harmless_and_left_alone_by_htmx(team, author, signed_in):
    hostile = "# Big\n\n<script>alert(1)</script> <b hx-get='/x'>b</b> [x](javascript:alert(1)) **bold**"
    factories.artifact(team, author, name="scorer", description=hostile)

    page = signed_in(author).get("/models/fraud/scorer/").content.decode()

    prose = page[page.index('<div class="prose"') :].split("</section>")[0]
    assert prose.startswith('<div class="prose" hx-disable>')
    assert [bad in prose for bad in ("<script", "<b ", 'href="javascript')] == [False, False, False]
    assert "<strong>bold</strong>" in prose


def test_readers_see_no_way_to_push(artifact, author, steward, operator, reader, signed_in):
    in_production(artifact, author, steward, operator)

    words = said(signed_in(reader).get("/models/fraud/scorer/"))

    assert ("New version" in words, "Edit" in words, "Begin a version" in words) == (False, False, False)
    assert ("steward.py push" in words, "steward.py pull" in words) == (False, True)


def test_readers_do_not_see_versions_that_were_never_released(
    artifact, author, steward, operator, reader, signed_in
):
    in_production(artifact, author, steward, operator)
    factories.draft(artifact, author)

    rows = signed_in(reader).get("/models/fraud/scorer/").context["versions"]

    assert [row.version.number for row in rows] == [1]


def test_readers_see_no_alias_of_what_was_not_released(artifact, clean, author, operator, reader, signed_in):
    actions.promote(clean, "staging", by=operator)
    actions.move_alias(factories.submitted(artifact, author), "canary", by=author)

    answer = signed_in(reader).get("/models/fraud/scorer/")

    assert [alias.name for alias in answer.context["aliases"]] == ["staging"]
    assert ("canary" in said(answer), "versions/2/" in answer.content.decode()) == (False, False)


@pytest.mark.slow
def test_readers_are_not_told_that_an_alias_left_what_was_not_released(
    artifact, clean, author, operator, reader, signed_in
):
    actions.promote(clean, "staging", by=operator)
    actions.move_alias(factories.submitted(artifact, author), "canary", by=author)
    actions.move_alias(clean, "canary", by=author)

    moves = [signed_in(who).get("/models/fraud/scorer/").context["moves"][0] for who in (reader, author)]

    assert [move["sentence"] for move in moves] == ["canary moved to 1", "canary moved from 2 to 1"]


def test_three_versions_cost_as_much_as_one(artifact, author, signed_in):
    client = signed_in(author)
    factories.submitted(artifact, author, metrics={"f1": 0.5})
    with_one = queries(client, "/models/fraud/scorer/")
    factories.submitted(artifact, author)
    factories.draft(artifact, author)

    assert queries(client, "/models/fraud/scorer/") == with_one


@pytest.mark.parametrize("address", ["/models/fraud/scorer/", "/models/fraud/scorer/edit/"])
def test_what_one_may_not_see_is_not_there(artifact, stranger, signed_in, address):
    answer = signed_in(stranger).get(address)

    assert answer.status_code == 404
    assert "There is no model scorer of fraud that you may see." in said(answer)


@pytest.mark.parametrize(
    "address",
    [
        "/models/",
        "/datasets/",
        "/assets/",
        "/models/new/",
        "/models/fraud/scorer/",
        "/models/fraud/scorer/edit/",
    ],
)
def test_nobody_is_sent_to_sign_in(artifact, client, address):
    assert client.get(address)["Location"] == f"/account/login/?next={address}"


def test_a_page_that_only_shows_takes_nothing(artifact, author, signed_in):
    assert signed_in(author).post("/models/fraud/scorer/").status_code == 405


def in_production(artifact, author, steward, operator, **fields):
    version = factories.submitted(artifact, author, **fields)
    version.results.update(outcome="done", finished_at=timezone.now())
    factories.approved(version, steward, asker=author)
    actions.promote(version, "production", by=operator)
    return version
