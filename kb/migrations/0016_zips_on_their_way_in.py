"""Zips of Markdown that were sent by page, until they are taken in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0018_followers'),
        ('kb', '0015_entries_follow_names'),
        ('registry', '0039_fields_of_a_card'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('plan', models.JSONField(blank=True, null=True)),
                ('problem', models.TextField(blank=True, help_text='Why it cannot be taken in at all.')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('taken', models.PositiveIntegerField(default=0)),
                ('done', models.JSONField(blank=True, default=dict, help_text='How many were added, changed and so on.')),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.blob')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='governance.team')),
            ],
            options={
                'indexes': [models.Index(fields=['by', '-id'], name='import_by_person'), models.Index(condition=models.Q(('finished_at', None)), fields=['at'], name='import_open')],
            },
        ),
    ]
