"""The trail: who reads what, the filters, and how it is said."""

from __future__ import annotations

import csv
import json

import pytest

from governance import audit, exporting
from governance.errors import Denied
from governance.models import Event
from registry import actions
from tests.pages import queries, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(version, operator):
    with pytest.raises(Denied):
        actions.promote(version, "production", by=operator)


def test_a_steward_reads_what_others_did(version, steward, signed_in):
    assert "mara submitted fraud/scorer 1, which froze it." in said(signed_in(steward).get("/trail/"))


def test_a_member_reads_only_what_they_did(version, approval, operator, signed_in):
    words = said(signed_in(operator).get("/trail/"))

    assert "priya asked for an approval of fraud/scorer 1 for production." in words
    assert "mara submitted" not in words


def test_a_steward_of_another_team_reads_nothing_of_it(version, stranger, signed_in):
    assert "mara" not in said(signed_in(stranger).get("/trail/"))


def test_a_refusal_looks_different_and_says_why(refused, steward, signed_in):
    answer = signed_in(steward).get("/trail/?outcome=refused")

    assert (
        "priya tried to promote fraud/scorer 1 and was refused. "
        "Production needs 1 approval, 0 given." in said(answer)
    )
    assert 'data-state="blocked" class="refused"><time' in answer.content.decode()


def test_what_an_event_is_about_is_a_link(version, steward, signed_in):
    page = signed_in(steward).get("/trail/").content.decode()

    assert '<a href="/models/fraud/scorer/versions/1/">fraud/scorer 1</a>' in page


def test_the_page_says_against_whom_the_trail_protects(steward, signed_in):
    assert "It is not yet protected against the administrator of its database." in said(
        signed_in(steward).get("/trail/")
    )


def test_what_people_wrote_is_not_markup(steward, signed_in):
    audit.record(
        "version.download", "<b>x</b>", by=steward, after={"path": "<script>alert(1)</script>"}, reason="<i>"
    )

    page = signed_in(steward).get("/trail/").content.decode()

    assert ("<script>alert" in page, "<b>x</b>" in page, "“<i>”" in page) == (False, False, False)


# ------------------------------------------------------------------ filters


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("subject=models/fraud", 0),
        ("subject=models/fraud/scorer", 4),
        ("subject=models/fraud/scorer/", 4),
        ("subject=models/fraud/scorer/versions/1", 3),
        ("subject=models/fraud/score", 0),
        ("actor=mara", 4),
        ("actor=priya", 0),
        ("action=version.submit", 1),
        ("outcome=refused", 0),
        ("team=fraud", 4),
        ("team=elsewhere", 0),
        ("actor=mara&action=artifact.add", 1),
    ],
)
def test_a_filter_leaves_what_fits(version, steward, signed_in, query, number):
    page = signed_in(steward).get(f"/trail/?{query}").content.decode()

    expected = Event.objects.filter(actor="mara").count() if query == "subject=models/fraud" else number
    assert page.count('<li id="event-') == expected


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("action=nothing", "Select a valid choice. nothing is not one of the available choices."),
        ("outcome=perhaps", "Select a valid choice. perhaps is not one of the available choices."),
        ("actor=" + "x" * 101, "Ensure this value has at most 100 characters (it has 101)."),
        ("subject=" + "x" * 401, "Ensure this value has at most 400 characters (it has 401)."),
        ("team=a/b", "Enter a valid “slug”"),
    ],
)
def test_a_malformed_filter_says_what_is_wrong(version, steward, signed_in, query, sentence):
    answer = signed_in(steward).get(f"/trail/?{query}")

    assert answer.status_code == 400
    assert sentence in said(answer)
    assert b'<li id="event-' not in answer.content


def test_a_filter_that_is_set_is_a_link_that_takes_it_away(version, steward, signed_in):
    page = signed_in(steward).get("/trail/?actor=mara&outcome=done").content.decode()

    assert '<a class="filter on" href="?outcome=done">By <b>mara</b>' in page


def test_older_events_are_on_the_next_page(steward, signed_in):
    for number in range(51):
        audit.record("version.recheck", f"models/fraud/m{number}", by=steward)
    client = signed_in(steward)
    first = client.get("/trail/?action=version.recheck").content.decode()
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    second = client.get(f"/trail/{older}").content.decode()

    assert (first.count('<li id="event-'), second.count('<li id="event-')) == (50, 1)


def test_three_events_cost_as_much_as_one(steward, signed_in):
    client = signed_in(steward)
    audit.record("version.recheck", "models/fraud/a", by=steward)
    with_one = queries(client, "/trail/?action=version.recheck")
    audit.record("version.recheck", "models/fraud/b", by=steward)
    audit.record("version.recheck", "teams/fraud", by=steward)

    assert queries(client, "/trail/?action=version.recheck") == with_one


def test_nobody_is_sent_to_sign_in(client):
    assert client.get("/trail/")["Location"] == "/account/login/?next=/trail/"


# ------------------------------------------------------------------ saved


def saved(client, form, query=""):
    answer = client.post(f"/trail/export{query}", {"form": form})
    assert answer.status_code == 200, answer.content
    return answer, b"".join(answer.streaming_content).decode()


def test_the_trail_is_saved_as_json_lines_by_its_filters(version, steward, signed_in):
    answer, text = saved(signed_in(steward), "jsonl", "?action=version.submit")

    (event,) = map(json.loads, text.splitlines())
    assert (event["action"], event["actor"], event["team"]) == ("version.submit", "mara", "fraud")
    assert answer["Content-Disposition"] == 'attachment; filename="trail.jsonl"'


def test_the_trail_is_saved_as_a_table_in_which_nothing_acts(version, steward, signed_in):
    audit.record("version.recheck", version, by=steward, reason='=HYPERLINK("https://example.org")')

    _, text = saved(signed_in(steward), "csv", "?action=version.recheck")

    (row,) = csv.DictReader(text.splitlines())
    assert (row["actor"], row["reason"]) == ("jonas", '\'=HYPERLINK("https://example.org")')


def test_who_saves_the_trail_stands_in_it(version, steward, signed_in):
    saved(signed_in(steward), "csv", "?outcome=done")

    event = Event.objects.get(action="trail.export")
    assert (event.actor, event.after) == ("jonas", {"form": "csv", "filters": {"outcome": "done"}})


def test_a_member_saves_only_what_they_did(version, approval, operator, signed_in):
    _, text = saved(signed_in(operator), "jsonl")

    assert {json.loads(line)["actor"] for line in text.splitlines()} == {"priya"}


@pytest.mark.parametrize(("form", "query"), [("exe", ""), ("", ""), ("csv", "?outcome=perhaps")])
def test_what_cannot_be_saved_is_told_and_leaves_no_event(version, steward, signed_in, form, query):
    answer = signed_in(steward).post(f"/trail/export{query}", {"form": form})

    assert answer.status_code == 400
    assert "The trail is saved as csv or jsonl, by the filters of its page." in said(answer)
    assert not Event.objects.filter(action="trail.export").exists()


def test_no_more_is_saved_than_a_bound(version, steward, signed_in, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 2)

    _, text = saved(signed_in(steward), "jsonl")

    assert len(text.splitlines()) == 2
