"""What only people know of an artifact, by fields of its card."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0038_call_what_scans_for_personal_data_pii_scan")]

    operations = [
        migrations.AddField(
            model_name="artifact",
            name="card",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, help_text="What only people know, by fields of a card."
            ),
        ),
    ]
