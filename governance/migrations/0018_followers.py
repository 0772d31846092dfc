"""Cursors of followers, and by which transaction an event came. Old events have none: nobody follows them, and
the column gets its default afterwards, so that no row is written anew."""

from django.db import migrations, models

import governance.models.events


class Migration(migrations.Migration):
    dependencies = [("governance", "0017_roles_that_need_a_second_factor")]

    operations = [
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("follower", models.CharField(max_length=120, unique=True)),
                ("xact", models.BigIntegerField()),
                ("event", models.BigIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("again_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField("event", "xact", models.BigIntegerField(editable=False, null=True)),
        migrations.AlterField(
            "event",
            "xact",
            models.BigIntegerField(db_default=governance.models.events.Transaction(), editable=False, null=True),
        ),
        migrations.AddIndex("event", models.Index(fields=["xact", "id"], name="event_by_transaction")),
    ]
