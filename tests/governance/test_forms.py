"""How an action's problem comes back on the form that sent it."""

from __future__ import annotations

import pytest
from django import forms
from django.test import RequestFactory

from governance.access import Objection
from governance.errors import Conflict, Denied, Invalid
from governance.forms import Form, posted


class Example(Form):
    name = forms.CharField()


def raising(problem):
    def act(**_):
        raise problem

    return act


@pytest.fixture
def request_of():
    return RequestFactory().post("/", {"name": "x"})


def test_an_action_gets_the_fields(request_of):
    assert Example(posted(request_of)).sent(request_of, lambda name: f"made {name}") == "made x"


def test_a_page_that_is_only_looked_at_calls_nothing():
    looked = RequestFactory().get("/")
    looked.session = {}
    form = Example(posted(looked))

    assert (form.sent(looked, raising(AssertionError())), form.status) == (None, 200)


def test_what_is_malformed_calls_nothing():
    request = RequestFactory().post("/", {})
    form = Example(posted(request))

    assert (form.sent(request, raising(AssertionError())), form.status) == (None, 400)


def test_a_sentence_about_a_field_stands_beside_it(request_of):
    form = Example(posted(request_of))
    form.sent(request_of, raising(Invalid("All of it.", errors={"name": ["Choose another."]})))

    assert (form.errors, form.status) == ({"name": ["Choose another."]}, 400)


def test_a_sentence_about_something_else_stands_above(request_of):
    form = Example(posted(request_of))
    form.sent(request_of, raising(Conflict("Already there.", errors={"other": ["No."]})))

    assert (form.non_field_errors(), form.status) == (["Already there."], 409)


def test_every_objection_is_a_sentence_of_its_own(request_of):
    form = Example(posted(request_of))
    form.sent(request_of, raising(Denied("A. B.", objections=[Objection("A."), Objection("B.")])))

    assert (form.non_field_errors(), form.status) == (["A.", "B."], 403)
