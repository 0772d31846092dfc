"""A token may be for one team, and decides and manages only where that was ticked. Those that are there keep
everything that their owner may."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0009_whose_approval_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='token',
            name='team',
            field=models.ForeignKey(blank=True, help_text='Empty for every team of its owner.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.team'),
        ),
        migrations.AddField(
            model_name='token',
            name='approve',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='token',
            name='waive',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='token',
            name='manage',
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
