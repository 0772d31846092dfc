"""What several people searched for in vain is asked for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0018_followers'),
        ('kb', '0010_collections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Wanted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200)),
                ('people', models.PositiveIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('dismissed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.team')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['team', '-id'], name='wanted_and_open')],
                'constraints': [models.UniqueConstraint(fields=('team', 'text'), name='one_wish_of_a_text'), models.CheckConstraint(condition=models.Q(('dismissed_by', None), ('closed_at__isnull', False), _connector='OR'), name='what_is_dismissed_is_closed')],
            },
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['reach', '-updated_at', '-id'], name='article_by_reach'),
        ),
    ]
