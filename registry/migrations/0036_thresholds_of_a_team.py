"""Thresholds of checks of quality that a team has set otherwise, beside its gates."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0035_evaluations'),
    ]

    operations = [
        migrations.AddField(
            model_name='gaterequest',
            name='thresholds',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='Of checks of quality, where they are not the usual ones.'),
        ),
        migrations.AddField(
            model_name='gatesettings',
            name='thresholds',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='Of checks of quality, where they are not the usual ones.'),
        ),
    ]
