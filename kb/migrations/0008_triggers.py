"""Triggers of playbooks and what each started; a run may close itself."""

import django.core.validators
import django.db.models.deletion
import governance.names
import kb.models.triggers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0018_followers'),
        ('kb', '0007_attachments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='run',
            name='outcome',
            field=models.CharField(blank=True, choices=[('done', 'done'), ('cancelled', 'cancelled'), ('passed', 'passed')], help_text='Why it is closed, passed when what started it has passed; empty while it is open.', max_length=10),
        ),
        migrations.CreateModel(
            name='Trigger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('playbook', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('check', 'a failed check'), ('event', 'an event'), ('schedule', 'a schedule')], max_length=10)),
                ('action', models.CharField(blank=True, max_length=60)),
                ('check_name', models.CharField(blank=True, max_length=60)),
                ('about', models.CharField(blank=True, max_length=400, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9._/*-]*\\Z', 'Write a label, such as models/team/name; * stands for any part of it.'), kb.models.triggers.few_stars])),
                ('every_days', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)])),
                ('window_hours', models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(720)])),
                ('most_open', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)])),
                ('note', models.CharField(blank=True, max_length=500, validators=[governance.names.check_text])),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('on_at', models.DateTimeField(blank=True, null=True)),
                ('held_at', models.DateTimeField(blank=True, null=True)),
                ('held_why', models.CharField(blank=True, max_length=300)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='triggers', to='governance.team')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Firing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=400)),
                ('window', models.BigIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('event', models.BigIntegerField(blank=True, null=True)),
                ('said', models.CharField(blank=True, max_length=300)),
                ('passes', models.PositiveSmallIntegerField(default=0)),
                ('passed_at', models.DateTimeField(blank=True, null=True)),
                ('passed_by', models.BigIntegerField(default=0)),
                ('run', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='started_from', to='kb.run')),
                ('trigger', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='firings', to='kb.trigger')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='TriggerPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=30)),
                ('trigger', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='kb.trigger')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='trigger',
            index=models.Index(condition=models.Q(('on_at__isnull', False)), fields=['team', 'kind'], name='trigger_at_work'),
        ),
        migrations.AddConstraint(
            model_name='trigger',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('check_name', ''), ('every_days', None), ('kind', 'event'), models.Q(('action', ''), _negated=True)), models.Q(('action', ''), ('every_days', None), ('kind', 'check'), models.Q(('check_name', ''), _negated=True)), models.Q(('action', ''), ('check_name', ''), ('every_days__gte', 1), ('kind', 'schedule'), models.Q(('about', ''), _negated=True)), _connector='OR'), name='a_trigger_has_one_cause'),
        ),
        migrations.AddConstraint(
            model_name='trigger',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_at', None), ('held_why', '')), models.Q(('held_at__isnull', False), models.Q(('held_why', ''), _negated=True)), _connector='OR'), name='a_trigger_is_held_for_a_reason'),
        ),
        migrations.AddIndex(
            model_name='firing',
            index=models.Index(fields=['trigger', '-at'], name='firing_by_time'),
        ),
        migrations.AddConstraint(
            model_name='firing',
            constraint=models.UniqueConstraint(fields=('trigger', 'subject', 'window'), name='one_firing_of_a_trigger_in_a_window'),
        ),
        migrations.AddConstraint(
            model_name='firing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('run__isnull', False), ('said', '')), models.Q(('run', None), models.Q(('said', ''), _negated=True)), _connector='OR'), name='a_firing_has_a_run_or_says_why_not'),
        ),
        migrations.AddConstraint(
            model_name='triggerperson',
            constraint=models.UniqueConstraint(fields=('trigger', 'role', 'user'), name='one_part_in_a_trigger'),
        ),
    ]
