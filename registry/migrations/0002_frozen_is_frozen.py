"""A frozen version keeps its files, its digest and its number, at the storage layer too."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION refuse_to_change_frozen_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row registry_file%ROWTYPE := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF EXISTS (SELECT 1 FROM registry_version WHERE submitted_at IS NOT NULL
               AND (id = row.version_id OR (TG_OP = 'UPDATE' AND id = OLD.version_id))) THEN
        RAISE EXCEPTION 'The files of a frozen version do not change.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN row;
END $$;
CREATE TRIGGER frozen_files_stay BEFORE INSERT OR UPDATE OR DELETE ON registry_file
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_frozen_files();

CREATE FUNCTION refuse_to_change_frozen_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.digest, OLD.submitted_at, OLD.number, OLD.artifact_id, OLD.file_count, OLD.size, OLD.added_by_id)
        IS DISTINCT FROM
       (NEW.digest, NEW.submitted_at, NEW.number, NEW.artifact_id, NEW.file_count, NEW.size, NEW.added_by_id)
    THEN
        RAISE EXCEPTION 'A frozen version does not change.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen_versions_stay BEFORE UPDATE ON registry_version
    FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION refuse_to_change_frozen_versions();
"""

THAW = """
DROP TRIGGER frozen_files_stay ON registry_file;
DROP TRIGGER frozen_versions_stay ON registry_version;
DROP FUNCTION refuse_to_change_frozen_files();
DROP FUNCTION refuse_to_change_frozen_versions();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
