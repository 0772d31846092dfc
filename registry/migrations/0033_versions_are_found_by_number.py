"""One index less of versions: the one by artifact and number finds those of an artifact, too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0032_find_the_worst_findings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='version',
            name='artifact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='registry.artifact'),
        ),
    ]
