"""Looking into confidential runs takes two; a run says itself that it is to be looked at."""

import datetime
import django.db.models.deletion
import django.db.models.expressions
import governance.names
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0018_followers'),
        ('kb', '0012_readers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Glass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(max_length=2000, validators=[governance.names.check_text])),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='run',
            name='stirred',
            field=models.BooleanField(db_default=False, default=False, help_text='Whether to look at what is proved.'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(condition=models.Q(('closed_at', None), ('stirred', True)), fields=['id'], name='run_stirred'),
        ),
        migrations.AddField(
            model_name='glass',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='glass',
            name='opened_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='glass',
            name='refused_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='glass',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='glasses', to='kb.run'),
        ),
        migrations.AddConstraint(
            model_name='glass',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_at', None), ('opened_at', None), ('opened_by', None)), models.Q(('ends_at__lte', django.db.models.expressions.CombinedExpression(models.F('opened_at'), '+', models.Value(datetime.timedelta(days=1)))), ('opened_by__isnull', False), ('refused_at', None), models.Q(('opened_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='a_glass_is_opened_by_another_for_a_day'),
        ),
        migrations.AddConstraint(
            model_name='glass',
            constraint=models.UniqueConstraint(condition=models.Q(('opened_at', None), ('refused_at', None)), fields=('run',), name='one_glass_waits_for_a_run'),
        ),
    ]
