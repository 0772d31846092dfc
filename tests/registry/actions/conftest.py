"""Somebody at a page, and somebody who may not know that it exists: for tests of both doors."""

from tests.registry.views.conftest import draft as draft  # fixtures
from tests.registry.views.conftest import signed_in as signed_in
from tests.registry.views.conftest import stranger as stranger
