"""Who leaves a team hands over their articles."""

from __future__ import annotations

from governance import access, audit
from governance.errors import Invalid
from governance.leaving import belonging
from governance.models import Team, User
from kb.actions.articles import kept_about
from kb.models import Article


def own(team: Team, user: User) -> list[str]:
    """The labels of the articles of a team that are this person's."""
    rows = Article.objects.filter(team=team, owner=user).select_related("team").defer("text", "search")
    return [article.label for article in rows.order_by("slug")]


def hand_over(team: Team, user: User, *, to: User, by: User) -> None:
    """Each gets its new owner, with an event of its own; whose backup they were has none."""
    if access.role_objection(to, "article.edit", team) is not None:
        sentence = f"{to.username} may not write articles of {team.slug}, so cannot answer for one."
        raise Invalid(sentence, errors={"hand_over_to": [sentence]})
    closed = Article.objects.filter(team=team, owner=user).exclude(pk__in=Article.objects.visible_to(to))
    if closed.exists():
        sentence = (
            f"{to.username} may not read a closed collection of theirs: name them in it, or choose a steward."
        )
        raise Invalid(sentence, errors={"hand_over_to": [sentence]})
    rows = Article.objects.select_for_update(of=("self",)).select_related(
        "team", "owner", "backup", "collection__team"
    )
    for article in rows.defer("text", "search").filter(team=team, owner=user).order_by("pk"):
        before = kept_about(article)
        article.owner = to
        article.backup = None if article.backup == to else article.backup
        article.save(update_fields=["owner", "backup"])
        audit.record("article.edit", article, by=by, before=before, after=kept_about(article))


belonging(own, hand_over)
