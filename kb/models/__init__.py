"""What a team knows: articles, decisions, playbooks and their runs."""

from kb.models.articles import Article, ArticleVersion, Draft, Reference
from kb.models.decisions import Decision
from kb.models.playbooks import PlaybookVersion
from kb.models.runs import Entry, Run, RunPerson

__all__ = [
    "Article",
    "ArticleVersion",
    "Decision",
    "Draft",
    "Entry",
    "PlaybookVersion",
    "Reference",
    "Run",
    "RunPerson",
]
