"""Who leaves a team leaves no article without an owner."""

from __future__ import annotations

import pytest

from governance import actions as governing
from governance.errors import Problem
from kb.models import Article
from tests import factories
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def test_articles_are_handed_over_to_who_may_write_them(fraud, mara, jonas, rita):
    written(fraud, mara)
    admin = factories.admin()

    for to in (None, rita):
        with pytest.raises(Problem):
            governing.set_roles(fraud, mara, [], hand_over_to=to, by=admin)
    governing.set_roles(fraud, mara, [], hand_over_to=jonas, by=admin)

    assert Article.objects.get().owner == jonas
