"""A draft may say under which digest it will be frozen: so a push that was cut off finds it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_the_end_of_a_waiver")]

    operations = [
        migrations.AddField(
            model_name="version",
            name="announced",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
