"""Words of titles have an index of their own, and words of articles a table: those that are there are counted."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import kb.models.folding
from django.conf import settings
from django.db import migrations, models

COUNTED = r"""
    INSERT INTO kb_word (team_id, word, titled, articles)
    SELECT team_id, lexeme, bool_or(weights && '{A,B}'), count(*) FROM kb_article, unnest(search)
    WHERE archived_at IS NULL AND lexeme ~ '^[^\W\d_]{3,40}$' GROUP BY team_id, lexeme
"""


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0018_followers'),
        ('kb', '0005_fold_quickly'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40)),
                ('titled', models.BooleanField(help_text='Whether it stands in a title or in headings.')),
                ('articles', models.PositiveIntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.AddIndex(
            model_name='article',
            index=django.contrib.postgres.indexes.GinIndex(kb.models.folding.Titled('search'), name='article_by_title_word'),
        ),
        migrations.AddField(
            model_name='word',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='governance.team'),
        ),
        migrations.AddConstraint(
            model_name='word',
            constraint=models.UniqueConstraint(fields=('team', 'word'), name='one_row_of_a_word', opclasses=['int8_ops', 'varchar_pattern_ops']),
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
    ]
