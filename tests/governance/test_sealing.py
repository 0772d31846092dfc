"""Small secrets in rows."""

from __future__ import annotations

import pytest

from governance import sealing
from governance.errors import Unavailable


def test_what_is_sealed_opens_for_what_it_was_sealed_for():
    sealed = sealing.seal("whs_secret", "teams/fraud/webhook")

    assert sealing.opened(memoryview(sealed), "teams/fraud/webhook") == "whs_secret"
    assert b"whs_secret" not in sealed


def test_the_same_is_never_sealed_alike():
    assert sealing.seal("whs_secret", "x") != sealing.seal("whs_secret", "x")


def test_it_opens_for_nothing_else():
    sealed = sealing.seal("whs_secret", "teams/fraud/webhook")

    with pytest.raises(Unavailable):
        sealing.opened(sealed, "teams/other/webhook")


def test_it_does_not_open_under_another_secret_key(settings):
    sealed = sealing.seal("whs_secret", "x")
    settings.SECRET_KEY = "another"

    with pytest.raises(Unavailable) as away:
        sealing.opened(sealed, "x")

    assert away.value.sentence == "A sealed secret cannot be opened: it belongs to another secret key."
