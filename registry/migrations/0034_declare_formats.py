"""Columns whose values have one form in all sources are declared."""

import django.contrib.postgres.fields
from django.db import migrations, models

from governance.names import check_text


class Migration(migrations.Migration):
    dependencies = [("registry", "0033_versions_are_found_by_number")]

    operations = [
        migrations.AddField(
            model_name="declaration",
            name="formats",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200, validators=[check_text]),
                blank=True,
                default=list,
                db_default=[],
                size=100,
            ),
        ),
    ]
