"""What of a run somebody sees."""

from __future__ import annotations

import pytest

from kb import actions
from kb.models import Entry
from registry import actions as registering
from registry.models import Kind
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.running import (
    SMALL,
    artifact,
    author,
    clean,
    operator,
    playbook,
    reader,
    steward,
    team,
    waiting,
)

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def test_what_binds_a_restricted_dataset_is_shown_to_who_looks_into_it_alone(team, clean, author, operator):
    secret = factories.artifact(team, author, Kind.DATASET, name="secret")
    version = factories.submitted(secret, author, {"a.csv": b"a\n1\n"})
    bound = SMALL.replace(
        'kind = "number", text = "Slowest answer", unit = "ms", most = 100', 'kind = "upload", text = "x"'
    )
    playbook(team, bound)
    run = actions.start_run(team, "PB-90", subject=clean.label, by=author)
    actions.put(run, "load", 0, label=version.label, by=author)
    registering.restrict(secret, reason="Names of people.", by=author)

    seen = [len(Caller(who).get(f"runs/{run.pk}/entries/").json()["results"]) for who in (author, operator)]

    assert seen == [1, 0]
    assert list(Entry.objects.visible_to(operator)) == []
