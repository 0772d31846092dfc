"""A service account has a team and somebody who answers for it, and nobody signs in by it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0010_reach_of_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='user',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='governance.team'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_by', None), ('team', None)), models.Q(('answered_by__isnull', False), ('is_superuser', False), ('password__startswith', '!'), ('team__isnull', False)), _connector='OR'), name='a_service_account_has_a_team_and_no_password'),
        ),
        migrations.AddField(
            model_name='token',
            name='made_by',
            field=models.ForeignKey(blank=True, help_text='Who knows it, when it is of a service account.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='answered_by',
            field=models.ForeignKey(blank=True, help_text='Who answered for the service account that asked, then.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
