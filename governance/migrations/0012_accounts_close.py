"""A session of before an account was closed never opens it again; requests of who left are withdrawn."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0011_service_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='times_closed',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Sessions of before do not open it after it was closed.'),
        ),
        migrations.AlterField(
            model_name='approval',
            name='outcome',
            field=models.CharField(blank=True, choices=[('rejected', 'rejected'), ('void', 'void'), ('used', 'used'), ('withdrawn', 'withdrawn')], help_text='Why it is closed; empty while it is open.', max_length=10),
        ),
    ]
