"""That an article holds, or is put away, is said by who answers for it."""

from __future__ import annotations

from governance import access
from governance.access import Objection, policy
from governance.models import User
from kb.models import Article


@policy("article.verify", "article.archive", "article.unarchive")
def answers_for_article(person: User, article: Article, **_: object) -> Objection | None:
    """Its owner, their backup, and the stewards of the team."""
    if person.pk in (article.owner_id, article.backup_id):
        return None
    if access.role_objection(person, "finding.waive", article) is None:
        return None
    backup = f" or {article.backup}" if article.backup else ""
    return Objection(
        f"Only {article.owner}{backup}, or a steward, may do this.",
        f"ask {article.owner} or a steward.",
        who=access.able(article, "finding.waive"),
    )
