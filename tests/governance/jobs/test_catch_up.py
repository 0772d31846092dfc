"""Followers read on, whatever became of the message."""

from __future__ import annotations

import pytest

from governance import following
from governance.jobs.catch_up import catch_up
from governance.models import Cursor

pytestmark = pytest.mark.django_db


def test_every_follower_has_a_cursor_afterwards():
    catch_up()

    assert set(Cursor.objects.values_list("follower", flat=True)) == set(following.FOLLOWERS)
