"""What a team knows: articles and decisions."""

from kb.models.articles import Article, ArticleVersion, Draft, Reference
from kb.models.decisions import Decision

__all__ = ["Article", "ArticleVersion", "Decision", "Draft", "Reference"]
