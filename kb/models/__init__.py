"""What a team knows: articles, decisions, playbooks and their runs."""

from kb.models.articles import Article, ArticleVersion, Draft, Reference
from kb.models.attachments import Attachment
from kb.models.decisions import Decision
from kb.models.playbooks import PlaybookVersion
from kb.models.runs import Entry, Run, RunPerson
from kb.models.talk import Comment, Miss
from kb.models.words import Word

__all__ = [
    "Article",
    "ArticleVersion",
    "Attachment",
    "Comment",
    "Decision",
    "Draft",
    "Entry",
    "Miss",
    "PlaybookVersion",
    "Reference",
    "Run",
    "RunPerson",
    "Word",
]
