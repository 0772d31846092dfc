"""Find the runs to which something was bound: after each event about a thing they are asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0021_files_of_imports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("kind", "bind")),
                fields=["label"],
                name="entry_bound_by_label",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
    ]
