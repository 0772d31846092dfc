"""Of a pair of articles somebody may say that they are not the same."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kb', '0019_files_of_runs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='twins',
            name='apart_at',
            field=models.DateTimeField(blank=True, help_text='When somebody said that they are not the same.', null=True),
        ),
        migrations.AddField(
            model_name='twins',
            name='apart_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
