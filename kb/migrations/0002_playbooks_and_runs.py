"""Texts of playbooks, and the runs that pin them."""

import django.db.models.deletion
import governance.names
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kb', '0001_articles_and_decisions'),
        ('governance', '0018_followers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaybookVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('number', models.PositiveIntegerField(default=0)),
                ('text', models.TextField(max_length=200000, validators=[governance.names.check_text])),
                ('digest', models.CharField(max_length=64)),
                ('based_on', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=500, validators=[governance.names.check_text])),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='playbooks', to='governance.team')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=400)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('note', models.TextField(blank=True, max_length=2000, validators=[governance.names.check_text])),
                ('confidential', models.BooleanField(default=False)),
                ('trigger', models.CharField(blank=True, help_text='What started it, so that it does once.', max_length=300)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('done', 'done'), ('cancelled', 'cancelled')], help_text='Why it is closed; empty while it is open.', max_length=10)),
                ('reason', models.TextField(blank=True, max_length=2000, validators=[governance.names.check_text])),
                ('told', models.JSONField(blank=True, default=list)),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='kb.playbookversion')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='governance.team')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('statement', 'statement'), ('number', 'number'), ('choice', 'choice'), ('bind', 'bind'), ('accept', 'accept'), ('waiver', 'waiver'), ('comment', 'comment'), ('change', 'change')], max_length=12)),
                ('step', models.CharField(blank=True, max_length=60)),
                ('need', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('text', models.TextField(blank=True, max_length=5000, validators=[governance.names.check_text])),
                ('number', models.FloatField(blank=True, null=True)),
                ('label', models.CharField(blank=True, max_length=400)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='kb.run')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RunPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=30)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='kb.run')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='playbookversion',
            constraint=models.UniqueConstraint(condition=models.Q(('team', None)), fields=('code', 'digest'), name='one_shipped_text_of_a_digest'),
        ),
        migrations.AddConstraint(
            model_name='playbookversion',
            constraint=models.UniqueConstraint(condition=models.Q(('team__isnull', False)), fields=('team', 'code', 'number'), name='one_number_of_a_teams_playbook'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['subject'], name='run_open_by_subject'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['subject', '-id'], name='run_by_subject'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['team', '-id'], name='run_by_team'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='a_run_is_closed_with_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None), models.Q(('trigger', ''), _negated=True)), fields=('trigger',), name='one_open_run_of_a_trigger'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['run', 'id'], name='entry_by_run'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'waiver'), _negated=True), models.Q(('ends_at__gt', models.F('at')), models.Q(('text', ''), _negated=True)), _connector='OR'), name='a_step_is_waived_for_a_reason_until_a_day'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'number'), _negated=True), ('number__isnull', False), _connector='OR'), name='a_number_is_a_number'),
        ),
        migrations.AddIndex(
            model_name='runperson',
            index=models.Index(fields=['user', 'run'], name='run_by_person'),
        ),
        migrations.AddConstraint(
            model_name='runperson',
            constraint=models.UniqueConstraint(fields=('run', 'role', 'user'), name='one_part_of_a_person_in_a_run'),
        ),
    ]
