"""What is searched is folded in a way that takes no time for long texts: the columns are made anew."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from kb.models.folding import Folded

SearchVector = django.contrib.postgres.search.SearchVector


def column(*parts):
    expression = None
    for weight, *fields in parts:
        one = SearchVector(*map(Folded, fields), config="english", weight=weight)
        expression = one if expression is None else expression + one
    field = django.contrib.postgres.search.SearchVectorField()
    return models.GeneratedField(db_persist=True, expression=expression, output_field=field)


class Migration(migrations.Migration):

    dependencies = [("kb", "0004_entries_stay")]

    operations = [
        migrations.RemoveIndex("article", "article_by_word"),
        migrations.RemoveField("article", "search"),
        migrations.AddField("article", "search", column(("A", "title"), ("B", "headings"), ("D", "text"))),
        migrations.AddIndex(
            "article", django.contrib.postgres.indexes.GinIndex(fields=["search"], name="article_by_word")
        ),
        migrations.RemoveIndex("decision", "decision_by_word"),
        migrations.RemoveField("decision", "search"),
        migrations.AddField(
            "decision",
            "search",
            column(("A", "title"), ("B", "choice"), ("D", "context", "options", "consequences")),
        ),
        migrations.AddIndex(
            "decision", django.contrib.postgres.indexes.GinIndex(fields=["search"], name="decision_by_word")
        ),
    ]
