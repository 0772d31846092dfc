from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from governance.errors import Absent, Unavailable

NEVER = datetime(2000, 1, 2, 3, 4, 5, tzinfo=UTC)


def rendered(text, **context):
    return Template(text).render(Context(context))


def test_an_icon_is_hidden_from_who_does_not_see_it():
    found = rendered('{% icon "good" %}')

    assert found == (
        '<svg class="icon" width="16" height="16" aria-hidden="true">'
        '<use href="/static/steward/icons.svg#i-good"/></svg>'
    )


def test_an_icon_that_says_something_is_read_aloud():
    assert 'role="img" aria-label="protected"' in rendered('{% icon "key" words="protected" %}')


def test_a_badge_is_a_shape_and_a_word_and_escapes_it():
    found = rendered('{% badge "blocked" word %}', word="<b>2 high</b>")

    assert 'data-state="blocked"' in found
    assert "#i-blocked" in found
    assert "&lt;b&gt;2 high&lt;/b&gt;" in found


@pytest.mark.parametrize(
    ("state", "colour", "shape", "word"),
    [
        ("draft", "neutral", "neutral", "Draft"),
        ("checking", "info", "running", "Checking"),
        ("blocked", "blocked", "blocked", "Blocked"),
        ("ready", "good", "good", "Ready"),
        ("released", "good", "good", "Released"),
        ("unheard-of", "neutral", "neutral", "Unheard-of"),
    ],
)
def test_a_state_has_a_colour_a_shape_and_a_word(state, colour, shape, word):
    found = rendered("{% state name %}", name=state)

    assert (f'data-state="{colour}"' in found, f"#i-{shape}" in found, f">{word}</span>" in found) == (
        True,
    ) * 3


@pytest.mark.parametrize(
    ("severity", "colour"),
    [("critical", "blocked"), ("high", "blocked"), ("medium", "warn"), ("low", "info"), ("info", "neutral")],
)
def test_a_severity_that_blocks_looks_like_it(severity, colour):
    assert f'data-state="{colour}"' in rendered("{% severity name %}", name=severity)


def test_a_time_is_relative_with_the_whole_moment_beside_it():
    found = rendered("{% when at %}", at=NEVER)

    assert (
        found
        == '<time datetime="2000-01-02T03:04:05+00:00" title="2 Jan 2000, 03:04:05 UTC">2 Jan 2000</time>'
    )


def test_a_time_that_did_not_come_is_a_word():
    assert rendered('{% when at absent="not used yet" %}', at=None) == "not used yet"


def test_ago_speaks_of_now():
    assert rendered("{{ at|ago }}", at=timezone.now() - timedelta(hours=2, minutes=1)) == "2 hours ago"


def test_a_digest_shows_eight_digits_and_copies_all():
    found = rendered("{% digest value copy=True %}", value="9f2c71ae" + "0" * 56)

    assert ">9f2c 71ae</code>" in found
    assert f'data-copy="9f2c71ae{"0" * 56}"' in found


def test_a_name_is_escaped_in_its_link():
    found = rendered("{% person name url=url %}", name="<i>Eve</i> Oh", url='/"x')

    assert '<a href="/&quot;x">&lt;i&gt;Eve&lt;/i&gt; Oh</a>' in found


def test_bytes_of_nothing_known_are_nothing():
    assert rendered("{{ size|bytes }}{{ other|bytes }}", size=None, other=2_000_000) == "2 MB"


# ------------------------------------------------------------------ button


def test_a_closed_button_says_why_and_does_nothing():
    found = rendered('{% button "Promote" post="/x" closed="Not you." %}')

    assert ('aria-disabled="true"' in found, "Not you." in found, "<form" in found) == (True, True, False)


def test_a_button_that_changes_something_is_a_form_with_its_token():
    found = Template('{% button "Promote" post="/x" %}').render(Context({"csrf_token": "abc"}))

    assert (
        '<form method="post" action="/x"><input type="hidden" name="csrfmiddlewaretoken" value="abc">'
        in found
    )


# ------------------------------------------------------------------ sort


def sorted_by(query, text='{% sort "name" "Model" default="-changed" %}'):
    return rendered(text, request=RequestFactory().get("/models/" + query))


def test_a_column_head_sorts_and_keeps_the_filters_but_not_the_place():
    found = sorted_by("?team=fraud&cursor=abc&sort=-changed")

    assert 'href="?team=fraud&amp;sort=name"' in found
    assert "aria-sort" not in found


def test_the_sorted_column_turns_round():
    found = sorted_by("?sort=name")

    assert ('aria-sort="ascending"' in found, 'href="?sort=-name"' in found) == (True, True)


def test_the_usual_order_is_marked_without_being_asked_for():
    found = sorted_by("", '{% sort "changed" "Changed" default="-changed" %}')

    assert ('aria-sort="descending"' in found, 'href="?sort=changed"' in found) == (True, True)


# ------------------------------------------------------------------ form


class Form(forms.Form):
    name = forms.CharField(help_text="Small letters.")
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    notes = forms.CharField(widget=forms.Textarea, required=False)
    sure = forms.BooleanField()


def field(name, data=None):
    return rendered('{% include "_components/field.html" with field=field only %}', field=Form(data)[name])


def test_a_field_names_its_help():
    found = field("name")

    assert 'aria-describedby="id_name_helptext"' in found
    assert '<div class="help" id="id_name_helptext">Small letters.</div>' in found


def test_a_wrong_field_says_so_to_everybody():
    found = field("name", {"name": ""})

    assert 'aria-invalid="true"' in found
    assert 'aria-describedby="id_name_helptext id_name_error"' in found
    assert '<div id="id_name_error">' in found


@pytest.mark.parametrize(
    ("name", "said"), [("name", False), ("kind", True), ("notes", True), ("sure", False)]
)
def test_optional_is_said_and_required_is_not(name, said):
    assert ("optional" in field(name)) is said


@pytest.mark.parametrize(("name", "look"), [("name", "input"), ("kind", "select"), ("notes", "area")])
def test_a_control_has_our_look(name, look):
    assert f'class="{look}"' in field(name)


# ------------------------------------------------------------------ frame


class Nobody:
    is_authenticated = False


class Unreachable:
    @property
    def is_authenticated(self):
        raise ConnectionError("the database is away")


def test_who_is_not_signed_in_has_no_navigation():
    assert rendered("{% signed_in as inside %}{{ inside }}", user=Nobody()) == "False"


def test_a_page_about_a_missing_part_asks_nobody_who_reads_it():
    found = rendered(
        "{% signed_in as inside %}{{ inside }}", user=Unreachable(), problem=Unavailable("Away.")
    )

    assert found == "False"


def test_a_page_about_what_is_not_there_keeps_its_navigation():
    class Somebody:
        is_authenticated = True

    assert rendered("{% signed_in as inside %}{{ inside }}", user=Somebody(), problem=Absent("No.")) == "True"


def entered(path, name="governance:tokens", **context):
    text = '{% entry name "key" "Tokens" %}'
    return rendered(text, name=name, request=RequestFactory().get(path), **context)


@pytest.mark.parametrize(
    ("path", "context", "current"),
    [
        ("/account/tokens/", {}, True),
        ("/account/tokens/3/revoke", {}, True),
        ("/account/password/", {}, False),
        ("/account/tokens/", {"section": "trail"}, False),
        ("/elsewhere/", {"section": "tokens"}, True),
    ],
)
def test_an_entry_is_marked_where_one_is(path, context, current):
    assert ('aria-current="page"' in entered(path, **context)) is current


def test_home_is_marked_on_its_own_page_only():
    found = ["aria-current" in entered(path, "kb:home") for path in ("/", "/teams/")]

    assert found == [True, False]


def test_a_page_that_does_not_exist_has_no_entry():
    assert entered("/", "kb:unheard_of").strip() == ""
