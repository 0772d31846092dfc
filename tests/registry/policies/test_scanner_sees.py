"""A scanner that lets known-bad files pass closes promotion."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance import access
from registry.models import CanaryRound
from registry.policies.scanner_sees import scanner_sees

pytestmark = pytest.mark.django_db


def round(missed: list[str], *, finished: bool = True) -> None:
    CanaryRound.objects.create(known=5, missed=missed, finished_at=timezone.now() if finished else None)


def test_one_that_let_a_file_pass_is_objected_to(clean, operator):
    round(["a pickle that runs a program"])

    objection = scanner_sees(operator, clean)

    assert objection.sentence == (
        "The scanner let a known-bad file pass (a pickle that runs a program), "
        "so what it says of others is worth nothing."
    )
    assert (objection.who, objection.link) == ("the site administrator", "/checks/#canaries")


def test_one_that_caught_all_is_not(clean, operator):
    round(["a pickle that runs a program"])
    round([])
    round([], finished=False)

    assert scanner_sees(operator, clean) is None


def test_before_the_first_round_nothing_is_held_up(clean, operator):
    assert scanner_sees(operator, clean) is None


def test_meanwhile_no_model_is_loaded_to_be_evaluated(clean, author):
    round(["a pickle that runs a program"])

    assert "scanner_sees" in [each.policy for each in access.objections(author, "version.evaluate", clean)]
