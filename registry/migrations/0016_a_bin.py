"""Artifacts and drafts lie in a bin before they are gone. From nowhere else what is fixed vanishes."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FROM_THE_BIN = """
CREATE OR REPLACE FUNCTION refuse_to_change_frozen_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row registry_file%ROWTYPE := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF EXISTS (SELECT 1 FROM registry_version WHERE submitted_at IS NOT NULL
               AND (id = row.version_id OR (TG_OP = 'UPDATE' AND id = OLD.version_id))
               AND NOT (TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM registry_artifact
                        WHERE id = registry_version.artifact_id AND deleted_at IS NOT NULL))) THEN
        RAISE EXCEPTION 'The files of a frozen version do not change.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN row;
END $$;

CREATE FUNCTION refuse_to_delete_frozen_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM registry_artifact WHERE id = OLD.artifact_id AND deleted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'A frozen version is not deleted.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER frozen_versions_are_not_deleted BEFORE DELETE ON registry_version
    FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION refuse_to_delete_frozen_versions();

CREATE OR REPLACE FUNCTION refuse_to_change_records() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND
        (OLD.version_id, OLD.kind, OLD.data, OLD.digest, OLD.by_id, OLD.at)
        IS NOT DISTINCT FROM
        (NEW.version_id, NEW.kind, NEW.data, NEW.digest, NEW.by_id, NEW.at)
    THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM registry_version JOIN registry_artifact ON registry_artifact.id = artifact_id
        WHERE registry_version.id = OLD.version_id
        AND (registry_version.deleted_at IS NOT NULL OR registry_artifact.deleted_at IS NOT NULL))
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'A record does not change: it may be withdrawn, once.'
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
NEVER = """
DROP TRIGGER frozen_versions_are_not_deleted ON registry_version;
DROP FUNCTION refuse_to_delete_frozen_versions();
CREATE OR REPLACE FUNCTION refuse_to_change_records() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND
        (OLD.version_id, OLD.kind, OLD.data, OLD.digest, OLD.by_id, OLD.at)
        IS NOT DISTINCT FROM
        (NEW.version_id, NEW.kind, NEW.data, NEW.digest, NEW.by_id, NEW.at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A record does not change: it may be withdrawn, once.'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE FUNCTION refuse_to_change_frozen_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row registry_file%ROWTYPE := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF EXISTS (SELECT 1 FROM registry_version WHERE submitted_at IS NOT NULL
               AND (id = row.version_id OR (TG_OP = 'UPDATE' AND id = OLD.version_id))) THEN
        RAISE EXCEPTION 'The files of a frozen version do not change.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN row;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0008_how_many_approvals"),
        ("registry", "0015_legal_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="artifact",
            name="deleted_at",
            field=models.DateTimeField(blank=True, help_text="Since when it lies in the bin.", null=True),
        ),
        migrations.AddField(
            model_name="artifact",
            name="last_number",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="Of purged drafts: a number is given once."
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="deleted_at",
            field=models.DateTimeField(blank=True, help_text="Of a draft that lies in the bin.", null=True),
        ),
        migrations.CreateModel(
            name="Deletion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "artifact",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deletion",
                        to="registry.artifact",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.team"
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deletion",
                        to="registry.version",
                    ),
                ),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.AddConstraint(
            model_name="deletion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("artifact", None), ("version__isnull", False)),
                    models.Q(("artifact__isnull", False), ("version", None)),
                    _connector="OR",
                ),
                name="one_thing_was_deleted",
            ),
        ),
        migrations.RunSQL(FROM_THE_BIN, NEVER),
    ]
