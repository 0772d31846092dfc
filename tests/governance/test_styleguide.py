import re

import pytest

from governance import styleguide
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_living_page_is_for_people_who_signed_in(client):
    answer = client.get("/styleguide/")

    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/styleguide/")


def test_the_living_page_names_every_component(client):
    client.force_login(factories.person())

    page = client.get("/styleguide/").content.decode()

    assert [name for name, _ in styleguide.parameters() if f"<code>{name}</code>" not in page] == []


def test_no_id_stands_twice_on_the_living_page(client):
    client.force_login(factories.person())

    ids = re.findall(r'\sid="([^"]+)"', client.get("/styleguide/").content.decode())

    assert [name for name in set(ids) if ids.count(name) > 1] == []
