"""What looks for personal data is called as the questions call it: pii_scan. Findings, waivers and triage go along."""

from django.db import migrations

BEFORE, AFTER = "personal_data", "pii_scan"


def rename(before, after):
    def run(apps, schema_editor):
        for model in ("Finding", "Waiver", "Triage"):
            apps.get_model("registry", model).objects.filter(check_name=before).update(check_name=after)

    return run


class Migration(migrations.Migration):
    dependencies = [("registry", "0037_words_of_names")]

    operations = [migrations.RunPython(rename(BEFORE, AFTER), rename(AFTER, BEFORE))]
