"""What somebody promised to do after a run, until when."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from governance.models import User
from governance.names import check_text
from kb.models.runs import Run


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(run__in=Run.objects.visible_to(person))

    def open(self) -> Self:
        return self.filter(done_at=None)


class FollowUp(models.Model):
    """`reminded_at` is when its owner was last told that its day has come."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="follow_ups")
    text = models.CharField(max_length=500, validators=[check_text])
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="a_follow_up_is_done_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="follow_up_by_owner"),
            models.Index(fields=["due_on"], condition=Q(done_at=None), name="follow_up_by_day"),
        ]
