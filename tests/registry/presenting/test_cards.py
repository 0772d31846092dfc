"""Cards fill themselves from evidence, and say what there is none of."""

from __future__ import annotations

import pytest
import yaml
from django.test import Client

from governance.models import Team, User
from registry import actions
from registry.models import Kind, Version
from registry.presenting.cards import card, plain
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.test_contracts import TERMS

pytestmark = pytest.mark.django_db

DATA = "datasets/x/y/versions/1"


def front(text: str) -> dict[str, object]:
    matter: dict[str, object] = yaml.safe_load(text.split("---\n")[1])
    return matter


def test_a_model_says_what_was_declared_and_what_was_not(clean: Version, author: User) -> None:
    data = {"dataset": DATA, "part": "test", "metrics": {"pr_auc": 0.82}}
    about = {"licence": "Apache-2.0", "tags": ["fraud"], "description": "Finds *fraud*."}
    actions.edit_artifact(clean.artifact, by=author, **about)
    actions.add_record(clean, "evaluation", data, by=author)
    page = Client()
    page.force_login(author)

    text = Caller(author).get(f"{clean.label}/card").json()["markdown"]
    shown = page.get(f"/{clean.label}/card/").content.decode()
    saved = page.get(f"/{clean.label}/card.md")

    assert saved.content.decode() == text
    assert saved.headers["Content-Disposition"] == 'attachment; filename="scorer-1.md"'
    assert front(text) == {
        "license": "apache-2.0",
        "tags": ["fraud"],
        "datasets": [DATA],
        "model-index": [
            {
                "name": "scorer",
                "results": [
                    {
                        "task": {"type": "other"},
                        "dataset": {"name": DATA, "type": DATA, "split": "test"},
                        "metrics": [{"type": "pr_auc", "value": 0.82, "verified": False}],
                    }
                ],
            }
        ],
    }  # fmt: skip
    assert "| pr\\_auc | 0.82 |  |  |" in text
    assert "*Not evaluated: needs a record of training.*" in text
    assert "**Nested search**: not evaluated: needs" in text
    assert "<em>fraud</em>" in shown
    assert ">Evaluation</h" in shown


def test_a_dataset_says_what_its_tables_look_like(team: Team, author: User) -> None:
    dataset = factories.artifact(team, author, Kind.DATASET, name="wine")
    actions.set_contract(dataset, TERMS, by=author)
    version = factories.checked(dataset, author, {"wine.csv": b"a,b|c\n1,<b>x\n-2,\n"})
    actions.declare(dataset, target="a", by=author)

    text = card(author, version)

    assert front(text)["size_categories"] == ["n<1K"]
    assert front(text)["dataset_info"] == {
        "features": [{"name": "a", "dtype": "int64"}, {"name": "b|c", "dtype": "string"}],
        "splits": [{"name": "all", "num_examples": 2}],
    }
    assert "| a | integer | 0 % | target |" in text
    assert "| b\\|c | text | 50 % |  |" in text
    assert "<b>x" not in text
    assert "Contract 1, made by mara on " in text
    assert "- high: `wine.csv`: b is not there: the contract asks for it." in text


def test_a_version_is_not_clean_before_its_checks_have_finished(waiting: Version, author: User) -> None:
    assert "*Not evaluated: needs a frozen version whose checks have finished.*" in card(author, waiting)


def test_names_keep_to_their_place() -> None:
    assert plain("a|b\n# <i>*x*") == "a\\|b \\# \\<i\\>\\*x\\*"


def test_a_card_says_what_only_people_know_and_what_they_do_not_say(clean: Version, author: User) -> None:
    page = Client()
    page.force_login(author)
    address = f"/{clean.artifact.label}/edit/"
    rest = {
        "description": "## Ethics\n\nNobody.\n\n## Upkeep\n",
        "tags": "",
        "licence": "",
        "owner": author.username,
    }

    sent = page.post(address, {**rest, "card.limits": "Adults only.", "card.ethics": "May **deny** loans."})
    answer = Caller(author).patch(
        clean.artifact.label, {"card": {"ethics": "", "oversight": "A clerk looks."}}
    )
    wrong = Caller(author).patch(clean.artifact.label, {"card": {"collection": "By hand."}})
    text = card(author, Version.objects.get(pk=clean.pk))

    assert (sent.status_code, wrong.status_code) == (302, 400)
    assert answer.json()["card"] == {"limits": "Adults only.", "oversight": "A clerk looks."}
    assert wrong.json()["detail"].startswith("A card of a model has no field collection: intended_use")
    assert "## Limits\n\nAdults only.\n" in text
    assert "*Not said: Intended use, Out of scope, Upkeep.*" in text
    assert "Adults only." in page.get(address).content.decode()
