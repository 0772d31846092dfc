"""An artifact may be archived: nothing new comes, and lists leave it out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_former_names")]

    operations = [
        migrations.AddField(
            model_name="artifact",
            name="archived_at",
            field=models.DateTimeField(blank=True, help_text="Since when nothing new comes.", null=True),
        ),
    ]
