"""Files that people put into runs as evidence."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kb', '0018_weeks_that_were_told'),
        ('registry', '0039_fields_of_a_card'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RunFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=60)),
                ('need', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('outcome', models.CharField(blank=True, choices=[('clean', 'clean'), ('blocked', 'blocked'), ('failed', 'failed')], max_length=10)),
                ('issues', models.JSONField(blank=True, default=list)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.blob')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='kb.run')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('outcome', '')), fields=['added_at'], name='run_file_waiting')],
            },
        ),
    ]
