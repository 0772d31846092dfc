"""Find the newest versions of all: home shows ten, and sorted all that one may see for them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0041_findings_by_version_path_and_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="version",
            index=models.Index(fields=["-submitted_at", "-id"], name="version_by_time_of_freezing"),
        ),
    ]
