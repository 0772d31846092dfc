"""An artifact may be on legal hold: then nothing of it vanishes, at the storage layer too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HOLD = """
CREATE FUNCTION refuse_to_lose_what_is_held() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    artifact bigint;
BEGIN
    IF TG_TABLE_NAME = 'registry_file' THEN
        SELECT artifact_id INTO artifact FROM registry_version WHERE id = OLD.version_id;
    ELSIF TG_TABLE_NAME = 'registry_version' THEN
        artifact := OLD.artifact_id;
    ELSE
        artifact := OLD.id;
    END IF;
    IF EXISTS (SELECT 1 FROM registry_artifact WHERE id = artifact AND held_at IS NOT NULL) THEN
        RAISE EXCEPTION 'What is on legal hold stays.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER held_artifacts_stay BEFORE DELETE ON registry_artifact
    FOR EACH ROW EXECUTE FUNCTION refuse_to_lose_what_is_held();
CREATE TRIGGER held_versions_stay BEFORE DELETE ON registry_version
    FOR EACH ROW EXECUTE FUNCTION refuse_to_lose_what_is_held();
CREATE TRIGGER held_files_stay BEFORE DELETE ON registry_file
    FOR EACH ROW EXECUTE FUNCTION refuse_to_lose_what_is_held();
CREATE TRIGGER held_files_keep_their_bytes BEFORE UPDATE OF blob_id ON registry_file
    FOR EACH ROW WHEN (OLD.blob_id IS DISTINCT FROM NEW.blob_id)
    EXECUTE FUNCTION refuse_to_lose_what_is_held();
"""
LET_GO = """
DROP TRIGGER held_artifacts_stay ON registry_artifact;
DROP TRIGGER held_versions_stay ON registry_version;
DROP TRIGGER held_files_stay ON registry_file;
DROP TRIGGER held_files_keep_their_bytes ON registry_file;
DROP FUNCTION refuse_to_lose_what_is_held();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0014_restricted_datasets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="artifact",
            name="held_at",
            field=models.DateTimeField(blank=True, help_text="Since when it is on legal hold.", null=True),
        ),
        migrations.AddField(
            model_name="artifact",
            name="held_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="artifact",
            name="held_reason",
            field=models.TextField(blank=True, db_default="", default="", max_length=2000),
        ),
        migrations.AddConstraint(
            model_name="artifact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_at", None), ("held_by", None), ("held_reason", "")),
                    models.Q(
                        ("held_at__isnull", False),
                        ("held_by__isnull", False),
                        models.Q(("held_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="held_by_somebody_for_a_reason",
            ),
        ),
        migrations.RunSQL(HOLD, LET_GO),
    ]
