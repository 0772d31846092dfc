"""The picture of a lineage: who has a node, who is only counted, and that the way leads both ways."""

from __future__ import annotations

import pytest

from registry.models import Link
from registry.presenting.decisions import relatives
from registry.presenting.lineage import MOST, picture, shares, short
from tests import factories
from tests.pages import queries, said
from tests.registry.views.conftest import page
from tests.registry.views.conftest import signed_in as signed_in

pytestmark = pytest.mark.django_db


def drawn(person, version):
    found = relatives(person, version)
    return picture(person, version, found["parents"], found["children"])


@pytest.fixture
def line(team, author):
    """raw → data → model → served, one of each."""
    versions = []
    for name in ("raw", "data", "model", "served"):
        parents = [(versions[-1], "derived-from")] if versions else []
        made = factories.artifact(team, author, name=name)
        versions.append(factories.submitted(made, author, parents=parents))
    return versions


def test_two_steps_each_way_are_nodes_with_links(line, author):
    raw, data, model, served = line

    found = drawn(author, data)

    assert [(node.column, node.name, node.href) for node in found.nodes] == [
        (0, "data 1", ""),
        (-1, "raw 1", f"{page(raw)}#lineage"),
        (1, "model 1", f"{page(model)}#lineage"),
        (2, "served 1", f"{page(served)}#lineage"),
    ]
    assert len(found.edges) == 3
    assert found.title == "It comes from 1, it went into 1."


def test_what_stands_alone_has_no_picture(waiting, author, signed_in):
    assert drawn(author, waiting) is None
    assert "It names nothing that it comes from" in said(signed_in(author).get(page(waiting)))


def test_of_many_twelve_are_drawn_and_the_rest_counted(team, author, signed_in):
    made = factories.artifact(team, author, name="data")
    parents = [(factories.submitted(made, author), "trained-on") for _ in range(14)]
    version = factories.submitted(factories.artifact(team, author, name="model"), author, parents=parents)

    found = drawn(author, version)

    assert [node.name for node in found.nodes if not node.href] == ["model 1", "and 2 more"]
    assert len([node for node in found.nodes if node.href]) == MOST
    assert b">and 2 more</text>" in signed_in(author).get(page(version)).content


def test_what_may_not_be_seen_is_only_counted(waiting, author):
    elsewhere = factories.team("elsewhere")
    zoe = factories.member(elsewhere, "data-scientist", username="zoe")
    secret = factories.submitted(factories.artifact(elsewhere, zoe, name="secret"), zoe)
    Link.objects.create(version=waiting, parent=secret, relation="trained-on")

    found = drawn(author, waiting)

    assert [node.name for node in found.nodes] == ["scorer 1", "1 that you may not see"]


def test_a_version_that_is_linked_twice_has_one_node(team, author):
    data = factories.submitted(factories.artifact(team, author, name="data"), author)
    both = [(data, "trained-on"), (data, "evaluated-on")]
    version = factories.submitted(factories.artifact(team, author, name="model"), author, parents=both)

    [_, node] = drawn(author, version).nodes

    assert node.about == "trained on, evaluated on"


def test_the_nodes_are_shared_by_both_sides():
    assert [shares(*counts) for counts in ((200, 0), (0, 200), (200, 200), (3, 200), (8, 2))] == [
        (12, 0), (0, 12), (6, 6), (3, 9), (8, 2),
    ]  # fmt: skip


def test_a_long_name_keeps_its_number():
    assert short("x" * 100 + " 123456") == "x" * 15 + "… 123456"
    assert len(short("x" * 100 + " 123456")) == 23


def test_more_relatives_take_the_same_queries(line, author, team, signed_in):
    data = line[1]
    client = signed_in(author)
    client.get(page(data))
    few = queries(client, page(data))
    for name in ("b", "c", "d"):
        artifact = factories.artifact(team, author, name=name)
        factories.submitted(artifact, author, parents=[(data, "trained-on")])

    assert queries(client, page(data)) == few
