"""No service account gives its word for a step."""

from __future__ import annotations

import pytest

from governance.models import User
from kb.models import Entry
from kb.policies.people_state import SENTENCE, people_state
from tests.kb.running import artifact, author, clean, operator, reader, run, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", [Entry.STATEMENT, Entry.CHOICE, Entry.ACCEPT])
def test_a_person_does_and_a_service_account_does_not(run, author, steward, kind):
    service = User(username="robot", answered_by=steward)

    assert people_state(author, run, kind=kind) is None
    assert people_state(service, run, kind=kind).sentence == SENTENCE


def test_a_service_account_puts_in_what_it_measured(run, steward):
    assert people_state(User(username="robot", answered_by=steward), run, kind=Entry.NUMBER) is None
