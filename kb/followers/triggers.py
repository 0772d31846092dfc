"""What happens starts the runs that a team asked for, and a check that passes again closes them."""

from __future__ import annotations

from django.db.models import QuerySet

from governance.following import follows
from governance.models import Event, User
from kb import actions
from kb.models import Firing
from kb.triggering import ACTIONS, GRAVE, about_of, accepted, asked, failed_check, newest_of, subject_of
from registry.checks import CHECKS
from registry.models import CheckResult, Finding, Version
from registry.subjects import versions_called

MOST_FINDINGS = 2_000


@follows(*ACTIONS)
def start(event: Event) -> None:
    """Each trigger starts at most one run about it in its window; what is accepted already is no failure."""
    if failed_check(event) and accepted(Finding.objects.filter(pk=(event.after or {})["finding"])).exists():
        return
    for trigger in asked(event):
        subject = newest_of(subject_of(trigger, event.subject, about_of(trigger)))
        if subject:
            actions.fire(trigger, subject, at=event.at, event=event.pk, by=User.system())


@follows("finding.open", "version.check")
def settle(event: Event) -> None:
    """A failure begins the count anew, an end of the checks without one counts as a pass."""
    begun = Firing.objects.filter(trigger__kind="check", run__closed_at=None, run__isnull=False)
    about = begun.filter(run__subject=event.subject, passed_by__lt=event.pk, at__lt=event.at)
    failed = failed_check(event)
    if event.action == "finding.open":
        about = about.filter(trigger__check_name=failed)
    for firing in about.select_related("trigger"):
        if failed or ran_since(firing, event):
            passed = not failed and not fails(event, firing.trigger.check_name)
            actions.count_pass(firing, event=event.pk, at=event.at, passed=passed, by=User.system())


def ran_since(firing: Firing, event: Event) -> bool:
    """Whether the check itself was run again: a round may have been for others alone. What is judged of
    measurements is judged in every round."""
    name = firing.trigger.check_name
    if name not in CHECKS:
        return True
    results = CheckResult.objects.filter(version__in=of(event), check_name=name)
    return results.exists() and not results.filter(finished_at__lte=firing.passed_at or firing.at).exists()


def of(event: Event) -> QuerySet[Version]:
    return Version.objects.filter(versions_called([event.subject]))


def fails(event: Event, check: str) -> bool:
    """Whether something of the check blocks now, or had been found when this happened and is closed since."""
    found = Finding.objects.filter(version__in=of(event), check_name=check)
    if found.blocking().exists():
        return True
    closed = set(found.exclude(closed_at=None).values_list("pk", flat=True))
    told = Event.objects.filter(subject=event.subject, action__in=["finding.open", "finding.close"])
    rows = told.filter(after__check=check, pk__lt=event.pk, outcome="done").order_by("-pk")
    last: dict[int, bool] = {}
    for action, after in rows.values_list("action", "after")[:MOST_FINDINGS]:
        said = after or {}
        last.setdefault(said.get("finding", 0), action == "finding.open" and said.get("severity") in GRAVE)
    return any(was_open for key, was_open in last.items() if key in closed)
