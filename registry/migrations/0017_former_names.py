"""Artifacts may be renamed: what they were called leads to them and stays theirs."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_a_bin")]

    operations = [
        migrations.AddField(
            model_name="artifact",
            name="first_name",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="Once it was renamed.", max_length=100
            ),
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("model", "Model"), ("dataset", "Dataset"), ("asset", "Asset")], max_length=10
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("until", models.DateTimeField()),
                (
                    "artifact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_names",
                        to="registry.artifact",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.team"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="formername",
            constraint=models.UniqueConstraint(
                models.F("team"),
                models.F("kind"),
                django.db.models.functions.text.Lower("name"),
                name="one_former_name_whatever_its_case",
            ),
        ),
    ]
