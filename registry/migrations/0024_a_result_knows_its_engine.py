"""A result says by which code its check judged. Numbers that people had to raise are not read any more: their
column stays for older code."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0023_signatures_of_models'),
    ]

    operations = [
        migrations.AddField(
            model_name='checkresult',
            name='engine_version',
            field=models.CharField(blank=True, db_default='', default='', help_text='Of the code by which it judged.', max_length=16),
        ),
        migrations.AlterField(
            model_name='checkresult',
            name='revision',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name='checkresult', name='revision')],
        ),
    ]
