"""Look for a finding by version, path and name: an index of the version alone leads through all of 5,000."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0040_findings_by_path_and_name"),
    ]

    operations = [
        migrations.AlterField(
            model_name="finding",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="findings",
                to="registry.version",
            ),
        ),
    ]
