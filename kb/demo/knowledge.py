"""What the demo's team wrote down: three articles, one of them stale, two in a collection, and a decision."""

from __future__ import annotations

from pathlib import Path

from governance.models import Team, User
from kb import actions
from kb.models import Article, Collection, Decision

TEXTS = Path(__file__).parent / "articles"
ARTICLES = {
    "what-went-wrong-with-version-2": ("What went wrong with version 2", ["review", "tumours"], False),
    "reading-tumour-scores": ("How to read the scores of tumours", ["tumours"], True),
    "pushing-a-model": ("Pushing a model", ["onboarding"], True),
}
SHELF, SHELVED = "tumour-screening", ("what-went-wrong-with-version-2", "reading-tumour-scores")
SKOPS = "Models are saved as skops, not as pickles"


def tell(team: Team, by: User) -> None:
    """Write what is not there yet."""
    shelf = Collection.objects.filter(team=team, slug=SHELF).first() or actions.add_collection(
        team, slug=SHELF, title="Tumour screening", by=by
    )
    for slug, (title, labels, holds) in ARTICLES.items():
        if not Article.objects.filter(team=team, slug=slug).exists():
            text = (TEXTS / f"{slug}.md").read_text()
            held = shelf if slug in SHELVED else None
            made = actions.add_article(
                team, slug=slug, title=title, labels=labels, text=text, collection=held, by=by
            )
            if holds:
                actions.verify_article(made, digest=made.digest, by=by)
    if not Decision.objects.filter(team=team, title=SKOPS).exists():
        actions.add_decision(
            team,
            title=SKOPS,
            context="A pickle runs code when it is loaded: see model:lab/digits-from-a-forum.",
            options="- Scan pickles\n- Save as ONNX, which some cannot\n- Save as skops",
            choice="skops, because everything that we train can be saved so, and loading it runs nothing.",
            consequences="model:lab/tumour-classifier@3 is the first one. Older versions stay as they are.",
            by=by,
        )
