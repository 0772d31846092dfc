"""Articles that say nearly the same are kept as pairs."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kb', '0013_break_glass'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sketch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('bands', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sketch', to='kb.article')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['bands'], name='sketch_by_band')],
            },
        ),
        migrations.CreateModel(
            name='Twins',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('likeness', models.FloatField(help_text='From 0 to 1: of their shingles of five words, those that both have.')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kb.article')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kb.article')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('one', 'other'), name='one_pair_of_two_articles'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='the_older_of_two_first')],
            },
        ),
    ]
