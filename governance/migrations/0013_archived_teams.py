"""A team can be archived: then it is read-only."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0012_accounts_close'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='archived_at',
            field=models.DateTimeField(blank=True, help_text='Since when it is read-only; empty while it is not.', null=True),
        ),
    ]
