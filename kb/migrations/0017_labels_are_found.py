"""Labels are searched too."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from kb.models.folding import Folded, Joined, Titled

SearchVector = django.contrib.postgres.search.SearchVector
JOINED = """
    CREATE FUNCTION kb_joined(varchar[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT array_to_string($1, ' ') $$
"""


class Migration(migrations.Migration):

    dependencies = [("kb", "0016_zips_on_their_way_in")]

    operations = [
        migrations.RunSQL(JOINED, "DROP FUNCTION kb_joined(varchar[])"),
        migrations.RemoveIndex("article", "article_by_word"),
        migrations.RemoveIndex("article", "article_by_title_word"),
        migrations.RemoveField("article", "search"),
        migrations.AddField(
            "article",
            "search",
            models.GeneratedField(
                db_persist=True,
                expression=SearchVector(Folded("title"), weight="A", config="english")
                + SearchVector(Folded("headings"), weight="B", config="english")
                + SearchVector(Joined("labels"), weight="C", config="english")
                + SearchVector(Folded("text"), weight="D", config="english"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "article", django.contrib.postgres.indexes.GinIndex(fields=["search"], name="article_by_word")
        ),
        migrations.AddIndex(
            "article",
            django.contrib.postgres.indexes.GinIndex(Titled("search"), name="article_by_title_word"),
        ),
    ]
