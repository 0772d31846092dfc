"""A card from elsewhere says licence and tags, and loses nothing."""

from __future__ import annotations

import pytest

from registry import actions
from registry.front_matter import REST, taken_in
from registry.presenting.cards import card

CARD = """---
license: apache-2.0
tags:
  - tabular
  - Not A Tag
language: en
model-index:
  - name: scorer
---
# Scorer

## Limits

Adults only.
"""


def test_licence_and_tags_are_taken_and_the_rest_stays_in_the_text():
    text, tags, licence = taken_in(CARD, ["fraud"], "")

    assert (tags, licence) == (["fraud", "tabular"], "Apache-2.0")
    body, block = text.split(REST)
    assert body.strip().endswith("Adults only.")
    assert "Not A Tag" in block
    assert "language: en" in block
    assert "name: scorer" in block


def test_a_licence_of_its_own_stands():
    text, _, licence = taken_in(CARD, [], "MIT")

    assert licence == "MIT"
    assert "license: apache-2.0" in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "---\nwords\n---\nmore\n",
        "---\nno end: here\n",
        "---\n- a list\n---\n",
        "---\na: &x 1\nb: *x\n---\nwords",
    ],
    ids=["empty", "plain", "lines", "open", "list", "references"],
)
def test_what_is_no_front_matter_is_text(text):
    assert taken_in(text, ["a"], "") == (text, ["a"], "")


@pytest.mark.django_db
def test_what_goes_out_comes_in_again(artifact, clean, author):
    actions.edit_artifact(artifact, description=CARD, by=author)
    clean.artifact.refresh_from_db()
    out = card(author, clean)

    again = actions.edit_artifact(artifact, description=out, by=author)

    assert (again.licence, again.tags) == ("Apache-2.0", ["tabular"])
    assert out.startswith("---\nlicense: apache-2.0\n")
    assert not again.description.startswith("---")
