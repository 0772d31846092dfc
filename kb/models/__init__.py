"""What a team knows: articles, decisions, playbooks, their runs and what starts them."""

from kb.models.articles import Article, ArticleVersion, Draft, Reference
from kb.models.attachments import Attachment
from kb.models.collections import Collection, CollectionPerson
from kb.models.decisions import Decision
from kb.models.followups import FollowUp
from kb.models.glass import Glass
from kb.models.imports import Import
from kb.models.playbooks import PlaybookVersion
from kb.models.readers import Acknowledgement, Rating, Reading, Watch
from kb.models.run_files import RunFile
from kb.models.runs import Entry, Run, RunPerson
from kb.models.talk import Comment, Miss, Wanted
from kb.models.triggers import Firing, Trigger, TriggerPerson
from kb.models.twins import Sketch, Twins
from kb.models.weeks import Week
from kb.models.words import Word

__all__ = [
    "Acknowledgement",
    "Article",
    "ArticleVersion",
    "Attachment",
    "Collection",
    "CollectionPerson",
    "Comment",
    "Decision",
    "Draft",
    "Entry",
    "Firing",
    "FollowUp",
    "Glass",
    "Import",
    "Miss",
    "PlaybookVersion",
    "Rating",
    "Reading",
    "Reference",
    "Run",
    "RunFile",
    "RunPerson",
    "Sketch",
    "Trigger",
    "TriggerPerson",
    "Twins",
    "Wanted",
    "Watch",
    "Week",
    "Word",
]
