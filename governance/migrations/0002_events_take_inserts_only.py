"""The trail refuses UPDATE, DELETE and TRUNCATE, whoever asks through this database role."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_to_change_the_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail takes new events only: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_rows_stay BEFORE UPDATE OR DELETE ON governance_event
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_trail();
CREATE TRIGGER event_table_stays BEFORE TRUNCATE ON governance_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_trail();
"""

ALLOW = """
DROP TRIGGER event_rows_stay ON governance_event;
DROP TRIGGER event_table_stays ON governance_event;
DROP FUNCTION refuse_to_change_the_trail();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
