"""What was put into a run, and the text that it pinned, stay as they are."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_to_change_what_a_run_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was written stays: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER entry_rows_stay BEFORE UPDATE OR DELETE ON kb_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_what_a_run_holds();
CREATE TRIGGER playbook_rows_stay BEFORE UPDATE OR DELETE ON kb_playbookversion
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_what_a_run_holds();
"""

ALLOW = """
DROP TRIGGER playbook_rows_stay ON kb_playbookversion;
DROP TRIGGER entry_rows_stay ON kb_entry;
DROP FUNCTION refuse_to_change_what_a_run_holds();
"""


class Migration(migrations.Migration):
    dependencies = [("kb", "0003_comments_and_misses")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
