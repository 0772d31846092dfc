"""Find what other checks say of the same thing by where it is and what it is called; no less is unique."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0039_fields_of_a_card")]

    operations = [
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                fields=("version", "path", "name", "check_name"), name="one_finding_of_a_path_name_and_check"
            ),
        ),
        migrations.RemoveConstraint(model_name="finding", name="one_finding_per_check_path_and_name"),
    ]
