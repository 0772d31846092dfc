"""Declarations: what the columns of a dataset are."""

import django.contrib.postgres.fields
import django.db.models.deletion
import governance.names
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0026_profiles_of_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('target', models.CharField(blank=True, max_length=200, validators=[governance.names.check_text])),
                ('split', models.CharField(blank=True, max_length=200, validators=[governance.names.check_text])),
                ('group', models.CharField(blank=True, max_length=200, validators=[governance.names.check_text])),
                ('time', models.CharField(blank=True, max_length=200, validators=[governance.names.check_text])),
                ('source', models.CharField(blank=True, max_length=200, validators=[governance.names.check_text])),
                ('personal', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200, validators=[governance.names.check_text]), blank=True, default=list, size=100)),
                ('quasi_identifiers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200, validators=[governance.names.check_text]), blank=True, default=list, size=100)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('artifact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='declarations', to='registry.artifact')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('artifact', 'number'), name='one_declaration_per_number')],
            },
        ),
    ]
