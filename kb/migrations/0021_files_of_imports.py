"""How many files an import has, so that a list says it without the plan."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kb', '0020_twins_that_are_not'),
    ]

    operations = [
        migrations.AddField(
            model_name='import',
            name='files',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('plan'), function='jsonb_array_length'), output_field=models.PositiveIntegerField(null=True)),
        ),
    ]
