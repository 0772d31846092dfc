"""Words of names have an index of their own."""

import django.contrib.postgres.indexes
import registry.models.artifacts
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0018_followers'),
        ('registry', '0036_thresholds_of_a_team'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='artifact',
            index=django.contrib.postgres.indexes.GinIndex(registry.models.artifacts.Called('search'), name='artifact_by_name_word'),
        ),
    ]
