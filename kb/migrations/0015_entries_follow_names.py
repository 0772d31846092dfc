"""What was put into a run stays, and so does which version it names when that is called otherwise."""

from django.db import migrations

FOLLOW = r"""
CREATE FUNCTION keep_what_a_run_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'label' = to_jsonb(OLD) - 'label'
        AND OLD.label ~ '^(models|datasets|assets)/'
        AND regexp_replace(NEW.label, '^([a-z]+/[^/]+/)[^/]+', '\1')
          = regexp_replace(OLD.label, '^([a-z]+/[^/]+/)[^/]+', '\1')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What was written stays: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER entry_rows_stay ON kb_entry;
CREATE TRIGGER entry_rows_stay BEFORE UPDATE OR DELETE ON kb_entry
    FOR EACH ROW EXECUTE FUNCTION keep_what_a_run_holds();
"""

STAY = """
DROP TRIGGER entry_rows_stay ON kb_entry;
CREATE TRIGGER entry_rows_stay BEFORE UPDATE OR DELETE ON kb_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_what_a_run_holds();
DROP FUNCTION keep_what_a_run_holds();
"""


class Migration(migrations.Migration):
    dependencies = [("kb", "0014_articles_that_say_the_same")]

    operations = [migrations.RunSQL(FOLLOW, STAY)]
